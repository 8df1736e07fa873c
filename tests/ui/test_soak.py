# SPDX-License-Identifier: AGPL-3.0-or-later
"""PySide6 6.12.0 lost a reference to None at each void call until the process aborted."""

import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 20_000
NOISE = 200
"""References to None that come and go by themselves."""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there: nothing to count")
def test_void_calls_cost_no_reference_to_none(qtbot: QtBot) -> None:
    thing, cursor, label = QObject(), QTextCursor(QTextDocument()), QLabel()
    before = sys.getrefcount(None)
    for number in range(CALLS):
        thing.setObjectName("a")
        cursor.insertText("")
        label.setText(str(number % 7))
    assert abs(sys.getrefcount(None) - before) < NOISE
    label.deleteLater()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there: nothing to count")
def test_a_lost_reference_would_be_seen() -> None:
    before = sys.getrefcount(None)
    held = [None] * CALLS
    assert abs(sys.getrefcount(None) - before) > NOISE
    del held
