# SPDX-License-Identifier: AGPL-3.0-or-later
"""The translations: the template from the sources, and compiled catalogues from the .po files.

A translator edits assets/locale/LANGUAGE/LC_MESSAGES/safespace.po; `python -m tools.generate`
brings new strings into it and compiles it.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from safespace.local_ai.shelf.catalogue import Catalogue as ModelCatalogue

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "assets" / "locale"
_MODELS: Final = ROOT / "assets" / "models" / "catalogue.toml"
_UNWANTED: Final = tuple(
    f'"{field}'
    for field in (
        "POT-Creation-Date", "PO-Revision-Date", "Generated-By",  # would change at every run
        "Project-Id-Version", "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team",
    )
)  # fmt: skip
_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_KEYWORDS: Final = {"_": None, "N_": None, "ngettext": (1, 2)}
OF_CLICK: Final = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "Show the version and exit.",
    "%(prog)s, version %(version)s",
    "Error: {message}",
    "Error: The two entered values do not match.",
    "Try '{command} {option}' for help.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Missing argument",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Option {name!r} does not take a value.",
    "Invalid value for {param_hint}: {message}",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is not readable.",
    "file",
    "directory",
)
"""What click says by itself where our commands can be held wrongly."""


def template() -> bytes:
    """assets/locale/safespace.pot: every string of the sources, sorted."""
    return _text(_from_sources())


def translation(language: str) -> bytes:
    """The .po of `language`, with what the sources say now: old strings gone, new ones empty."""
    return _text(_merged(language))


def compiled(language: str) -> bytes:
    """The .mo of `language`, as gettext reads it."""
    catalogue = _merged(language)
    catalogue.creation_date = catalogue.revision_date = _NO_DATE  # today's would change the file
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def languages() -> list[str]:
    """Those that somebody translates into."""
    return sorted(file.parent.parent.name for file in LOCALE.glob("*/LC_MESSAGES/safespace.po"))


def missing(language: str) -> list[str]:
    """Strings without a translation, or with one that nobody looked at since they changed."""
    return [
        str(message.id)
        for message in _merged(language)
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]


def _forms(text: object) -> tuple[object, ...]:
    """All that a translation says: several forms where it counts; None where there is none."""
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def _from_sources() -> Catalog:
    catalogue = Catalog(header_comment="# The strings of Safe Space.", fuzzy=False)
    found = extract_from_dir(
        ROOT / "safespace", [("**.py", "python")], keywords=_KEYWORDS, comment_tags=()
    )
    for _file, _line, text, _comments, context in found:
        catalogue.add(text, context=context)
    for said in OF_CLICK:
        catalogue.add(said)
    for card in ModelCatalogue.read(_MODELS).cards:
        for told in filter(None, (card.data, card.limits, card.terms)):
            catalogue.add(told)
    return catalogue


def _merged(language: str) -> Catalog:
    file = LOCALE / language / "LC_MESSAGES" / "safespace.po"
    with file.open("rb") as old:
        catalogue = read_po(old, locale=language)
    catalogue.update(_from_sources(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def _text(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, sort_output=True, no_location=True, omit_header=False, width=100)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_UNWANTED)).encode()
