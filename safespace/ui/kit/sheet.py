# SPDX-License-Identifier: AGPL-3.0-or-later
"""A dialog of one width that is exactly as high as what it says."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QWidget

from safespace.ui.kit.parts import column
from safespace.ui.kit.theme import FORM_WIDTH, Space, theme


class Sheet(QDialog):
    """Parts below each other, and a row of buttons at the end. Deleted when it is closed."""

    def __init__(
        self, parent: QWidget, title: str, *parts: QWidget | QLayout, acts: QHBoxLayout
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setLayout(column(*parts, int(Space.HAIR), acts, margin=Space.GROUP, gap=Space.STEP))
        self.setFixedWidth(theme().scaled(FORM_WIDTH + 2 * Space.WIDE))
        self.finished.connect(self.deleteLater)

    def fit(self) -> None:
        """Be as high as the texts need at this width."""
        layout = self.layout()
        assert layout
        layout.activate()
        high = layout.totalHeightForWidth(self.width())  # -1 where nothing wraps
        self.setFixedHeight(high if high > 0 else layout.totalSizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        self.fit()
        super().showEvent(event)
