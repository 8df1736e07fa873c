# SPDX-License-Identifier: AGPL-3.0-or-later
"""A screen that a person goes to and comes back from: a way back, a heading, parts that scroll."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

from safespace.i18n import _
from safespace.ui.kit.parts import button, centred, column, label, panel, row
from safespace.ui.kit.theme import READING_WIDTH, Space


class Screen(QScrollArea):
    """`ready` comes when what was read is shown, `left` when the person is done."""

    left = Signal()
    ready = Signal()

    def __init__(self, heading: str, widest: int = READING_WIDTH) -> None:
        super().__init__()
        self._heading = heading
        self._widest = widest
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(heading)

    def fill(self, *parts: QWidget | QLayout) -> None:
        """Show `parts` below the way back and the heading, instead of what was there."""
        page = QWidget()
        back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        head = (row(back, -1), label(self._heading, "display"))
        page.setLayout(column(*head, *parts, -1, gap=Space.GROUP))
        page.setFocusProxy(back)
        self.turn_to(page)

    def turn_to(self, page: QWidget) -> None:
        """Show a whole `page` with a way back of its own."""
        across = centred(panel("inner", column(page)), self._widest)
        across.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.EDGE)
        self.setWidget(panel("column", across))
        self.setFocusProxy(page)
