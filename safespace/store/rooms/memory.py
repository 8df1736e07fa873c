# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory: lines that the member wants to be remembered. Nobody but the member writes them."""

from safespace.domain import MemoryLine
from safespace.errors import Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import bookmarks, codec


class Memory:
    """The lines of an open space's memory. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def every(self) -> list[MemoryLine]:
        """All of them outside the bin, in the order in which they were written."""
        return self._owner.do(every)

    def keep(self, line: int | None, text: str) -> int:
        """Keep what a line says; None begins one. Its id.

        Raises Usage if it is gone, or says nothing.
        """
        return self._owner.do(keep, line, text)


def every(database: Database) -> list[MemoryLine]:
    """All lines outside the bin, the oldest first."""
    return [
        MemoryLine(id_, text, codec.moment(changed))
        for id_, text, changed in database.rows(
            "SELECT id, text, changed FROM memory WHERE deleted IS NULL ORDER BY id"
        )
    ]


def keep(database: Database, id_: int | None, text: str) -> int:
    """Keep what a line says; None begins one. Its id. Raises Usage."""
    text = " ".join(text.split())
    if not text:
        raise Usage(_("There is nothing to remember yet."), _("Write a line first."))
    at = codec.moment_to_column(codec.now())
    if id_ is None:
        return database.change("INSERT INTO memory (text, changed) VALUES (?, ?)", text, at)
    if not database.row("SELECT 1 FROM memory WHERE id = ? AND deleted IS NULL", id_):
        raise Usage(_("That line is no longer there."))
    bookmarks.forget(database)  # a model may have read what it said before
    database.change("UPDATE memory SET text = ?, changed = ? WHERE id = ?", text, at, id_)
    return id_


def whole(database: Database) -> list[dict[str, object]]:
    """Every line, those in the bin too, as JSON values."""
    names = ("id", "text", "changed", "deleted")
    found = database.rows(f"SELECT {', '.join(names)} FROM memory ORDER BY id")
    return [dict(zip(names, row, strict=True)) for row in found]
