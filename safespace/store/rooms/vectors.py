# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model made of passages: bytes that the store keeps and does not read.

They belong to the passage, and go with it, and to the one file of a model, by its SHA-256: made by
another they mean nothing.
"""

from collections.abc import Mapping, Sequence

from safespace.domain import Passage
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms.documents import SHOWN

_SHOWN = f"passage JOIN document ON document.id = passage.document AND {SHOWN}"
_OF_MODEL = "LEFT JOIN vector ON vector.passage = passage.id AND vector.model = ?"


class Vectors:
    """Of an open space. Any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def lacking(self, model: bytes, limit: int) -> list[Passage]:
        """At most `limit` passages of which this model has made nothing yet."""
        return self._owner.do(lacking, model, limit)

    def keep(self, model: bytes, made: Mapping[int, bytes]) -> None:
        """Keep what it made, by passage; those that are gone meanwhile are passed over."""
        self._owner.do(keep, model, made)

    def every(self, model: bytes, within: Sequence[int] | None = None) -> list[tuple[int, bytes]]:
        """All that it made, with the passage: of all documents that are shown, or of some."""
        return self._owner.do(every, model, within)

    def count(self, model: bytes) -> tuple[int, int]:
        """Of how many passages it made something, and how many there are."""
        return self._owner.do(count, model)

    def forget(self) -> None:
        """Erase everything that any model made."""
        self._owner.do(forget)


def lacking(database: Database, model: bytes, limit: int) -> list[Passage]:
    """Passages of documents that are shown and of which this model has made nothing."""
    found = database.rows(
        f"SELECT passage.id, document, page, text FROM {_SHOWN} {_OF_MODEL}"
        " WHERE vector.passage IS NULL ORDER BY passage.id LIMIT ?",
        *(model, limit),
    )
    return [Passage(*row) for row in found]


def keep(database: Database, model: bytes, made: Mapping[int, bytes]) -> None:
    """Keep it, in the place of what another model made."""
    for passage, bytes_ in made.items():
        database.change(
            "INSERT OR REPLACE INTO vector (passage, model, made)"
            " SELECT id, ?, ? FROM passage WHERE id = ?",
            *(model, bytes_, passage),
        )


def every(
    database: Database, model: bytes, within: Sequence[int] | None
) -> list[tuple[int, bytes]]:
    """All that this model made of what is shown."""
    some, values = "", tuple[int, ...]()
    if within is not None:
        some, values = f"WHERE document.id IN ({', '.join('?' * len(within))})", tuple(within)
    found = database.rows(
        f"SELECT passage.id, made FROM {_SHOWN} JOIN vector"
        f" ON vector.passage = passage.id AND vector.model = ? {some}",
        *(model, *values),
    )
    return [(passage, bytes(made)) for passage, made in found]


def count(database: Database, model: bytes) -> tuple[int, int]:
    """Of how many passages there is something, and how many are shown."""
    row = database.row(f"SELECT count(vector.passage), count(*) FROM {_SHOWN} {_OF_MODEL}", model)
    assert row
    return int(row[0]), int(row[1])


def forget(database: Database) -> None:
    """Erase all of it."""
    if database.row("SELECT 1 FROM vector"):
        database.change("DELETE FROM vector")
