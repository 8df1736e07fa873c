# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chain: an entry for every row that comes, changes or goes, each bound to the one before.

An entry holds keyed MACs of the row as it was and as it is, so a deleted row leaves a tombstone
that tells nothing of it. Triggers write the entries; they are temporary, so every opening makes
them for the tables there are, and no room of the store need know of them.

Row MACs and links are HMAC-SHA256 (RFC 2104), cut to 128 bits as its section 5 permits. What
the entries leave of each table is compared with its rows as a sum of their MACs: a keyed
multiset hash (Clarke et al., "Incremental Multiset Hash Functions", 2003).
"""

import hmac
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from struct import pack
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safespace.store.wraps import SpaceKey

if TYPE_CHECKING:
    from safespace.store.connection import Database

BYTES: Final = 16
_NONE: Final = bytes(BYTES)
_FOUNDED: Final = "chain"
"""The table's name in the entry that begins a chain anew; it binds the end of the old one."""
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


class Seal:
    """Makes the entries of one space. Thread-safe."""

    def __init__(self, key: SpaceKey) -> None:
        self._key = HKDF(SHA256(), 32, key.salt, b"safespace chain").derive(key.key)

    def entry(self, last: bytes | None, table: str, was: int, is_: int, *values: object) -> bytes:
        """An entry: its link, the MAC of the row that was, the MAC of the row that is.

        `values` are `was` of the first and `is_` of the second; 0 stands for no row.
        """
        gone = self._mac(table, values[:was]) if was else _NONE
        come = self._mac(table, values[was : was + is_]) if is_ else _NONE
        return self._link(last, table, gone + come) + gone + come

    def founding(self, last: bytes | None) -> bytes:
        """The entry that begins a chain anew after `last`."""
        return self._link(last, _FOUNDED, _NONE + _NONE) + _NONE + _NONE

    def follows(self, last: bytes | None, table: str, entry: bytes) -> bool:
        """Whether `entry` is bound to `last`."""
        return entry[:BYTES] == self._link(last, table, entry[BYTES:])

    def row(self, table: str, values: tuple[object, ...]) -> int:
        """The MAC of a row, as a number to sum up."""
        return int.from_bytes(self._mac(table, values), "big")

    def _link(self, last: bytes | None, table: str, macs: bytes) -> bytes:
        return self._mac("", ((last or _NONE)[:BYTES], table, macs))

    def _mac(self, table: str, values: tuple[object, ...]) -> bytes:
        data = b"".join(map(_plain, (table, *values)))
        return hmac.digest(self._key, data, "sha256")[:BYTES]


def watch(database: "Database") -> None:
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


def is_kept(database: "Database") -> bool:
    """Whether the database's format has a chain."""
    return bool(database.row("SELECT 1 FROM sqlite_schema WHERE name = 'chain'"))


def end(database: "Database") -> End:
    """The last entry; n = 0 where there is none."""
    last = "SELECT n, entry FROM chain ORDER BY n DESC LIMIT 1"
    found = database.row(last) if is_kept(database) else None
    return End(found[0], found[1][:BYTES]) if found else End(0, _NONE)


def link_at(database: "Database", n: int) -> bytes | None:
    """The link of the `n`th entry; None if the chain was begun anew since."""
    found = database.row("SELECT entry FROM chain WHERE n = ?", n)
    return bytes(found[0][:BYTES]) if found else None


def found(database: "Database") -> None:
    """Begin the chain anew with the rows there are; old tombstones go. Inside a transaction."""
    seal = database.seal
    last = database.row("SELECT n, entry FROM chain ORDER BY n DESC LIMIT 1")
    n, entry = last or (0, None)
    database.change("DELETE FROM chain")
    entry = seal.founding(entry)
    database.change("INSERT INTO chain VALUES (?, ?, ?)", n + 1, _FOUNDED, entry)
    for table in tables(database):
        for rows in _rows(database, table):
            for values in rows:
                entry = seal.entry(entry, table, 0, len(values), *values)
                database.change("INSERT INTO chain (tbl, entry) VALUES (?, ?)", table, entry)


def prove(database: "Database") -> Progress:
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
            return (*gaps, *([Gap(_FOUNDED, 0)] if broken else []))


def count(database: "Database") -> Counter[str]:
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


def outgrown(database: "Database") -> bool:
    """Whether most entries are of rows that have changed or gone since."""
    count = "SELECT count(*) FROM "
    entries = database.row(f"{count} chain")
    rows = sum(found[0] for t in tables(database) if (found := database.row(f'{count} "{t}"')))
    assert entries
    return bool(entries[0] > 2 * rows + _OUTGROWN)


def tables(database: "Database") -> list[str]:
    """The tables with rows of their own: not an index's, not the chain."""
    return [
        name
        for (name,) in database.rows(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name != 'chain' ORDER BY name"
        )
    ]


def _follow(
    database: "Database", counts: Counter[str], sums: Counter[str]
) -> Generator[None, None, bool]:
    """Add up what the entries leave of each table; whether one is not bound to the one before."""
    last: bytes | None = None
    n, broken = 0, False
    while entries := database.rows(
        "SELECT n, tbl, entry FROM chain WHERE n > ? ORDER BY n LIMIT ?", n, _SLICE
    ):
        for n, table, entry in entries:  # noqa: B007 - the last one is where the next slice begins
            if table != _FOUNDED if last is None else not database.seal.follows(last, table, entry):
                broken = True
            gone, come = entry[BYTES : 2 * BYTES], entry[2 * BYTES :]
            counts[table] += (come != _NONE) - (gone != _NONE)
            sums[table] += int.from_bytes(come, "big") - int.from_bytes(gone, "big")
            last = entry
        yield
    return broken


def _rows(database: "Database", table: str) -> Iterator[list[tuple[object, ...]]]:
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


def columns(database: "Database", table: str) -> list[str]:
    """The names of a table's columns, in order."""
    return [name for (name,) in database.rows("SELECT name FROM pragma_table_info(?)", table)]


def _plain(value: object) -> bytes:
    """A value of SQLite as bytes that no other value, and no two values, could be."""
    match value:
        case None:
            return b"n"
        case int():
            return b"i%d;" % value
        case float():
            return b"f" + pack(">d", value)
        case str():
            text = value.encode()
            return b"s%d:" % len(text) + text
        case bytes():
            return b"b%d:" % len(value) + value
    raise TypeError(type(value).__name__)
