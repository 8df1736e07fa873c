# SPDX-License-Identifier: AGPL-3.0-or-later
"""Buttons beside each other that go on below where the window is too narrow for one line."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from safespace.ui.kit.theme import Space


class Flow(QLayout):
    """As wide as it may be, as high as it then has to be.

    `apart`: where all fit in one line, the last one stands at its end.
    """

    def __init__(self, *parts: QWidget, apart: bool = False) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._apart = apart
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(Space.SMALL)
        for part in parts:
            self.addWidget(part)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, place: QRect) -> None:
        super().setGeometry(place)
        self._lay(place, move=True)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        wide = sum(item.sizeHint().width() for item in shown)
        high = max((item.sizeHint().height() for item in shown), default=0)
        return QSize(wide + self.spacing() * max(0, len(shown) - 1), high)

    def minimumSize(self) -> QSize:
        smallest = QSize()
        for item in self._shown():
            smallest = smallest.expandedTo(item.minimumSize())
        return smallest

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay(self, place: QRect, *, move: bool) -> int:
        """How high the lines are at this width; `move`: put everything there."""
        shown = self._shown()
        in_one_line = self.sizeHint().width() <= place.width()
        left, top, high = place.left(), place.top(), 0
        for item in shown:
            size = item.sizeHint().boundedTo(QSize(place.width(), item.sizeHint().height()))
            if left > place.left() and left + size.width() > place.left() + place.width():
                left, top, high = place.left(), top + high + self.spacing(), 0
            if self._apart and in_one_line and item is shown[-1]:
                left = place.left() + place.width() - size.width()
            if move:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self.spacing()
            high = max(high, size.height())
        return top + high - place.top()
