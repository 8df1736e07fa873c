# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two parts beside each other where there is room, below each other where there is not."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from safespace.ui.kit.theme import Space, theme


class Halves(QWidget):
    """`narrowest`: the least width of each half, in pixels at the usual text size."""

    def __init__(self, first: QWidget, second: QWidget, narrowest: int) -> None:
        super().__init__()
        self._narrowest = narrowest
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.STEP)
        self._layout.addWidget(first, 1)
        self._layout.addWidget(second, 1)

    @property
    def beside(self) -> bool:
        """Whether they stand beside each other now."""
        return self._layout.direction() is QBoxLayout.Direction.LeftToRight

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() >= 2 * theme().scaled(self._narrowest) + Space.STEP
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if room else direction.TopToBottom)
