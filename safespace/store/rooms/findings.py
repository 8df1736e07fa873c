# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was noticed about this space's files, kept until its member has seen it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from safespace.store.connection import Database
from safespace.store.rooms import codec
from safespace.store.truth.witness import Doubt, Wrong


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt, when it was noticed. `until`: when the last change was made that is known of."""

    id: int
    at: datetime
    kind: Wrong
    changes: int
    until: datetime | None


def note(database: Database, doubt: Doubt) -> None:
    """Note a doubt, unless the same one is waiting to be seen already. Its own transaction."""
    until = codec.moment_to_column(datetime.fromtimestamp(doubt.at, UTC)) if doubt.at else None
    same = "SELECT 1 FROM finding WHERE NOT seen AND (kind, changes, until) IS (?, ?, ?)"
    if not database.row(same, doubt.kind, doubt.changes, until):
        with database.transaction():
            database.change(
                "INSERT INTO finding (at, kind, changes, until) VALUES (?, ?, ?, ?)",
                codec.moment_to_column(codec.now()),
                doubt.kind,
                doubt.changes,
                until,
            )


def unseen(database: Database) -> list[Finding]:
    """Those not ticked off, the first one first."""
    return [finding for finding, seen in every(database) if not seen]


def every(database: Database) -> list[tuple[Finding, bool]]:
    """All of them, the first one first, and whether it was ticked off."""
    return [
        (
            Finding(
                id_, codec.moment(at), Wrong(kind), changes, codec.moment(until) if until else None
            ),
            bool(seen),
        )
        for id_, at, kind, changes, until, seen in database.rows(
            "SELECT id, at, kind, changes, until, seen FROM finding ORDER BY id"
        )
    ]


def tick_off(database: Database, id_: int) -> None:
    """The member has seen it."""
    database.change("UPDATE finding SET seen = 1 WHERE id = ?", id_)
