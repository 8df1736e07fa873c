# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pin of a conversation: how far it may go at most, beside its title."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from safespace.domain import Route
from safespace.guard.wording.pins import pin_meaning, pin_name
from safespace.i18n import _
from safespace.ui.chat.mark import LOOKS
from safespace.ui.kit.icons import icon, set_icon
from safespace.ui.kit.parts import restyle
from safespace.ui.kit.theme import theme


class PinButton(QToolButton):
    """Shows a pin as a mark, and no pin as an icon; its menu holds all. `wanted` carries one."""

    wanted = Signal(Route)

    def __init__(self) -> None:
        super().__init__()
        self._pin = Route.COOP
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        theme().changed.connect(self._fill)
        self.setMenu(self._menu)
        self.show_pin(Route.COOP)

    def show_pin(self, pin: Route | None) -> None:
        """`pin` holds; None: it cannot be read, and nothing goes anywhere."""
        self._pin = Route.HUMAN if pin is None else pin
        free = self._pin is Route.COOP
        name = pin_name(self._pin)
        shape, tone, _word = ("pin", "quiet", "") if free else LOOKS[self._pin]
        self.setProperty("kind", "icon" if free else "mark")
        self.setProperty("tone", "" if free else tone)
        self.setText("" if free else name)
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(
            style.ToolButtonIconOnly if free else style.ToolButtonTextBesideIcon
        )
        set_icon(self, shape, tone)
        self.setAccessibleName(_("How far this conversation goes: {pin}").format(pin=name))
        self.setAccessibleDescription(pin_meaning(self._pin))
        self.setToolTip(pin_meaning(self._pin))
        restyle(self)

    def _fill(self) -> None:
        self._menu.clear()
        for pin in reversed(Route):
            self._menu.addAction(self._entry(pin))

    def _entry(self, pin: Route) -> QAction:
        shape, tone, _word = ("pin", "text", "") if pin is Route.COOP else LOOKS[pin]
        entry = QAction(icon(shape, tone), pin_name(pin), self._menu)
        if pin is self._pin:
            entry.setText(_("{name} (now)").format(name=pin_name(pin)))
            font = entry.font()
            font.setBold(True)
            entry.setFont(font)
        entry.setToolTip(pin_meaning(pin))
        entry.triggered.connect(lambda: self._choose(pin))
        return entry

    def _choose(self, pin: Route) -> None:
        if pin is not self._pin:
            self.wanted.emit(pin)
