# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is there? The spaces on this computer, and the way to a new one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import _
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.page import Page
from safespace.ui.parts import button, row
from safespace.ui.theme import Space


class ChoosePage(Page):
    """`chosen` carries a space; `wanted` asks for a new one, `restore_wanted` for a backup's."""

    chosen = Signal(SpaceInfo)
    wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, spaces: Sequence[SpaceInfo]) -> None:
        parts: list[QWidget | QLayout | int] = []
        for info in spaces:
            parts += [self._row(info), int(Space.SMALL)]
        new = button(_("Make a new space"), lambda: self.wanted.emit(), "plain", icon="plus")
        back = button(
            _("Bring a space back"), lambda: self.restore_wanted.emit(), "plain", icon="refresh-cw"
        )
        super().__init__(_("Who is there?"), "", *parts, row(new, -1), row(back, -1))

    def _row(self, info: SpaceInfo) -> QWidget:
        name = _label(info)
        return button(name, lambda: self.chosen.emit(info), "row", icon="user")


def _label(info: SpaceInfo) -> str:
    if info.damaged:
        return _("{name} (damaged)").format(name=info.name)
    if info.guessable:
        return _("{name} (not sealed against people who use this account)").format(name=info.name)
    return info.name
