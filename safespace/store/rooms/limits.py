# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space keeps about limits: those it accepted, how they were used, those it gives others.

Documents are kept as the bytes that were signed; `session.limits` reads them.
"""

from dataclasses import dataclass
from datetime import datetime

from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import codec, household


@dataclass(frozen=True, slots=True)
class Use:
    """The latest moment the space has seen, and how many seconds a model worked that day."""

    latest: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Ward:
    """A space whose limits this one signs. `key`: with which it signs, once it accepted."""

    space: str
    name: str
    document: bytes
    key: bytes | None


class LimitsTable:
    """Any thread. Raises StorageError and Damaged."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def document(self) -> bytes | None:
        """The signed limits in force here; None where there are none."""
        return self._owner.do(accepted)

    def accept(self, document: bytes) -> None:
        """Have these limits in force."""
        self._owner.do(accept, document)

    def end(self) -> None:
        """Have none in force."""
        self._owner.do(Database.change, "DELETE FROM limits")

    def use(self) -> Use | None:
        """How far the day is; None before the first use."""
        row = self._owner.do(Database.row, "SELECT latest, seconds FROM limits_use")
        return Use(codec.moment(row[0]), row[1]) if row else None

    def note_use(self, use: Use) -> None:
        """Keep how far the day is now."""
        self._owner.do(
            Database.change,
            "INSERT OR REPLACE INTO limits_use VALUES (1, ?, ?)",
            codec.moment_to_column(use.latest),
            use.seconds,
        )

    def signing_key(self, fresh: bytes) -> bytes:
        """The key this space signs with: the one it has, or from now on the `fresh` one."""

        def kept(database: Database) -> bytes:
            database.change("INSERT OR IGNORE INTO signing_key VALUES (1, ?)", fresh)
            row = database.row("SELECT key FROM signing_key")
            assert row
            return bytes(row[0])

        return self._owner.do(kept)

    def wards(self) -> list[Ward]:
        """The spaces whose limits this one signs, by name."""
        rows = self._owner.do(
            Database.rows, "SELECT space, name, document, key FROM ward ORDER BY name"
        )
        return [
            Ward(space, name, bytes(document), None if key is None else bytes(key))
            for space, name, document, key in rows
        ]

    def keep_ward(self, ward: Ward) -> None:
        """Keep what is now true of a ward."""
        self._owner.do(
            Database.change,
            "INSERT OR REPLACE INTO ward VALUES (?, ?, ?, ?)",
            ward.space,
            ward.name,
            ward.document,
            ward.key,
        )

    def forget_ward(self, space: str) -> None:
        """Sign no limits for a space any more."""
        self._owner.do(Database.change, "DELETE FROM ward WHERE space = ?", space)


def accepted(database: Database) -> bytes | None:
    """The document that is in force. On the thread that owns the database."""
    row = database.row("SELECT document FROM limits")
    return bytes(row[0]) if row else None


def accept(database: Database, document: bytes) -> None:
    """Have this document in force. On the thread that owns the database."""
    database.change("INSERT OR REPLACE INTO limits VALUES (1, ?)", document)


def signing_key(database: Database) -> bytes | None:
    """The key this space signs with, if it has ever signed."""
    row = database.row("SELECT key FROM signing_key")
    return bytes(row[0]) if row else None


def remembered(database: Database) -> bytes:
    """The documents in force here, one after the other, for the receipts of other spaces."""
    bound = (kept.document for kept in household.every(database) if kept.bound)
    return b"".join([accepted(database) or b"", *bound])


def whole(database: Database) -> dict[str, object]:
    """All of it but the key it signs with, as JSON values."""
    document = database.row("SELECT document FROM limits")
    use = database.row("SELECT latest, seconds FROM limits_use")
    return {
        "document": document and _text(document[0]),
        "latest": use and use[0],
        "seconds": use and use[1],
        "wards": [
            {"space": space, "name": name, "document": _text(signed), "key": key and key.hex()}
            for space, name, signed, key in database.rows(
                "SELECT space, name, document, key FROM ward ORDER BY name"
            )
        ],
        **household.whole(database),
    }


def _text(document: bytes) -> str:
    return bytes(document).decode("utf-8", "replace")
