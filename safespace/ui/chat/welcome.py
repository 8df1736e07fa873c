# SPDX-License-Identifier: AGPL-3.0-or-later
"""The empty page of a conversation that has not begun."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.ui.gate import Gate
from safespace.ui.kit.parts import centred, column, label, panel
from safespace.ui.kit.theme import FORM_WIDTH, Space


class Welcome(QWidget):
    """What this place is for, in two sentences."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._heading = label("", "display")
        self._text = label("", "body", "quiet")
        for part in (self._heading, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside = panel("inner", column(self._heading, self._text, gap=Space.NEAR))
        self.setLayout(column(-1, centred(inside, FORM_WIDTH + 2 * Space.WIDE), -1))
        self._gate = gate
        self._without_ai = False
        gate.opened.connect(self._say)
        self._say()

    def set_without_ai(self, *, without: bool) -> None:
        """The conversation that begins here is kept without AI."""
        self._without_ai = without
        self._say()

    def _say(self) -> None:
        """What can be done here, with AI or without."""
        if self._gate.is_open and not self._without_ai:
            self._heading.setText(_("What is on your mind?"))
            self._text.setText(_("A model on this computer answers. What you write stays here."))
        else:
            self._heading.setText(_("No AI"))
            self._text.setText(
                _("Write down what you like. It is kept in your space, and no model reads it.")
            )
