# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes: what a member writes for themselves, kept as it is typed."""

from typing import Final

from safespace.domain import Heading, Kind, Note
from safespace.errors import Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import codec

BEGINNING: Final = 200
"""Characters of a text in which its first line is looked for."""


class Notes:
    """The notes of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def every(self) -> list[Heading]:
        """All of them outside the bin, the last changed first."""
        return self._owner.do(every)

    def note(self, note: int) -> Note:
        """One of them. Raises Usage if it is gone, or in the bin."""
        return self._owner.do(find, note)

    def keep(self, note: int | None, title: str, text: str) -> int:
        """Keep what a note says now; None begins one. Its id. Raises Usage if it is gone."""
        return self._owner.do(keep, note, title, text)


def every(database: Database) -> list[Heading]:
    """The headings of all notes outside the bin, the last changed first."""
    return [
        Heading(Kind.NOTE, id_, headline(title, text), codec.moment(changed), folder)
        for id_, title, text, changed, folder in database.rows(
            "SELECT id, title, substr(text, 1, ?), changed, folder FROM note"
            " WHERE deleted IS NULL ORDER BY changed DESC, id DESC",
            BEGINNING,
        )
    ]


def headline(title: str, text: str) -> str:
    """The title, or else how the text begins."""
    lines = map(str.strip, text[:BEGINNING].splitlines())
    return title or next(filter(None, lines), "")


def find(database: Database, id_: int) -> Note:
    """One note. Raises Usage if it is gone, or in the bin."""
    row = database.row(
        "SELECT title, text, changed, folder FROM note WHERE id = ? AND deleted IS NULL", id_
    )
    if row is None:
        raise Usage(_("That note is no longer there."))
    title, text, changed, folder = row
    return Note(id_, title, text, codec.moment(changed), folder)


def keep(database: Database, id_: int | None, title: str, text: str) -> int:
    """Keep what a note says now; None begins one. Its id. Raises Usage if it is gone."""
    at = codec.moment_to_column(codec.now())
    if id_ is None:
        return database.change(
            "INSERT INTO note (title, text, changed) VALUES (?, ?, ?)", title, text, at
        )
    find(database, id_)
    database.change(
        "UPDATE note SET title = ?, text = ?, changed = ? WHERE id = ?", title, text, at, id_
    )
    return id_


def whole(database: Database) -> list[dict[str, object]]:
    """Every note, those in the bin too, as JSON values."""
    names = ("id", "folder", "title", "text", "changed", "deleted")
    found = database.rows(f"SELECT {', '.join(names)} FROM note ORDER BY id")
    return [dict(zip(names, row, strict=True)) for row in found]
