# SPDX-License-Identifier: AGPL-3.0-or-later
"""From one level to another: down at once, up by a second, deliberate step."""

import threading
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from safespace.domain import Level
from safespace.errors import SafeSpaceError
from safespace.guard import wording
from safespace.i18n import _
from safespace.session.session import Session
from safespace.ui.gate import Gate
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.ops import Ops
from safespace.ui.panic import PanicKey


class Steps(QObject):
    """Moves the level of the open space and the gate of its `window` together."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        gate: Gate,
        ops: Ops,
        refuse: Callable[[SafeSpaceError], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._gate = gate
        self._ops = ops
        self._refuse = refuse
        self._asked: Confirm | None = None
        self._newest = 0
        self._one_at_a_time = threading.Lock()
        PanicKey(self).pressed.connect(lambda: self.go(Level.NO_AI))

    def go(self, level: Level) -> None:
        """Down at once; up once a second question was answered."""
        self._take_back()
        if level > self._gate.level:
            self._ask(level)
        else:
            self._gate.turn(level)  # before anything else: what invites AI goes first
            self._keep(level, confirmed=False)

    def look_again(self) -> None:
        """Another program may have changed the level."""
        self._ops.run(self, self._session.level, self._gate.turn, aside=True)

    def _ask(self, level: Level) -> None:
        name = wording.level_name(level)
        self._asked = Confirm(
            self._window,
            _("Go up to level {number}, {name}?").format(number=level.value, name=name),
            self._session.engagement.gains(self._gate.level, level),
            _("Go to level {number}").format(number=level.value),
            lambda: self._keep(level, confirmed=True),
            leave=_("Stay where I am"),
        )
        self._asked.open()

    def _take_back(self) -> None:
        """A question that is still open is answered by what came after it."""
        if self._asked and shiboken6.isValid(self._asked) and self._asked.isVisible():
            self._asked.reject()

    def _keep(self, level: Level, *, confirmed: bool) -> None:
        self._newest += 1
        number = self._newest

        def keep() -> Level:
            with self._one_at_a_time:
                if number == self._newest or not confirmed:  # a later choice undoes a way up
                    self._session.set_level(level, confirmed=confirmed)
                return self._session.level()

        def kept(level: Level) -> None:
            if number == self._newest:
                self._gate.turn(level)

        self._ops.run(self, keep, kept, self._not_kept, aside=True)

    def _not_kept(self, problem: SafeSpaceError) -> None:
        self._refuse(problem)
        self.look_again()
