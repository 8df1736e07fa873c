# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way out: a permission is redeemed, the record written, and only then something leaves."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Final

from safespace.domain import Clearance, Errand
from safespace.door.line import Line, cut
from safespace.door.record import End, Journey, Record
from safespace.errors import Cut, SafeSpaceError

Redeem = Callable[[str, str], Clearance]
"""The guard's own permission for a number and a digest. Raises NotCleared."""
Carry = Callable[[Errand, Line], Iterator[bytes]]

_AHEAD: Final = 64
"""Parts that may wait for whoever reads the answer."""
_LOOK_S: Final = 0.1
_PATIENCE_S: Final = 0.2


class Door:
    """That of one open space. Any thread."""

    def __init__(self, redeem: Redeem, record: Record, carry: Carry | None = None) -> None:
        self._redeem = redeem
        self._record = record
        self._carry = carry or _carry
        self._lock = threading.Condition()
        self._under_way: dict[Line, bool] = {}

    def send(self, clearance: Clearance) -> "Answer":
        """Let `clearance` leave, exactly once; returns as soon as that is on record.

        What leaves is the guard's own copy. Raises NotCleared, StorageError: nothing left.
        """
        line = Line()
        with self._lock:  # before it is redeemed: what ends permissions then meets either
            self._under_way[line] = clearance.errand.purpose is None
        try:
            own = self._redeem(clearance.number, clearance.digest)
            entry = self._record.leaves(own)
        except BaseException:
            self._gone(line)
            raise

        def ended(journey: Journey) -> None:
            try:
                with suppress(SafeSpaceError):  # that it left is on record
                    self._record.ended(entry, journey)
            finally:
                self._gone(line)

        return Answer(lambda: self._carry(own.errand, line), line, ended)

    def cut(self, *, purposes: bool = False) -> None:
        """Cut every task that is under way, and with `purposes` everything."""
        with self._lock:
            lines = [line for line, task in self._under_way.items() if task or purposes]
        for line in lines:
            line.cut()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is under way; False if something still is."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._under_way, seconds)

    def _gone(self, line: Line) -> None:
        with self._lock:
            self._under_way.pop(line, None)
            self._lock.notify_all()


def _carry(errand: Errand, line: Line) -> Iterator[bytes]:
    from safespace.door import transport  # what can open a connection is loaded when one is due

    return transport.carry(errand, line)


class Answer:
    """What comes back, part by part, to whoever iterates. Leaving it early cuts the line."""

    def __init__(
        self,
        carried: Callable[[], Iterator[bytes]],
        line: Line,
        ended: Callable[[Journey], None],
    ) -> None:
        self._carried = carried
        self._line = line
        self._ended = ended
        self._parts: queue.Queue[bytes | BaseException | None] = queue.Queue(_AHEAD)
        line.on_cut(self._wake)
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Answer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """The parts. Raises Unanswered, and Cut within 200 ms of a cut. Not twice."""
        while (part := self._parts.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            if self._line.is_cut:
                raise cut()
            yield part

    def close(self) -> None:
        """Cut what is still under way, and wait until that is on record."""
        self._line.cut()
        self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        end, received = End.FAILED, 0
        last: BaseException | None = None
        try:
            for part in self._carried():
                received += len(part)
                self._put(part)
            end = End.WHOLE
        except Cut as problem:
            end, last = End.CUT, problem
        except Exception as problem:  # noqa: BLE001 - raised again where the answer is read
            last = problem
        try:
            self._ended(Journey(end, received))
        finally:
            with suppress(Cut):
                self._put(last)

    def _put(self, part: bytes | BaseException | None) -> None:
        while not self._line.is_cut:
            with suppress(queue.Full):
                return self._parts.put(part, timeout=_LOOK_S)
        raise cut()

    def _wake(self) -> None:
        """Whoever waits for the next part learns of a cut, wherever the bytes are."""
        with suppress(queue.Full):  # then nobody waits
            self._parts.put_nowait(cut())
