# SPDX-License-Identifier: AGPL-3.0-or-later
"""The name of a space that the entrance does not show."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.page import Page
from safespace.ui.kit.ops import Ops


class HiddenPage(Page):
    """`found` carries the space of the name that was typed."""

    found = Signal(SpaceInfo)

    def __init__(self, entrance: Entrance, ops: Ops) -> None:
        self._entrance = entrance
        self._ops = ops
        self._field = QLineEdit()
        self._field.setAccessibleName(_("Name of the space"))
        self._field.setPlaceholderText(_("Name of the space"))
        super().__init__(
            _("A space that is not shown"),
            _("It is looked for by its name. That takes a moment."),
            self._field,
            go=_("Go on"),
            back=_("Back"),
        )
        self._field.returnPressed.connect(self.press)
        self._field.textChanged.connect(lambda typed: self.go.setEnabled(bool(typed.strip())))
        self.go.setEnabled(False)
        self.done.connect(self._look)
        self.setFocusProxy(self._field)

    def _look(self) -> None:
        entrance, name = self._entrance, self._field.text()
        self.wait(_("Looking…"))
        find = partial(entrance.hidden, name)
        self._ops.run(self, find, self.found.emit, self._missing, aside=True)

    def _missing(self, problem: SafeSpaceError) -> None:
        self.wait()
        self.messages.say(problem)
        self._field.selectAll()
        self._field.setFocus()
