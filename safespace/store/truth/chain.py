# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chain: an entry for every row that comes, changes or goes, each bound to the one before.

An entry holds keyed MACs of the row as it was and as it is, so a deleted row leaves a tombstone
that tells nothing of it. Triggers write the entries; they are temporary, so every opening makes
them for the tables there are, and no room of the store need know of them.

What the entries leave of each table is compared with its rows as a sum of their MACs: a keyed
multiset hash (Clarke et al., "Incremental Multiset Hash Functions", 2003).
"""

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final

from safespace.store.truth.seal import BYTES, FOUNDED, NO_ROW
from safespace.store.truth.sql import Sql

_SLICE: Final = 2000
_SLICE_BYTES: Final = 1 << 20
"""A slice of rows is read at once and is made to hold about so much: rows may be large."""
_OUTGROWN: Final = 10_000

# As one function of SQL, since a trigger may call it and cannot keep a value between two calls.
FUNCTION: Final = "chain_entry"
_LAST: Final = "(SELECT entry FROM chain ORDER BY n DESC LIMIT 1)"

Progress = Generator[None, None, "tuple[Gap, ...]"]


@dataclass(frozen=True, slots=True)
class End:
    """How many entries there were up to now, and the link of the last."""

    n: int
    link: bytes


@dataclass(frozen=True, slots=True)
class Gap:
    """A table whose rows are not what the chain says: `rows` fewer (or more, if negative)."""

    table: str
    rows: int


def watch(database: Sql) -> None:
    """Have every change of a row leave its entry, as long as this connection lasts."""
    for (earlier,) in database.rows("SELECT name FROM sqlite_temp_schema WHERE type = 'trigger'"):
        database.change(f'DROP TRIGGER temp."{earlier}"')
    if not is_kept(database):
        return
    for table in tables(database):
        names = columns(database, table)
        old, new = (", ".join(f'{row}."{name}"' for name in names) for row in ("old", "new"))
        count = len(names)
        for event, values in (
            ("INSERT", f"0, {count}, {new}"),
            ("UPDATE", f"{count}, {count}, {old}, {new}"),
            ("DELETE", f"{count}, 0, {old}"),
        ):
            trigger = f'TRIGGER "chain_{table}_{event}" AFTER {event} ON main."{table}"'
            entry = f"'{table}', {FUNCTION}({_LAST}, '{table}', {values})"
            into = "INSERT INTO chain (tbl, entry) VALUES"
            database.change(f"CREATE TEMP {trigger} BEGIN {into} ({entry}); END")


def is_kept(database: Sql) -> bool:
    """Whether the database's format has a chain."""
    return bool(database.row("SELECT 1 FROM sqlite_schema WHERE name = 'chain'"))


def end(database: Sql) -> End:
    """The last entry; n = 0 where there is none."""
    last = "SELECT n, entry FROM chain ORDER BY n DESC LIMIT 1"
    found = database.row(last) if is_kept(database) else None
    return End(found[0], found[1][:BYTES]) if found else End(0, NO_ROW)


def link_at(database: Sql, n: int) -> bytes | None:
    """The link of the `n`th entry; None if the chain was begun anew since."""
    found = database.row("SELECT entry FROM chain WHERE n = ?", n)
    return bytes(found[0][:BYTES]) if found else None


def found(database: Sql) -> None:
    """Begin the chain anew with the rows there are; old tombstones go. Inside a transaction."""
    seal = database.seal
    last = database.row("SELECT n, entry FROM chain ORDER BY n DESC LIMIT 1")
    n, entry = last or (0, None)
    database.change("DELETE FROM chain")
    entry = seal.founding(entry)
    database.change("INSERT INTO chain VALUES (?, ?, ?)", n + 1, FOUNDED, entry)
    for table in tables(database):
        for rows in _rows(database, table):
            for values in rows:
                entry = seal.entry(entry, table, 0, len(values), *values)
                database.change("INSERT INTO chain (tbl, entry) VALUES (?, ?)", table, entry)


def prove(database: Sql) -> Progress:
    """Follow the whole chain and compare what it leaves with the rows, a slice at a time.

    Between two slices others may use the database; if they changed it, it begins again.
    Returns the tables that differ.
    """
    while True:
        begun = end(database)
        counts, sums = Counter[str](), Counter[str]()
        broken = yield from _follow(database, counts, sums)
        for table in tables(database):
            for rows in _rows(database, table):
                counts[table] -= len(rows)
                sums[table] -= sum(database.seal.row(table, row) for row in rows)
                yield
        if end(database) == begun:
            wrong = {table for table in counts | sums if sums[table] % (1 << 8 * BYTES)}
            gaps = [Gap(table, counts[table]) for table in sorted(wrong)]
            return (*gaps, *([Gap(FOUNDED, 0)] if broken else []))


def count(database: Sql) -> Counter[str]:
    """How many rows each table has by the chain. Raises ValueError if it is broken, Damaged."""
    counts = Counter[str]()
    following = _follow(database, counts, Counter())
    while True:
        try:
            next(following)
        except StopIteration as done:
            if done.value:
                raise ValueError("chain") from None
            return counts


def outgrown(database: Sql) -> bool:
    """Whether most entries are of rows that have changed or gone since."""
    count = "SELECT count(*) FROM "
    entries = database.row(f"{count} chain")
    rows = sum(found[0] for t in tables(database) if (found := database.row(f'{count} "{t}"')))
    assert entries
    return bool(entries[0] > 2 * rows + _OUTGROWN)


def tables(database: Sql) -> list[str]:
    """The tables with rows of their own: not an index's, not the chain."""
    return [
        name
        for (name,) in database.rows(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name != 'chain' ORDER BY name"
        )
    ]


def _follow(database: Sql, counts: Counter[str], sums: Counter[str]) -> Generator[None, None, bool]:
    """Add up what the entries leave of each table; whether one is not bound to the one before."""
    last: bytes | None = None
    n, broken = 0, False
    while entries := database.rows(
        "SELECT n, tbl, entry FROM chain WHERE n > ? ORDER BY n LIMIT ?", n, _SLICE
    ):
        for n, table, entry in entries:  # noqa: B007 - the last one is where the next slice begins
            if table != FOUNDED if last is None else not database.seal.follows(last, table, entry):
                broken = True
            gone, come = entry[BYTES : 2 * BYTES], entry[2 * BYTES :]
            counts[table] += (come != NO_ROW) - (gone != NO_ROW)
            sums[table] += int.from_bytes(come, "big") - int.from_bytes(gone, "big")
            last = entry
        yield
    return broken


def _rows(database: Sql, table: str) -> Iterator[list[tuple[object, ...]]]:
    names = ", ".join(f'"{name}"' for name in columns(database, table))
    last: object = -(1 << 63)
    count = 1
    while rows := database.rows(
        f'SELECT rowid, {names} FROM "{table}" WHERE rowid > ? ORDER BY rowid LIMIT ?',  # noqa: S608 - names out of the schema
        last,
        count,
    ):
        last = rows[-1][0]
        yield [row[1:] for row in rows]
        size = sum(len(value) for row in rows for value in row if isinstance(value, str | bytes))
        count = min(2 * count, _SLICE) if size < _SLICE_BYTES else max(1, count // 2)


def columns(database: Sql, table: str) -> list[str]:
    """The names of a table's columns, in order."""
    return [name for (name,) in database.rows("SELECT name FROM pragma_table_info(?)", table)]
