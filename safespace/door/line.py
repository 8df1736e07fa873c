# SPDX-License-Identifier: AGPL-3.0-or-later
"""One connection, from before it is made to its end, and the way to cut it."""

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from safespace.errors import Cut
from safespace.i18n import _


class Line:
    """To be cut from another thread at any moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._wakes: Callable[[], None] | None = None
        self._cut = False

    @property
    def is_cut(self) -> bool:
        return self._cut

    def on_cut(self, wakes: Callable[[], None]) -> None:
        """Who is to know at once, even while a name is looked up and nothing can be closed."""
        with self._lock:
            self._wakes = wakes
            if self._cut:
                wakes()

    def cut(self) -> None:
        """Nothing more goes out or comes in from now on."""
        with self._lock:
            if self._cut:
                return
            self._cut = True
            if self._wakes:
                self._wakes()
            if self._socket:
                with suppress(OSError):  # the other side was faster
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._socket:
                self._socket.close()
                self._socket = None

    def note(self, event: str, about: Mapping[str, Any]) -> None:
        """httpcore's trace: every step on the way. Raises Cut instead of taking the next one.

        Steps that end something are taken: httpcore may take them while it clears up, where
        nobody could catch what is raised.
        """
        if event == "connection.connect_tcp.complete":
            wire = about["return_value"]
            with self._lock:  # TLS takes this handle away; a second one stays ours
                self._socket = wire.get_extra_info("socket").dup()
            if self._cut:
                wire.close()
        if self._cut and event.endswith(".started") and "close" not in event:
            raise cut()


def cut() -> Cut:
    """What is raised wherever a cut is met."""
    return Cut(_("The connection was cut."), _("What had left by then, the record says."))
