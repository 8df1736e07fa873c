# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space keeps of the household's limits, and who may take over from its member.

Documents are kept as the bytes that were signed; `session.limits` reads them.
"""

from dataclasses import dataclass

from safespace.store.connection import Database
from safespace.store.owner import OwnerThread


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest limits of one household. `bound`: they hold here until its guardian signs
    others; if not, they are the member's own, or its guardian was asked when the space was made.
    """

    key: bytes
    document: bytes
    bound: bool


class HouseholdTable:
    """Any thread. Raises StorageError and Damaged."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def every(self) -> list[Kept]:
        """Those that this space knows; as a rule none or one."""
        return self._owner.do(every)

    def keep(self, kept: Kept, before: bytes = b"") -> None:
        """Keep what is now true of a household; the one with the key `before` is no more."""

        def put(database: Database) -> None:
            forget(database, before)
            keep(database, kept)

        self._owner.do(put)

    def forget(self, key: bytes) -> None:
        """Know a household no more."""
        self._owner.do(forget, key)

    def let_apart(self, *spaces: str) -> None:
        """Remember that these spaces need not be under the household's limits."""

        def put(database: Database) -> None:
            for space in spaces:
                database.change("INSERT OR IGNORE INTO apart VALUES (?)", space)

        self._owner.do(put)

    def apart(self) -> set[str]:
        """The spaces that need not be."""
        return {space for (space,) in self._owner.do(Database.rows, "SELECT space FROM apart")}

    def heirs(self) -> list[tuple[str, bytes]]:
        """Name and key of those who may take over, by name; the name of a paper is empty."""
        rows = self._owner.do(Database.rows, "SELECT name, key FROM heir ORDER BY name, key")
        return [(name, bytes(key)) for name, key in rows]

    def name_heir(self, name: str, key: bytes) -> None:
        """Let somebody take over; the one of the same name no more."""

        def put(database: Database) -> None:
            database.change("DELETE FROM heir WHERE name = ?", name)
            database.change("INSERT OR REPLACE INTO heir (key, name) VALUES (?, ?)", key, name)

        self._owner.do(put)

    def drop_heir(self, name: str) -> None:
        """Let somebody take over no more."""
        self._owner.do(Database.change, "DELETE FROM heir WHERE name = ?", name)


def every(database: Database) -> list[Kept]:
    """The households that a space knows. On the thread that owns the database."""
    return [
        Kept(bytes(key), bytes(document), bool(bound))
        for key, document, bound in database.rows(
            "SELECT key, document, bound FROM household ORDER BY key"
        )
    ]


def keep(database: Database, kept: Kept) -> None:
    """Keep what is now true of a household. On the thread that owns the database."""
    database.change(
        "INSERT OR REPLACE INTO household (key, document, bound) VALUES (?, ?, ?)",
        kept.key,
        kept.document,
        kept.bound,
    )


def forget(database: Database, key: bytes) -> None:
    """Know a household no more. On the thread that owns the database."""
    database.change("DELETE FROM household WHERE key = ?", key)


def whole(database: Database) -> dict[str, object]:
    """All of it as JSON values."""
    heirs = database.rows("SELECT name, key FROM heir ORDER BY name, key")
    return {
        "households": [
            {
                "key": kept.key.hex(),
                "document": kept.document.decode("utf-8", "replace"),
                "bound": kept.bound,
            }
            for kept in every(database)
        ],
        "heirs": [{"name": name, "key": bytes(key).hex()} for name, key in heirs],
        "apart": [space for (space,) in database.rows("SELECT space FROM apart ORDER BY space")],
    }
