# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which conversation is shown, and what can be done with it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from safespace.domain import Route
from safespace.i18n import _
from safespace.ui.gate import Gate
from safespace.ui.kit.parts import icon_button, row
from safespace.ui.kit.theme import Space
from safespace.ui.window.pin_button import PinButton


class ConversationHeading(QWidget):
    """A title that gives way where there is no room, with its acts beside it."""

    def __init__(
        self,
        rename: Callable[[], object],
        put: Callable[[], object],
        delete: Callable[[], object],
        instruct: Callable[[], object],
        gate: Gate,
    ) -> None:
        super().__init__()
        self._gate = gate
        self._title = _Title()
        self.pin = PinButton()
        self._acts = (
            icon_button("pencil", _("Rename conversation"), rename, "F2"),
            icon_button("folder", _("Put conversation into a folder…"), put),
            icon_button("trash-2", _("Delete conversation…"), delete),
        )
        self._instruct = gate.admit(
            icon_button("settings", _("How I want to be answered here…"), instruct)
        )
        gate.opened.connect(self._look)
        parts = (self._title, self.pin, self._instruct, *self._acts)
        self.setLayout(row(*parts, -1, gap=Space.HAIR))
        self.show_title(None)

    def show_title(self, title: str | None, pin: Route | None = None) -> None:
        """The title of what is shown, and how far it goes; None: there is nothing to name yet."""
        self._title.setText(title or "")
        self.pin.show_pin(pin)
        self._named = title is not None
        self._look()

    def _look(self) -> None:
        for act in self._acts:
            act.setVisible(self._named)
        self._instruct.setVisible(self._named and self._gate.is_open)


class _Title(QLabel):
    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("scale", "strong")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
