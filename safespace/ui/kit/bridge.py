# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a turn's thread to the interface thread: one signal."""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from safespace.session.turn.events import Event


class Bridge(QObject):
    """Hands the events of the newest turn to `receive` on the interface thread."""

    _arrived = Signal(int, object)

    def __init__(self, parent: QObject, receive: Callable[[Event], None]) -> None:
        super().__init__(parent)
        self._receive = receive
        self._turn = 0
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def listener(self) -> Callable[[Event], None]:
        """A listener for a new turn; events of earlier turns are dropped from now on."""
        self._turn += 1
        turn = self._turn

        def tell(event: Event) -> None:
            if shiboken6.isValid(self):
                self._arrived.emit(turn, event)

        return tell

    def forget(self) -> None:
        """Drop what still comes of the newest turn: another conversation is shown."""
        self._turn += 1

    @Slot(int, object)
    def _deliver(self, turn: int, event: Event) -> None:
        if turn == self._turn:
            self._receive(event)
