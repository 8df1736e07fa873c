# SPDX-License-Identifier: AGPL-3.0-or-later
"""The activity record: what was decided for every task, what left, and what was removed of it.

Facts alone, never a word of a text. What stayed on this computer becomes a count of its day
after `KEPT`; what left stays until its member removes it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from safespace.domain import Level, Reason, Route, TaskKind
from safespace.errors import StorageError
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import codec, log
from safespace.store.rooms.log import Body, Verdict

KEPT: Final = timedelta(days=30)
"""How long each task that stayed here is told apart."""
_FOLDED: Final = (Route.HUMAN, Route.LOCAL)
"""What is counted. Of a task that its member was asked about and kept here, what came after is."""


class Outcome(StrEnum):
    """What became of a task after its decision."""

    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"
    HANDED_BACK = "handed_back"


class Way(StrEnum):
    """How something left by the member's own hand. Only the act is noted, never what or where."""

    LINK = "link"
    EXPORT = "export"
    DOCUMENT = "document"
    RECORD = "record"
    SHEET = "sheet"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Seen:
    """Something found in a text: its type, where it began (in code points), and itself."""

    type: str
    offset: int
    value: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of something `Seen`: in the place of its value a keyed hash."""

    type: str
    offset: int
    hash: str


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One decision. None for kind or level: it was not known. The store gives the `id`.

    `topics` and `subject` are None where the task stayed here. `size`: bytes that were judged;
    `sent`: bytes that left, to `destination`.
    """

    at: datetime
    kind: TaskKind | None
    level: Level | None
    route: Route
    reasons: tuple[Reason, ...] = ()
    model: str | None = None
    overridden: bool = False
    obligations: tuple[str, ...] = ()
    topics: tuple[str, ...] | None = None
    subject: str | None = None
    size: int = 0
    destination: str | None = None
    sent: int = 0
    evidence: tuple[Evidence, ...] = ()
    outcome: Outcome | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """Something left by the member's own hand."""

    at: datetime
    way: Way
    id: int


@dataclass(frozen=True, slots=True)
class Day:
    """How often each route was taken on a day that is past, of what stayed here."""

    day: date
    routes: tuple[tuple[Route, int], ...]
    id: int


@dataclass(frozen=True, slots=True)
class Removed:
    """On this day the member removed so many entries."""

    on: date
    count: int
    id: int


Line = ActivityEntry | Exit | Day | Removed


class Activity:
    """The record of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner
        self._folded = date.min

    def record(self, entry: ActivityEntry, seen: Sequence[Seen] = ()) -> int:
        """Write a decision down, and of what was `seen` its evidence; the entry's id."""
        n = self._owner.do(record, entry, seen)
        with suppress(StorageError):  # the entry is written, and that is what counts
            self.fold(datetime.now().astimezone())
        return n

    def end(self, entry: int, outcome: Outcome) -> None:
        """Add what became of a task."""
        self._owner.do(end, entry, outcome)

    def left(self, way: Way, at: datetime | None = None) -> None:
        """Note that something leaves by the member's own hand."""
        self._owner.do(left, way, at or codec.now())

    def lines(self) -> list[Line]:
        """The whole record, newest first."""
        return self._owner.do(lines)

    def remove(self, entries: Iterable[int], on: date) -> None:
        """Take entries out for ever; that so many were, stays."""
        self._owner.do(remove, entries, on)

    def fold(self, now: datetime) -> None:
        """Turn what stayed here, on days that are past for `KEPT`, into counts of those days."""
        if now.date() != self._folded:
            self._owner.do(fold, now)
            self._folded = now.date()

    def verify(self) -> Verdict:
        """See whether all of it is as it was written."""
        return self._owner.do(log.verify)


def record(database: Database, entry: ActivityEntry, seen: Sequence[Seen] = ()) -> int:
    """Write an entry down; its id."""
    evidence = [[one.type, one.offset, log.keyed_hash(database, one.value)] for one in seen]
    return log.append(
        database,
        {
            "what": "decided",
            "at": codec.moment_to_column(entry.at),
            "kind": entry.kind,
            "level": entry.level,
            "route": entry.route.key,
            "reasons": codec.reasons_to_json(entry.reasons),
            "model": entry.model,
            "overridden": entry.overridden,
            "obligations": entry.obligations,
            "topics": entry.topics,
            "subject": entry.subject,
            "size": entry.size,
            "destination": entry.destination,
            "sent": entry.sent,
            "evidence": evidence,
        },
    )


def end(database: Database, entry: int, outcome: Outcome) -> None:
    """Add to an entry what became of its task; nothing if it was removed meanwhile."""
    if database.row("SELECT 1 FROM record WHERE n = ? AND body IS NOT NULL", entry):
        log.append(database, {"what": "ended", "outcome": outcome}, of=entry)


