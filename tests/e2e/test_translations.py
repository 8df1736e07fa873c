# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every language that can be chosen is whole, and it is what a person then reads."""

import re
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from safespace import i18n, paths
from safespace.settings import find
from tests.e2e.conftest import Home
from tools import catalogue

PAGES = paths.assets() / "help" / "pages"
OFFERED = sorted(set(find("appearance.language").choices) - {"system", "en"})
PLACEHOLDER = re.compile(r"\{[^}]*\}|%\(\w+\)s")


def messages(language: str) -> list[Message]:
    file = catalogue.LOCALE / language / "LC_MESSAGES" / "safespace.po"
    with file.open("rb") as text:
        return [message for message in read_po(text) if message.id]


def forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, list | tuple) else [str(text)]


def strays(message: Message) -> set[str]:
    """Placeholders that a translation has and its original has not, or the other way round.

    A form for one may leave out the count.
    """
    original = [set(PLACEHOLDER.findall(form)) for form in forms(message.id)]
    translated = [set(PLACEHOLDER.findall(form)) for form in forms(message.string)]
    found = set().union(*original) ^ set().union(*translated)
    for form in translated[len(original) - 1 :]:
        found |= original[-1] ^ form
    return found


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    assert OFFERED
    assert catalogue.languages() == OFFERED


@pytest.mark.parametrize("language", OFFERED)
def test_nothing_is_missing(language: str) -> None:
    assert catalogue.missing(language) == []


def test_what_is_missing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = catalogue.LOCALE / "de" / "LC_MESSAGES" / "safespace.po"
    with file.open("rb") as text:
        planted = read_po(text, locale="de")
    planted["Lock"].string = ""
    planted["Wait {count} second"].string = ("Noch {count} Sekunde", "")
    planted["Here"].flags.add("fuzzy")
    planted.delete("Print")
    file = tmp_path / "de" / "LC_MESSAGES" / "safespace.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as text:
        write_po(text, planted)
    before = catalogue.missing("de")
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    counted = "('Wait {count} second', 'Wait {count} seconds')"
    assert set(catalogue.missing("de")) - set(before) == {counted, "Here", "Lock", "Print"}


@pytest.mark.parametrize("language", OFFERED)
def test_placeholders_are_those_of_the_original(language: str) -> None:
    assert strays(Message("Go to {level}?", "Auf {stufe} gehen?")) == {"{level}", "{stufe}"}
    assert strays(Message(("{count} word", "{count} words"), ("Wort", "Worte"))) == {"{count}"}
    assert {str(m.id): found for m in messages(language) if (found := strays(m))} == {}


@pytest.mark.parametrize("language", OFFERED)
def test_every_help_page_is_there(language: str) -> None:
    names = {file.name for file in PAGES.glob("*.md")}
    assert names
    assert {file.name for file in (PAGES / language).iterdir()} == names


def test_the_compiled_file_is_what_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue)
    i18n.use(catalogue.LOCALE, "de")
    assert i18n.language() == "de"
    assert i18n._("Who is there?") == "Wer ist da?"
    counted = [i18n.ngettext("Wait {count} second", "Wait {count} seconds", n) for n in (1, 2)]
    assert counted == ["Noch {count} Sekunde", "Noch {count} Sekunden"]
    i18n.use(catalogue.LOCALE, "en")
    assert i18n.language() == "en"
    assert i18n._("Who is there?") == "Who is there?"


def test_click_still_says_what_is_translated_for_it() -> None:
    folder = Path(click.__file__).parent
    said = extract_from_dir(folder, keywords={"_": None, "ngettext": (1, 2)})
    assert set(catalogue.OF_CLICK) <= {text for _file, _line, text, _comments, _context in said}


def test_the_whole_terminal_is_german(home: Home) -> None:
    assert "Show this message and exit." in home.run("--help").out
    home.run("config", "appearance.language", "de")
    shown = home.run("--help").out
    assert "Im Terminal sprechen." in shown
    assert "Befehle:" in shown
    assert "Diese Hilfe zeigen." in shown
    assert "Es fehlt 'TEXT|-'." in home.run("ask").err
    assert "Es gibt noch keinen Raum." in home.run("space", "list").out
