# SPDX-License-Identifier: AGPL-3.0-or-later
"""A log whose entries are bound to each other, so that a changed or missing one shows.

An entry is a JSON object. Its digest is keyed and salted, and its link binds the digest to the
link before it, as HMAC-SHA256 (RFC 2104), cut to 128 bits as its section 5 permits. What is
struck out loses its words and its salt: the digest that stays can then be matched with nothing.
A later entry says which were struck, or they would count as lost.

The key lies beside the log. So this shows what an accident did, or somebody who reached the rows
alone; whoever holds the open space can write all of it anew.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from safespace.store.connection import Database

TABLES: Final = (
    """CREATE TABLE record (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        of INTEGER,
        body BLOB,
        salt BLOB,
        digest BLOB NOT NULL,
        link BLOB NOT NULL
    )""",
    "CREATE INDEX record_by_of ON record (of)",
    "CREATE TABLE record_key (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL)",
)
_BYTES: Final = 16
_NONE: Final = bytes(_BYTES)
_STRUCK: Final = "struck"

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole log found: numbers of entries, and `broken` ones, if any."""

    kept: int
    struck: int
    broken: tuple[int, ...]


def append(database: Database, body: Body, of: int | None = None) -> int:
    """Add an entry; its number. `of`: the entry it belongs to, and goes with."""
    key = _key(database)
    last = database.row("SELECT n, link FROM record ORDER BY n DESC LIMIT 1")
    salt, data = secrets.token_bytes(_BYTES), json.dumps(body).encode()
    digest = _digest(key, salt, of, data)
    n = database.change(
        "INSERT INTO record (of, body, salt, digest, link) VALUES (?, ?, ?, ?, x'')",
        of,
        data,
        salt,
        digest,
    )
    link = _link(key, last[1] if last else _NONE, n, digest)
    database.change("UPDATE record SET link = ? WHERE n = ?", link, n)
    return n


def entries(database: Database) -> Iterator[tuple[int, int | None, Body]]:
    """Number, `of` and body of all that was not struck out, the first one first.

    What cannot be read is left out: `verify` tells of it.
    """
    for n, of, data in database.rows(
        "SELECT n, of, body FROM record WHERE body IS NOT NULL ORDER BY n"
    ):
        if body := _body(data):
            yield n, of, body


def strike(database: Database, numbers: Iterable[int], body: Body) -> None:
    """Take the words out of entries, and of those that belong to them; `body` is added for it."""
    struck: set[int] = set()
    for number in set(numbers):
        for n, data in database.rows(
            "SELECT n, body FROM record WHERE (n = ? OR of = ?) AND body IS NOT NULL",
            number,
            number,
        ):
            struck |= {n, *_struck(_body(data) or {})}
            database.change("UPDATE record SET of = NULL, body = NULL, salt = NULL WHERE n = ?", n)
    if struck:
        append(database, body | {_STRUCK: _ranges(struck)})


def verify(database: Database) -> Verdict:
    """Follow the whole log and see that every entry is what was written, and none is missing."""
    key = _key(database)
    broken, empty, struck = set[int](), set[int](), set[int]()
    last, n, kept = _NONE, 0, 0
    for number, of, data, salt, digest, link in database.rows(
        "SELECT n, of, body, salt, digest, link FROM record ORDER BY n"
    ):
        digest, link = (x if isinstance(x, bytes) else _NONE for x in (digest, link))
        if number != n + 1:
            broken.add(n + 1)
        n = number
        if link != _link(key, last, n, digest):
            broken.add(n)
        if data is None and salt is None and of is None:
            empty.add(n)
        elif _is(digest, key, salt, of, data):
            kept += 1
            struck |= _struck(_body(data) or {})
        else:
            broken.add(n)
        last = link
    highest = database.row("SELECT seq FROM sqlite_sequence WHERE name = 'record'")
    if n != (highest[0] if highest else 0):
        broken.add(n + 1)
    return Verdict(kept, len(empty & struck), tuple(sorted(broken | (empty ^ struck))))


def keyed_hash(database: Database, value: str) -> str:
    """A hash of a value that can be matched inside this space alone, in hex."""
    return hmac.digest(_key(database), b"value" + value.encode("utf-8", "replace"), "sha256")[
        :_BYTES
    ].hex()


def _key(database: Database) -> bytes:
    if not (found := database.row("SELECT key FROM record_key")):
        database.change("INSERT INTO record_key VALUES (1, ?)", secrets.token_bytes(32))
        found = database.row("SELECT key FROM record_key")
    assert found
    return bytes(found[0])


def _digest(key: bytes, salt: bytes, of: int | None, data: bytes) -> bytes:
    about = json.dumps([salt.hex(), of, data.decode("utf-8", "surrogateescape")]).encode()
    return hmac.digest(key, b"entry" + about, "sha256")[:_BYTES]


def _is(digest: bytes, key: bytes, salt: object, of: object, data: object) -> bool:
    if isinstance(salt, bytes) and isinstance(data, bytes) and isinstance(of, int | None):
        return hmac.compare_digest(digest, _digest(key, salt, of, data))
    return False


def _link(key: bytes, last: bytes, n: int, digest: bytes) -> bytes:
    about = last + n.to_bytes(8, "big", signed=True) + digest
    return hmac.digest(key, b"link" + about, "sha256")[:_BYTES]


def _body(data: object) -> Body | None:
    try:
        body = json.loads(data) if isinstance(data, bytes) else None
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _struck(body: Body) -> set[int]:
    return {n for first, last in body.get(_STRUCK, ()) for n in range(first, last + 1)}


def _ranges(numbers: set[int]) -> list[list[int]]:
    """Numbers as pairs of a first and a last one."""
    found: list[list[int]] = []
    for n in sorted(numbers):
        if found and found[-1][1] == n - 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return found
