# SPDX-License-Identifier: AGPL-3.0-or-later
"""Repair: what can still be read of a damaged database, in a new one that takes its place.

Row by row, past the pages that do not prove themselves; indexes are made anew. The damaged file
stays beside it under another name, still sealed by the same key.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from safespace.errors import Damaged, SafeSpaceError
from safespace.i18n import _
from safespace.store.connection import (
    DATABASE,
    Database,
    create_database,
    open_damaged,
)
from safespace.store.files import settle_folder, writing_in
from safespace.store.keys.wraps import SpaceKey
from safespace.store.migrations import migrate
from safespace.store.rooms import findings
from safespace.store.truth import chain
from safespace.store.truth.witness import Doubt, Wrong

REPAIRED: Final = "space.repaired.db"
"""The new database until it takes the place of the damaged one."""
_SLICE: Final = 500
_LARGEST_ID: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many rows of each table were kept; how many are lost, if the chain can say it.

    `aside` is the damaged file.
    """

    kept: Mapping[str, int]
    lost: Mapping[str, int] | None
    aside: Path


def repair(folder: Path, key: SpaceKey, state: Path | None) -> Repaired:
    """Put what can be read of the space in `folder`, which nobody holds, into a new database.

    Raises Damaged where not even its first page can be read, StorageError; the old file is in
    its place then.
    """
    file, fresh = folder / DATABASE, folder / REPAIRED
    with writing_in(folder):  # of a try that was broken off
        for leftover in folder.glob(f"{REPAIRED}*"):
            leftover.unlink()
    source = open_damaged(file, key)
    try:
        target = create_database(fresh, key, state)
        try:
            target.witness.doubt = Doubt(Wrong.REPAIRED)  # until it is in force, so is the old head
            kept = _copy(source, target)
            lost = _lost(source, kept)
            _mend(target)
            migrate(target)
            findings.note(target, Doubt(Wrong.REPAIRED, sum(lost.values()) if lost else 0))
            target.witness.begin(target)
        finally:
            target.close()
    finally:
        source.close()
    aside = folder / f"space.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    with writing_in(folder):
        try:
            aside.hardlink_to(file)
        except OSError:  # a disk that knows no links, as most sticks
            file.rename(aside)
        with suppress(FileNotFoundError):  # what it could not move into the database
            Path(f"{file}-wal").rename(f"{aside}-wal")
        fresh.replace(file)
        settle_folder(folder)
    return Repaired(kept, lost, aside)


def _copy(source: Database, target: Database) -> dict[str, int]:
    """Every row that can be read, in a database of the same format."""
    found = source.row("PRAGMA user_version")
    assert found
    migrate(target, to=found[0])
    kept: dict[str, int] = {}
    target.change("PRAGMA foreign_keys = OFF")  # a row may come before what it refers to
    with target.transaction():
        for table in chain.tables(target):
            target.change(f'DELETE FROM "{table}"')  # noqa: S608 - what a migration put there
            kept[table] = 0
            columns = ", ".join(f'"{name}"' for name in chain.columns(target, table))
            for rowid, *values in _readable(source, table, columns):
                marks = ", ".join("?" * len(values))
                target.change(
                    f'INSERT OR IGNORE INTO "{table}" (rowid, {columns}) VALUES (?, {marks})',  # noqa: S608 - names out of the schema
                    rowid,
                    *values,
                )
                kept[table] += 1
    return kept


def _readable(source: Database, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """The rows of a table: up from the first, down from the last, one by one in between."""
    up = down = None
    for row in _scan(source, table, columns, "rowid > ?", "ASC", -_LARGEST_ID):
        up = row[0]
        yield row
    for row in _scan(source, table, columns, "rowid < ?", "DESC", _LARGEST_ID):
        if up is not None and row[0] <= up:
            return
        down = row[0]
        yield row
    first = up + 1 if up is not None else 1
    for rowid in range(first, down if down is not None else first + _SLICE):
        with suppress(Damaged):
            one = source.row(f'SELECT rowid, {columns} FROM "{table}" WHERE rowid = ?', rowid)  # noqa: S608 - as above
            if one:
                yield one


def _scan(
    source: Database, table: str, columns: str, beyond: str, order: str, start: int
) -> Iterator[tuple[int, *tuple[object, ...]]]:
    """Rows in one direction, until one cannot be read."""
    last, size = start, _SLICE
    while True:
        try:
            rows = source.rows(
                f'SELECT rowid, {columns} FROM "{table}" WHERE {beyond}'  # noqa: S608 - as above
                f" ORDER BY rowid {order} LIMIT ?",
                last,
                size,
            )
        except Damaged:
            if size == 1:
                return
            size = 1  # one by one, up to the very page
            continue
        if not rows:
            return
        yield from rows
        last = rows[-1][0]


def _lost(source: Database, kept: Mapping[str, int]) -> dict[str, int] | None:
    """What the old chain knows and is not among what was kept."""
    try:
        known = chain.count(source)
    except (SafeSpaceError, ValueError):
        return None
    lost = {table: known[table] - count for table, count in kept.items()}
    return {table: count for table, count in lost.items() if count > 0}


def _mend(target: Database) -> None:
    """Give what lost its place a place: messages without a conversation, or without a parent."""
    with target.transaction():
        for orphan, changed in target.rows(
            "SELECT conversation, max(at) FROM message"
            " WHERE conversation NOT IN (SELECT id FROM conversation) GROUP BY conversation"
        ):
            target.change(
                "INSERT INTO conversation (id, title, changed) VALUES (?, ?, ?)",
                orphan,
                _("Found again"),
                changed,
            )
        target.change(
            "UPDATE message SET parent = NULL WHERE parent NOT IN (SELECT id FROM message)"
        )
        target.change(
            "UPDATE conversation SET leaf = (SELECT max(id) FROM message"
            " WHERE message.conversation = conversation.id)"
            " WHERE leaf IS NULL OR leaf NOT IN (SELECT id FROM message)"
        )
        for table, rowid, *_rest in target.rows("PRAGMA foreign_key_check"):
            target.change(f'DELETE FROM "{table}" WHERE rowid = ?', rowid)  # noqa: S608 - as above
    target.change("PRAGMA foreign_keys = ON")
