# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules of the house that no other tool checks, each with a planted breach it must find."""

import re
import subprocess
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LONGEST = 500
LICENCE = "SPDX-License-Identifier: AGPL-3.0-or-later"
CODE = {".py", ".c", ".cmake", ".sh", ".spec"}

QT_ONLINE = re.compile(r"\bQt(Network|WebEngine|WebSockets)\w*\b")

# Written so that this file does not break the rule it states.
PLACES = re.compile(r"pypi[.]org|python[h]osted|file:/{3}|(?<![\w.])/(work|root|home/\w+)/")


def tracked() -> list[Path]:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def texts() -> dict[str, str]:
    found = {}
    for file in tracked():
        data = file.read_bytes()
        with suppress(UnicodeDecodeError):  # ciphers, pictures
            if b"\0" not in data:
                found[file.relative_to(ROOT).as_posix()] = data.decode("utf-8")
    return found


def names_places(text: str) -> bool:
    """Whether a text names a package registry or a folder of somebody's machine."""
    return bool(PLACES.search(text))


def unlicensed(name: str, text: str) -> bool:
    """Whether a source file does not say its licence in its first lines."""
    code = Path(name).suffix in CODE and text.strip()
    return bool(code) and LICENCE not in "".join(text.splitlines()[:2])


def hidden(text: str) -> set[str]:
    """Characters that a reader cannot see or that reorder what they see (bidi controls)."""
    return {
        character
        for character in text
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
        and character not in "\n\t"
    }


def reaches_out(name: str, text: str) -> bool:
    """Whether a module of ours uses a part of Qt that opens connections."""
    return name.startswith("safespace/") and bool(QT_ONLINE.search(text))


def long(name: str, text: str) -> bool:
    return Path(name).suffix == ".py" and text.count("\n") > LONGEST


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    found = texts()
    assert "pyproject.toml" in found
    return found


def test_no_registry_and_no_machine_is_named(sources: dict[str, str]) -> None:
    assert names_places("see " + "pypi" + ".org")
    assert names_places("opened " + "/ro" + "ot/.cache")
    assert not names_places("use/work/works without ai")
    assert [name for name, text in sources.items() if names_places(text)] == []


def test_every_source_says_its_licence(sources: dict[str, str]) -> None:
    assert unlicensed("planted.py", '"""A module."""\n')
    assert [name for name, text in sources.items() if unlicensed(name, text)] == []


def test_no_hidden_characters(sources: dict[str, str]) -> None:
    assert hidden("if admin\N{RIGHT-TO-LEFT OVERRIDE}:") == {"\N{RIGHT-TO-LEFT OVERRIDE}"}
    assert {name: found for name, text in sources.items() if (found := hidden(text))} == {}


def test_no_module_is_long(sources: dict[str, str]) -> None:
    assert long("planted.py", "\n" * (LONGEST + 1))
    assert [name for name, text in sources.items() if long(name, text)] == []


def test_qt_opens_no_connection(sources: dict[str, str]) -> None:
    assert reaches_out("safespace/ui/planted.py", "from PySide6.QtNetwork import QTcpSocket\n")
    assert [name for name, text in sources.items() if reaches_out(name, text)] == []
