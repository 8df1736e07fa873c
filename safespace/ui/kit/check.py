# SPDX-License-Identifier: AGPL-3.0-or-later
"""A check box in the colours of the theme; a style sheet could only take its tick from a file."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from safespace.ui.kit.icons import icon
from safespace.ui.kit.theme import Space, theme

_BOX: Final = 20
_HEIGHT: Final = 32


class Check(QCheckBox):
    """A box, a tick, and a word that says what is ticked."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        height = max(_HEIGHT, self.fontMetrics().height() + Space.SMALL)
        return QSize(_BOX + Space.NEAR + words + Space.SMALL, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tones = theme().tones
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(1.5, (self.height() - _BOX) / 2, _BOX - 1, _BOX - 1)
        ticked = self.isChecked()
        edge = tones.accent if ticked or self.hasFocus() else tones.edge
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(tones.accent if ticked else tones.card))
        painter.drawRoundedRect(box, 5, 5)
        if ticked:
            tick = box.toRect().adjusted(1, 1, 0, 0)
            icon("check", "on_accent").paint(painter, tick)
        words = self.rect().adjusted(_BOX + Space.NEAR, 0, 0, 0)
        painter.setPen(QColor(tones.text))
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text()
        )
        if self.hasFocus():
            painter.setPen(QPen(QColor(tones.accent), 2))
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 6, 6)
        painter.end()
