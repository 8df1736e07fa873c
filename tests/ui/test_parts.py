# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every screen is made of takes nobody's words for markup."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from safespace.ui.holdings.thing_list import Line, ThingList
from safespace.ui.kit.parts import tip

HOSTILE = 'My <img src="picture.png"> & <b>diary</b>.txt'


def test_a_tip_shows_words_as_they_are() -> None:
    shown = QTextDocument()
    shown.setHtml(tip(HOSTILE))
    assert shown.toPlainText() == HOSTILE
    assert tip("Tea & cake") == "Tea & cake"


def test_the_tip_of_a_thing_is_no_markup(qtbot: QtBot) -> None:
    things = ThingList("Documents")
    qtbot.addWidget(things)
    things.show_lines([Line(1, HOSTILE)], None)
    index = things.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == HOSTILE
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)