def left(database: Database, way: Way, at: datetime) -> None:
    """Note an exit."""
    log.append(database, {"what": "left", "at": codec.moment_to_column(at), "way": way})


def remove(database: Database, entries: Iterable[int], on: date) -> None:
    """Take entries out; what was removed before stays told."""
    chosen = set(entries)
    gone = [line for line in lines(database) if line.id in chosen and not isinstance(line, Removed)]
    count = sum(sum(dict(one.routes).values()) if isinstance(one, Day) else 1 for one in gone)
    body = {"what": "removed", "on": on.isoformat(), "count": count}
    log.strike(database, (one.id for one in gone if one.id is not None), body)


def fold(database: Database, now: datetime) -> None:
    """Count what stayed here and is older than `KEPT`, by days of the zone of `now`."""
    first_kept = (now - KEPT).date()
    days: dict[date, list[tuple[int, Route]]] = {}
    for line in lines(database):
        if isinstance(line, ActivityEntry) and not line.sent and line.id is not None:
            day = line.at.astimezone(now.tzinfo).date()
            if day < first_kept:
                days.setdefault(day, []).append((line.id, line.route))
    for day, old in sorted(days.items()):
        counts = Counter(route.key for _, route in old if route in _FOLDED)  # else kept here after
        body = {"what": "day", "day": day.isoformat(), "routes": counts}
        log.strike(database, (n for n, _ in old), body)


def lines(database: Database) -> list[Line]:
    """The whole record, newest first."""
    found: dict[int, Line] = {}
    bodies = list(log.entries(database))
    outcomes = {of: body["outcome"] for _, of, body in bodies if of and "outcome" in body}
    for n, of, body in bodies:
        if of is None:
            try:
                found[n] = _line(n, body, outcomes.get(n))
            except (KeyError, ValueError, TypeError, AttributeError):
                continue  # `verify` tells of what is not as it was written
    return list(found.values())[::-1]


def _line(n: int, body: Body, outcome: str | None) -> Line:
    match body["what"]:
        case "left":
            return Exit(codec.moment(body["at"]), Way(body["way"]), n)
        case "day":
            routes = tuple((Route[key.upper()], count) for key, count in body["routes"].items())
            return Day(date.fromisoformat(body["day"]), routes, n)
        case "removed":
            return Removed(date.fromisoformat(body["on"]), int(body["count"]), n)
    return _entry(n, body, outcome)


def _entry(n: int, body: Body, outcome: str | None) -> ActivityEntry:
    kind, level, topics = body["kind"], body["level"], body["topics"]
    return ActivityEntry(
        at=codec.moment(body["at"]),
        kind=None if kind is None else TaskKind(kind),
        level=None if level is None else Level(level),
        route=Route[body["route"].upper()],
        reasons=codec.reasons(body["reasons"]),
        model=body["model"],
        overridden=body["overridden"],
        obligations=tuple(body["obligations"]),
        topics=None if topics is None else tuple(topics),
        subject=body["subject"],
        size=body["size"],
        destination=body["destination"],
        sent=body["sent"],
        evidence=tuple(Evidence(*one) for one in body["evidence"]),
        outcome=None if outcome is None else Outcome(outcome),
        id=n,
    )


def whole(database: Database) -> dict[str, Any]:
    """The record as JSON values."""
    return as_json(lines(database))


def as_json(found: Iterable[Line]) -> dict[str, Any]:
    """Lines of the record as JSON values, by what they are."""
    made: dict[str, list[dict[str, Any]]] = {"decided": [], "left": [], "days": [], "removed": []}
    for line in found:
        match line:
            case ActivityEntry():
                made["decided"].append(_entry_to_json(line))
            case Exit(at, way, n):
                made["left"].append({"id": n, "at": codec.moment_to_column(at), "way": way.value})
            case Day(day, routes, n):
                counts = {route.key: dict(routes).get(route, 0) for route in _FOLDED}
                made["days"].append({"id": n, "day": day.isoformat(), "routes": counts})
            case Removed(on, count, n):
                made["removed"].append({"id": n, "on": on.isoformat(), "count": count})
    return dict(made)


def _entry_to_json(entry: ActivityEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": codec.moment_to_column(entry.at),
        "kind": entry.kind,
        "level": None if entry.level is None else int(entry.level),
        "route": entry.route.key,
        "reasons": codec.reasons_to_json(entry.reasons),
        "model": entry.model,
        "overridden": entry.overridden,
        "obligations": list(entry.obligations),
        "topics": None if entry.topics is None else list(entry.topics),
        "subject": entry.subject,
        "size": entry.size,
        "destination": entry.destination,
        "sent": entry.sent,
        "evidence": [
            {"type": one.type, "offset": one.offset, "hash": one.hash} for one in entry.evidence
        ],
        "outcome": entry.outcome,
    }
