# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is copied is marked for no history, and taken back: seen from another program."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.screen import needs_a_screen, screen
from tests.ui.told import Told

pytestmark = needs_a_screen

OURS = """
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from safespace.ui.kit import clipboard
from safespace.ui.app import make_application
app = make_application(["safespace"])
field = QLineEdit("copied by a field")
field.show()
"""
THEIRS = """
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication
app = QApplication(["other"])
board = app.clipboard()
modes = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
"""
FORMATS = "[board.mimeData(m).formats() for m in modes]"
TEXTS = "[board.text(m) for m in modes]"
HINT = "x-kde-passwordManagerHint"


@pytest.fixture
def both() -> Iterator[tuple[Told, Told]]:
    with screen() as surroundings:
        ours, theirs = Told(surroundings, OURS), Told(surroundings, THEIRS)
        yield ours, theirs
        ours.end()
        theirs.end()


def test_what_is_copied_is_marked_and_taken_back(both: tuple[Told, Told]) -> None:
    ours, theirs = both
    ours.tell("clipboard.copy('the words')")
    assert ast.literal_eval(theirs.tell(TEXTS)) == ["the words", ""]
    assert HINT in ast.literal_eval(theirs.tell(FORMATS))[0]
    ours.tell("clipboard.clear()")
    assert ast.literal_eval(theirs.tell(TEXTS)) == ["", ""]


def test_what_a_widget_copies_is_marked_too(both: tuple[Told, Told]) -> None:
    ours, theirs = both
    ours.tell("(field.selectAll(), field.copy(), QTest.mouseRelease(field, Qt.LeftButton))")
    assert ast.literal_eval(theirs.tell(TEXTS)) == ["copied by a field"] * 2
    assert all(HINT in formats for formats in ast.literal_eval(theirs.tell(FORMATS)))
    ours.tell("clipboard.clear()")
    assert ast.literal_eval(theirs.tell(TEXTS)) == ["", ""]


def test_what_another_program_put_there_stays(both: tuple[Told, Told]) -> None:
    ours, theirs = both
    ours.tell("clipboard.copy('ours')")
    theirs.tell("board.setText('theirs')")
    assert ours.tell("app.clipboard().text()") == "theirs"
    assert HINT not in ast.literal_eval(theirs.tell(FORMATS))[0]  # the control
    ours.tell("clipboard.clear()")
    assert ours.tell("app.clipboard().text()") == "theirs"


def test_all_copying_goes_through_one_module() -> None:
    package = Path(__file__).parents[2] / "safespace" / "ui"
    users = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if "clipboard()" in file.read_text("utf-8")
    }
    assert users == {"kit/clipboard.py"}
