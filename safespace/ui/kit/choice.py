# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list to choose one thing from, and the calm that scrolling past a control needs."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel

from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.theme import Space


class Choice(QComboBox):
    """A list with our own arrow, in the colours of the theme."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._arrow = QLabel(self)
        set_icon(self._arrow, "chevron-down", "quiet")
        self._arrow.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrow.adjustSize()
        top = (self.height() - self._arrow.height()) // 2
        self._arrow.move(self.width() - self._arrow.width() - Space.NEAR, top)


class NoWheel(QObject):
    """Scrolling the page past a control does not turn it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
