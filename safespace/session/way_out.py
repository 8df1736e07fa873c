# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way out of the open space: the guard's permissions, its record, and the door."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from safespace.domain import Clearance, Errand
from safespace.errors import Damaged, StorageError
from safespace.guard.clearance import Clearances, Shown
from safespace.guard.decision import decide
from safespace.guard.facts import Facts
from safespace.session.desk import Desk
from safespace.session.limits.document import Unreadable
from safespace.session.recording import Judged, entry_of
from safespace.store import codec
from safespace.store.activity import Activity, Outcome

if TYPE_CHECKING:
    from safespace.door.door import Answer, Door
    from safespace.door.record import Journey

_PATIENCE_S: Final = 2.0
_OUTCOMES: Final = {
    "whole": Outcome.ANSWERED,
    "cut": Outcome.STOPPED,
    "failed": Outcome.FAILED,
}


class WayOut:
    """Any thread. What can open a connection is loaded when something leaves, not before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        own = desk.computer
        self._permissions = Clearances(own.reader, own.scanner, self._versions)
        self._record = _Record(desk.space.activity)
        self._lock = threading.Lock()
        self._door: Door | None = None

    def show(self, errand: Errand) -> Shown:
        """What the member is to see, byte for byte, before they say yes."""
        return self._permissions.show(errand)

    def send(
        self, errand: Errand, judge: Callable[[str], Judged], yes: Shown | None = None
    ) -> "Answer":
        """Judge a task once more, on the words that leave, and let it go; `yes` to what was shown.

        Raises NotCleared, StorageError: nothing left. The answer is read on the caller's thread.
        """
        judged: list[Judged] = []

        def facts(words: str) -> Facts:
            judged.append(judge(words))
            return judged[-1].facts

        clearance = self._permissions.mint(errand, facts, yes)
        self._record.judged[clearance.number] = judged[-1]
        try:
            return self._opened().send(clearance)
        finally:
            self._record.judged.pop(clearance.number, None)

    def shut(self) -> None:
        """End every permission, and cut what is under way."""
        self._permissions.revoke()
        if self._door:
            self._door.cut()

    def close(self) -> None:
        """The same, and wait until the record says so: the space is about to close."""
        self.shut()
        if self._door:
            self._door.wait(_PATIENCE_S)

    def _opened(self) -> "Door":
        from safespace.door.door import Door

        with self._lock:
            if self._door is None:
                self._door = Door(self._permissions.redeem, self._record)
            return self._door

    def _versions(self) -> tuple[int, int] | None:
        try:
            _level, version = self._desk.space.level()
            limits = self._desk.limits.document()
        except (Damaged, StorageError, Unreadable):
            return None
        return version, limits.version if limits else 0


class _Record:
    """The activity record, as the door writes it."""

    def __init__(self, activity: Activity) -> None:
        self.judged: dict[str, Judged] = {}
        self._activity = activity

    def leaves(self, clearance: Clearance) -> int:
        judged, errand = self.judged[clearance.number], clearance.errand
        entry, seen = entry_of(judged, decide(judged.facts), codec.now())
        assert clearance.route is not None  # a task
        where = errand.destination
        left = replace(
            entry,
            route=clearance.route,
            obligations=tuple(sorted(clearance.obligations)),
            destination=where.site or where.url,
            sent=len(errand.body),
        )
        return self._activity.record(left, seen)

    def ended(self, id_: int, journey: "Journey") -> None:
        self._activity.end(id_, _OUTCOMES[journey.end.value])
