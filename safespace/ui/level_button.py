# SPDX-License-Identifier: AGPL-3.0-or-later
"""The level in plain sight: one action down, a deliberate second step up."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from safespace.domain import Level, Route
from safespace.guard import wording
from safespace.i18n import _
from safespace.ui.chat.mark import LOOKS
from safespace.ui.confirm import Confirm
from safespace.ui.icons import icon, set_icon
from safespace.ui.theme import theme

_ROUTES: Final = {
    Level.NO_AI: Route.HUMAN,
    Level.WHEN_I_ASK: Route.LOCAL,
    Level.AT_MY_SIDE: Route.LOCAL,
    Level.ASK_EACH_TIME: Route.COOP_REDACTED,
    Level.COOPERATIVE: Route.COOP,
}
"""The furthest route of each level: it lends the level its shape and colour."""


class LevelButton(QToolButton):
    """Shows the level, and a menu of all five. `wanted` carries the one that was picked."""

    wanted = Signal(Level)

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._level = level
        self.setProperty("kind", "mark")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        theme().changed.connect(self._fill)
        self.setMenu(self._menu)
        self.show_level(level)

    def show_level(self, level: Level) -> None:
        """`level` is in force."""
        self._level = level
        shape, tone, _word = LOOKS[_ROUTES[level]]
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

    def _entry(self, level: Level) -> QAction:
        shape, tone, _word = LOOKS[_ROUTES[level]]
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


def confirm_up(parent: QWidget, level: Level, go: Callable[[], object]) -> Confirm:
    """The second step on the way up: what changes, said before it does."""
    sentences = [wording.level_meaning(level)]
    if level >= Level.ASK_EACH_TIME:
        sentences.append(
            _("You have joined no cooperative. Until you do, nothing is sent at this level either.")
        )
    sentences.append(_("You can go down again at any time, in one action, and it acts at once."))
    name = wording.level_name(level)
    return Confirm(
        parent,
        _("Go up to level {number}, {name}?").format(number=level.value, name=name),
        sentences,
        _("Go to level {number}").format(number=level.value),
        go,
        leave=_("Stay where I am"),
    )
