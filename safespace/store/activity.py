# SPDX-License-Identifier: AGPL-3.0-or-later
"""The activity record: what was decided for every task. Facts alone, never a word of a text."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from safespace.domain import Level, Reason, Route, TaskKind
from safespace.store import codec
from safespace.store.connection import Database, Row

_END: Final = 2**63 - 1
"""Beyond every id."""


class Outcome(StrEnum):
    """What became of a task after its decision."""

    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"
    HANDED_BACK = "handed_back"


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One decision. None for kind or level: it was not known. The store gives the `id`."""

    at: datetime
    kind: TaskKind | None
    level: Level | None
    route: Route
    reasons: tuple[Reason, ...] = ()
    model: str | None = None
    overridden: bool = False
    outcome: Outcome | None = None
    id: int | None = None


def record(database: Database, entry: ActivityEntry) -> int:
    """Write an entry down; its id."""
    return database.change(
        "INSERT INTO activity (at, kind, level, route, reasons, model, overridden, outcome)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        codec.moment_to_column(entry.at),
        entry.kind,
        entry.level,
        entry.route.key,
        json.dumps(codec.reasons_to_json(entry.reasons)),
        entry.model,
        entry.overridden,
        entry.outcome,
    )


def note_outcome(database: Database, id_: int, outcome: Outcome) -> None:
    """Add to an entry what became of its task."""
    database.change("UPDATE activity SET outcome = ? WHERE id = ?", outcome, id_)


def latest(database: Database, limit: int, before: int | None) -> list[ActivityEntry]:
    """At most `limit` entries, newest first, of those recorded before entry `before`."""
    found = database.rows(
        "SELECT at, kind, level, route, reasons, model, overridden, outcome, id FROM activity"
        " WHERE id < ? ORDER BY id DESC LIMIT ?",
        _END if before is None else before,
        limit,
    )
    return [_entry(row) for row in found]


def _entry(row: Row) -> ActivityEntry:
    at, kind, level, route, reasons, model, overridden, outcome, id_ = row
    return ActivityEntry(
        at=codec.moment(at),
        kind=None if kind is None else TaskKind(kind),
        level=None if level is None else Level(level),
        route=Route[route.upper()],
        reasons=codec.reasons(json.loads(reasons)),
        model=model,
        overridden=bool(overridden),
        outcome=None if outcome is None else Outcome(outcome),
        id=id_,
    )
