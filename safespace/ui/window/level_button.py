# SPDX-License-Identifier: AGPL-3.0-or-later
"""The level in plain sight: one action down, a deliberate second step up."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from safespace.domain import Level, Route
from safespace.guard import wording
from safespace.i18n import _
from safespace.ui.chat.mark import LOOKS
from safespace.ui.gate import Gate
from safespace.ui.kit.icons import icon, set_icon
from safespace.ui.kit.theme import theme

_ROUTES: Final = {
    Level.NO_AI: Route.HUMAN,
    Level.WHEN_I_ASK: Route.LOCAL,
    Level.AT_MY_SIDE: Route.LOCAL,
    Level.ASK_EACH_TIME: Route.COOP_REDACTED,
    Level.COOPERATIVE: Route.COOP,
}
"""The furthest route of each level: it lends the level its shape and colour."""


def look_of(level: Level) -> tuple[str, str]:
    """The icon and the tone of a level."""
    shape, tone, _word = LOOKS[_ROUTES[level]]
    return shape, tone


class LevelButton(QToolButton):
    """Shows the level, and a menu of all five. `wanted` carries the one that was picked;
    `more_wanted` asks for the page on how far AI goes."""

    wanted = Signal(Level)
    more_wanted = Signal()

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._level = gate.level
        self.setProperty("kind", "mark")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        theme().changed.connect(self._fill)
        self.setMenu(self._menu)
        gate.turned.connect(self._show)
        self._show(gate.level)

    def _show(self, level: Level) -> None:
        self._level = level
        shape, tone = look_of(level)
        self.setProperty("tone", tone)
        self.style().polish(self)
        name = wording.level_name(level)
        self.setText(_("{number} · {name}").format(number=level.value, name=name))
        set_icon(self, shape, tone)
        self.setAccessibleName(_("Level {number}, {name}").format(number=level.value, name=name))
        self.setAccessibleDescription(wording.level_meaning(level))
        self.setToolTip(wording.level_meaning(level))

    def _fill(self) -> None:
        self._menu.clear()
        for level in Level:
            self._menu.addAction(self._entry(level))
        self._menu.addSeparator()
        self._menu.addAction(_("How far AI goes…"), self.more_wanted.emit)

    def _entry(self, level: Level) -> QAction:
        shape, tone = look_of(level)
        name = _("{number} · {name}").format(number=level.value, name=wording.level_name(level))
        entry = QAction(icon(shape, tone), name, self._menu)
        if level is self._level:
            entry.setText(_("{name} (now)").format(name=name))
            font = entry.font()
            font.setBold(True)
            entry.setFont(font)
        entry.setToolTip(wording.level_meaning(level))
        entry.triggered.connect(lambda: self._choose(level))
        return entry

    def _choose(self, level: Level) -> None:
        if level is not self._level:
            self.wanted.emit(level)
