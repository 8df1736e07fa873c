# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is there? The spaces on this computer, and the way to a new one."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from safespace.i18n import _
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.page import Page
from safespace.ui.kit.parts import button, row
from safespace.ui.kit.theme import Space, theme
from safespace.ui.settings.portrait import initial, pixmap

_PICTURE: Final = 32


class ChoosePage(Page):
    """`chosen` carries a space; `hidden_wanted` asks for one that is not shown, whether there is
    one or not, `wanted` for a new one, `restore_wanted` for a backup's."""

    chosen = Signal(SpaceInfo)
    hidden_wanted = Signal()
    wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, spaces: Sequence[SpaceInfo]) -> None:
        self._rows: list[tuple[SpaceInfo, QPushButton]] = []
        parts: list[QWidget | QLayout | int] = []
        for info in spaces:
            parts += [self._row(info), int(Space.SMALL)]
        for name, ask, icon in (
            (_("A space that is not shown"), lambda: self.hidden_wanted.emit(), "eye-off"),
            (_("Make a new space"), lambda: self.wanted.emit(), "plus"),
            (_("Bring a space back"), lambda: self.restore_wanted.emit(), "refresh-cw"),
        ):
            parts.append(row(button(name, ask, "plain", icon=icon), -1))
        super().__init__(_("Who is there?"), "", *parts)
        self._draw()
        theme().changed.connect(self._draw)

    def _row(self, info: SpaceInfo) -> QWidget:
        made = button(_label(info), lambda: self.chosen.emit(info), "row")
        self._rows.append((info, made))
        return made

    def _draw(self) -> None:
        for info, made in self._rows:
            ratio = made.devicePixelRatioF()
            picture = pixmap(info.picture, _PICTURE, ratio, gap=Space.SMALL)
            if picture.isNull():
                picture = initial(info.name, _PICTURE, ratio, gap=Space.SMALL)
            made.setIcon(QIcon(picture))
            made.setIconSize(picture.deviceIndependentSize().toSize())


def _label(info: SpaceInfo) -> str:
    if info.damaged:
        return _("{name} (damaged)").format(name=info.name)
    if info.guessable:
        return _("{name} (not sealed against people who use this account)").format(name=info.name)
    return info.name
