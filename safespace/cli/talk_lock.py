# SPDX-License-Identifier: AGPL-3.0-or-later
"""What locks a talk in the terminal: nobody types, a signal, another program, the system.

As in the window, what was typed and not sent is kept as a draft first; then the space is closed
and the process ends, with every key and word in its memory.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Final

import click

from safespace.cli import line_editor, system_locks
from safespace.cli.interrupted import heeded
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session import locking
from safespace.session.entrance import Entrance
from safespace.session.session import Session

_CLEAR: Final = "\x1b[H\x1b[2J\x1b[3J"
"""The screen, and what can be scrolled back to (ECMA-48, and xterm's own for the latter)."""
_CLOSED_WITHIN_S: Final = 1.5
"""How long a lock waits for a space to close in good order; see `ui.app`."""
_LOOK_EVERY_S: Final = 1.0


class TalkLock:
    """`conversation` is the one that a line typed now would go to."""

    def __init__(self, session: Session, restore_terminal: Callable[[], None]) -> None:
        self.conversation: int | None = None
        self._session = session
        self._restore_terminal = restore_terminal
        self._once = Lock()

    def watch(self, entrance: Entrance) -> None:
        """From now on lock at every sign that nobody is there. On the main thread."""
        for number in (ending := heeded()):
            signal.signal(number, lambda _signal, _frame: None)
        reads, writes = os.pipe()
        os.set_blocking(writes, False)
        signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
        Thread(target=self._signals, args=(reads, ending), name="signals", daemon=True).start()
        wait_s = 60 * locking.minutes_for(self._session, entrance)
        Thread(target=self._idle, args=(wait_s,), name="idle", daemon=True).start()
        system_locks.listen(self.lock)

    def lock(self) -> None:
        """Close the space and end this process, whatever it was doing. Any thread."""
        if not self._once.acquire(blocking=False):
            return  # the screen, the lid and the clock may say so at once
        try:
            closing = Thread(target=self._close, name="closing", daemon=True)
            closing.start()
            closing.join(_CLOSED_WITHIN_S)
            with suppress(Exception):  # the terminal may be gone
                self._restore_terminal()
            with suppress(OSError):
                if sys.stdout.isatty():
                    click.echo(_CLEAR, nl=False)
                click.echo(_("Locked."))
        finally:
            os._exit(0)  # the prompt's thread waits for a line that never comes

    def close(self) -> None:
        """Close the space in good order; one that is being locked ends this process."""
        if self._once.acquire(blocking=False):
            self._session.close()
        else:
            Event().wait()

    def _close(self) -> None:
        typed = line_editor.typed()
        if typed is not None:
            with suppress(SafeSpaceError):
                self._session.save_draft(self.conversation, typed)
        self._session.close()

    def _signals(self, reads: int, ending: Collection[int]) -> None:
        """Hear of each signal at once: the prompt's thread looks only after the next key."""
        while os.read(reads, 1)[0] not in ending:
            pass
        self.lock()

    def _idle(self, wait_s: float) -> None:
        clock = locking.IdleClock()
        typed = _typed_at()
        while clock.seconds < wait_s:
            time.sleep(_LOOK_EVERY_S)
            if (now := _typed_at()) != typed:
                typed = now
                clock.touch()
        self.lock()


def _typed_at() -> float:
    """When something was last read from the terminal, or whatever stands in its place."""
    try:
        return os.fstat(sys.stdin.fileno()).st_atime
    except (OSError, ValueError, AttributeError):
        return 0.0
