# SPDX-License-Identifier: AGPL-3.0-or-later
"""One page of the entrance: a heading, some text, what it asks for, and the way on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import _
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space


class Page(QWidget):
    """Lays out its parts in the same places on every page.

    `done` is the main button, `left` the way back. While `wait` says so, neither can be pressed.
    """

    done = Signal()
    left = Signal()

    def __init__(
        self,
        heading: str,
        text: str,
        *parts: QWidget | QLayout | int,
        go: str = "",
        back: str = "",
    ) -> None:
        super().__init__()
        self.heading = label(heading, "display")
        self.text = label(text, "body", "quiet")
        self.text.setVisible(bool(text))
        self.messages = MessageBar()
        self.go = button(go, self.press, "main")
        self.back = button(back or _("Back"), self.left.emit)
        self.go.setVisible(bool(go))
        self.back.setVisible(bool(back))
        self.setLayout(
            column(
                self.heading,
                Space.NEAR,
                self.text,
                Space.GROUP,
                *parts,
                Space.STEP,
                self.messages,
                Space.STEP,
                row(self.back, -1, self.go),
            )
        )

    def press(self) -> None:
        """What the main button and Enter do, if the button can be pressed now."""
        if self.go.isEnabled() and self.go.isVisible():
            self.messages.hide()
            self.done.emit()

    def wait(self, what: str = "") -> None:
        """Something is under way, named on the main button; nothing: it is over."""
        if what:
            self.go.setProperty("usual", self.go.property("usual") or self.go.text())
            self.go.setText(what)
        elif self.go.property("usual"):
            self.go.setText(self.go.property("usual"))
        self.go.setEnabled(not what)
        self.back.setEnabled(not what)
