# SPDX-License-Identifier: AGPL-3.0-or-later
"""Twelve words for who shall follow a guardian, shown once; to be written by hand."""

from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.ui.entrance.recovery_words import grid_of
from safespace.ui.kit.check import Check
from safespace.ui.kit.parts import button, frame, label, row
from safespace.ui.kit.sheet import Sheet


class WordsSheet(Sheet):
    """Closes after it was said that the words are on paper."""

    def __init__(self, parent: QWidget, code: str) -> None:
        self._kept = Check(_("These words are on paper"))
        close = button(_("Done"), self.accept, "main")
        close.setEnabled(False)
        self._kept.toggled.connect(close.setEnabled)
        box = QWidget()
        box.setLayout(row(frame("card", grid_of(code)), gap=0))
        super().__init__(
            parent,
            _("The guardian's paper"),
            label(_("The guardian's paper"), "title"),
            label(
                _(
                    "Write these words down, for whoever shall follow you as a guardian. They open"
                    " no space, and are shown this once."
                ),
                "body",
            ),
            box,
            self._kept,
            acts=row(-1, close),
        )
        self._kept.setFocus()

    def reject(self) -> None:
        if self._kept.isChecked():
            super().reject()
