# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gate: whether anything that asks a model may be on the screen. Every such widget passes it.

self._again = gate.admit(icon_button("refresh-cw", _("Answer again"), ...))
"""

from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from safespace.domain import Level

W = TypeVar("W", bound=QWidget)

ASKS: Final = "asks_a_model"
"""The property of every widget that passed the gate."""


class Gate(QObject):
    """One for a window. `turned` carries each new level; `opened` whether AI is on, as it flips."""

    turned = Signal(Level)
    opened = Signal(bool)

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._level = level

    @property
    def level(self) -> Level:
        """The level that the window wears."""
        return self._level

    @property
    def is_open(self) -> bool:
        """Whether AI is on at all."""
        return self._level > Level.NO_AI

    def turn(self, level: Level) -> None:
        """`level` is in force; what asks a model comes or goes at once."""
        before, was_open = self._level, self.is_open
        self._level = level
        if self.is_open is not was_open:
            self.opened.emit(self.is_open)
        if level is not before:
            self.turned.emit(level)

    def admit(self, widget: W) -> W:
        """`widget` asks a model, or invites to it: it is there only while AI is on."""
        widget.setProperty(ASKS, True)
        if not self.is_open:
            widget.hide()
        self.opened.connect(widget.setVisible)
        return widget
