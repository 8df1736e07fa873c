# SPDX-License-Identifier: AGPL-3.0-or-later
"""The steward: a process that fetches one file, also while the space that asked is locked.

It holds no key and opens no space. Its order comes on standard input, from the process that
had it cleared and recorded; it goes to no other place.
"""

import errno
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Final

from safespace.door import transport
from safespace.door.line import Line
from safespace.errors import Known
from safespace.local_ai.client.faults import check_sound
from safespace.session.fetching.fetch import Carry, Failed, Paused, fetch
from safespace.session.fetching.order import Notes, Order, Progress, Stage, Trouble
from safespace.session.file_lock import holding

QUIET_S: Final = 30.0
"""How long the other side may be silent."""
_EVERY_S: Final = 0.25


def main(folder: Path, untrusted_order: IO[str]) -> int:
    """Fetch what the order says into `folder`; returns an exit code."""
    try:
        order = Order.parse(untrusted_order.readline(1 << 16))
    except (ValueError, KeyError, TypeError):
        return 2
    return Steward(order, folder, partial(transport.carry, quiet_s=QUIET_S)).run()


class Steward:
    """One fetching. `sleep` passes seconds."""

    def __init__(
        self,
        order: Order,
        folder: Path,
        carry: Carry,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._order = order
        self._folder = folder
        self._carry = carry
        self._sleep = sleep
        self._notes = Notes(folder, order.file)
        self._done = 0
        self._told = 0.0
        self._line: Line | None = None
        self._over = threading.Event()

    def run(self) -> int:
        """Fetch it, tell how that goes, and give the file its name when it is whole."""
        try:
            with holding(self._notes.held):
                threading.Thread(target=self._watch, name="watch", daemon=True).start()
                self._end(*self._run())
        except BlockingIOError:
            return 1  # another steward is at it
        except OSError:
            return 1  # the disk is gone, and nothing can be told
        finally:
            self._over.set()
        return 0

    def _run(self) -> tuple[Stage, Trouble | None]:
        try:
            self._tell(Stage.RUNNING)
            fetch(self._order, self._notes.part, self._carry, self)
            check_sound(self._notes.part)
            self._notes.part.replace(self._folder / self._order.file)
        except Paused:
            return Stage.PAUSED, None
        except Failed as failed:
            return Stage.FAILED, failed.trouble
        except Known:  # it is what the catalogue names, and no model
            self._notes.part.unlink(missing_ok=True)
            return Stage.FAILED, Trouble.OTHER_FILE
        except OSError as problem:
            full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
            return Stage.FAILED, Trouble.NO_ROOM if full else Trouble.NO_DISK
        return Stage.DONE, None

    # As the host of its fetching

    def begins(self, line: Line) -> None:
        """Watch that line: a pause cuts it, however silent the other side is."""
        self._line = line

    def came(self, done: int) -> None:
        """Tell now and then; raises Paused."""
        self._done = done
        self._look()
        now = time.monotonic()
        if now - self._told >= _EVERY_S:
            self._told = now
            self._tell(Stage.RUNNING)

    def wait(self, seconds: float) -> None:
        """Raises Paused."""
        self._look()
        while seconds > 0:
            self._sleep(min(seconds, _EVERY_S))
            seconds -= _EVERY_S
            self._look()

    def free(self) -> int:
        """Of the disk that the shelf lies on."""
        return shutil.disk_usage(self._folder).free

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_S):
            if self._line and self._notes.pause_asked:
                self._line.cut()

    def _look(self) -> None:
        if self._notes.pause_asked:
            raise Paused

    def _end(self, stage: Stage, trouble: Trouble | None) -> None:
        with suppress(OSError):
            self._done = (
                self._order.size if stage is Stage.DONE else self._notes.part.stat().st_size
            )
        self._tell(stage, trouble)

    def _tell(self, stage: Stage, trouble: Trouble | None = None) -> None:
        order = self._order
        self._notes.tell(Progress(order.name, order.file, self._done, order.size, stage, trouble))
