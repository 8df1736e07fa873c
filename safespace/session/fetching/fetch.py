# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching one file, whole or not at all: going on where it broke off, from nowhere else.

The other side is untrusted. It may stop, stall, lie about the length, send us elsewhere or
change a byte: what is not the file of the catalogue never gets its name.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol

from safespace.domain import Destination, Errand, Purpose
from safespace.door.line import Line
from safespace.errors import Cut, Moved, NotInParts, TooMuch, Unanswered
from safespace.session.fetching.order import Order, Trouble

Carry = Callable[[Errand, Line], Iterator[bytes]]
TRIES: Final = 6
"""So often in a row nothing may come before it is given up."""
_HOPS: Final = 5
_SPARE: Final = 64 * 2**20
"""Bytes that stay free on the disk."""


class Failed(Exception):
    """It cannot be fetched; what came so far is kept if it can be of use."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Paused(Exception):
    """It was asked to stop for now."""


class Host(Protocol):
    """Who has something fetched: hears how it goes, and may end it by raising Paused."""

    def begins(self, line: Line) -> None:
        """Somebody is asked now, on a line that may be cut at any moment."""

    def came(self, done: int) -> None:
        """So many bytes are there."""

    def wait(self, seconds: float) -> None:
        """Pass the time between two tries."""

    def free(self) -> int:
        """Bytes that the disk still takes."""


def fetch(order: Order, part: Path, carry: Carry, host: Host) -> None:
    """Make `part` the whole file of `order`, checked. Blocks.

    Raises Failed, what `host` raises, and OSError where the disk fails.
    """
    _Fetching(order, part, carry, host).run()


class _Fetching:
    def __init__(self, order: Order, part: Path, carry: Carry, host: Host) -> None:
        self._order = order
        self._part = part
        self._carry = carry
        self._host = host

    def run(self) -> None:
        order, fruitless = self._order, 0
        while (done := self._there()) < order.size:
            if self._host.free() < order.size - done + _SPARE:
                raise Failed(Trouble.NO_ROOM)
            try:
                self._follow(done)
            except TooMuch:
                raise Failed(Trouble.TOO_LONG) from None
            except NotInParts:
                self._part.unlink()
            except (Unanswered, Cut):
                pass
            fruitless = 0 if self._there() > done else fruitless + 1
            if fruitless == TRIES:
                raise Failed(Trouble.UNREACHABLE)
            if self._there() < order.size:
                self._host.wait(min(2.0**fruitless, 60))
        self._check()

    def _there(self) -> int:
        """How much of it is there; what is longer than the file was another one."""
        try:
            size = self._part.stat().st_size
        except FileNotFoundError:
            return 0
        if size > self._order.size:
            self._part.unlink()
            return 0
        return size

    def _follow(self, done: int) -> None:
        url = self._order.url
        for _hop in range(_HOPS):
            try:
                return self._receive(url, done)
            except Moved as moved:
                if not self._order.allows(moved.url):
                    raise Failed(Trouble.ELSEWHERE) from None
                url = moved.url
        raise Failed(Trouble.ELSEWHERE)

    def _receive(self, url: str, done: int) -> None:
        errand = Errand(
            Destination(url),
            headers=(("range", f"bytes={done}-"),) if done else (),
            purpose=Purpose.MODELS,
            largest=self._order.size - done,
        )
        line = Line()
        self._host.begins(line)
        try:
            with self._part.open("ab") as out:
                for chunk in self._carry(errand, line):
                    out.write(chunk)
                    done += len(chunk)
                    self._host.came(done)
                out.flush()
                os.fsync(out.fileno())
        finally:
            line.cut()

    def _check(self) -> None:
        with self._part.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest != self._order.sha256:
            self._part.unlink()
            raise Failed(Trouble.OTHER_FILE)
