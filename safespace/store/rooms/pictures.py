# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of documents: drawn anew from what stands in them, kept as PNG, gone with them."""

from typing import Final

from safespace.domain import Picture
from safespace.errors import Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread

Drawn = tuple[int | None, int | None, str, int, int, bytes]
"""Page, the passage before it, what it says, width, height, and a PNG."""

_COLUMNS: Final = ("id", "document", "page", "after", "says", "width", "height")


class Pictures:
    """Pictures in the documents of an open space. Any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def unseen(self) -> list[tuple[int, str]]:
        """The documents, read for their text, in which nobody has looked for pictures; types."""
        return self._owner.do(unseen)

    def begin(self, document: int) -> bool:
        """Take back what an earlier look wrote; False if there was a whole one, or it is gone."""
        return self._owner.do(begin, document)

    def write(self, document: int, drawn: Drawn) -> bool:
        """Add a picture to a document; False if it is no longer there."""
        return self._owner.do(write, document, drawn)

    def end(self, document: int, left_out: int) -> None:
        """Say that all were looked at, and how many cannot be shown."""
        self._owner.do(end, document, left_out)

    def of(self, document: int) -> list[Picture]:
        """Those of a document, in order."""
        return self._owner.do(of, document)

    def png(self, picture: int) -> bytes:
        """The file of one. Raises Usage if it is gone."""
        return self._owner.do(png, picture)


def unseen(database: Database) -> list[tuple[int, str]]:
    """The documents in which nobody has looked for pictures yet, and their types."""
    found = database.rows(
        "SELECT id, type FROM document"
        " WHERE state = 'kept' AND reading != '' AND left_out IS NULL ORDER BY id"
    )
    return [(id_, type_) for id_, type_ in found]


def begin(database: Database, document: int) -> bool:
    """Take back what an earlier look wrote that broke off; whether there is one to begin."""
    if not database.row(
        "SELECT 1 FROM document WHERE id = ? AND state = 'kept' AND left_out IS NULL", document
    ):
        return False
    database.change("DELETE FROM picture WHERE document = ?", document)
    return True


def write(database: Database, document: int, drawn: Drawn) -> bool:
    """Add a picture to a document that is there; whether it is."""
    if not database.row("SELECT 1 FROM document WHERE id = ? AND state = 'kept'", document):
        return False
    database.change(
        "INSERT INTO picture (document, page, after, says, width, height, png)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(document, *drawn),
    )
    return True


def end(database: Database, document: int, left_out: int) -> None:
    """Say that all were looked at."""
    database.change("UPDATE document SET left_out = ? WHERE id = ?", left_out, document)


def of(database: Database, document: int) -> list[Picture]:
    """Those of a document, in order."""
    found = database.rows(
        f"SELECT {', '.join(_COLUMNS)} FROM picture WHERE document = ? ORDER BY id", document
    )
    return [Picture(*row) for row in found]


def png(database: Database, picture: int) -> bytes:
    """The file of one. Raises Usage if it is gone."""
    row = database.row("SELECT png FROM picture WHERE id = ?", picture)
    if row is None:
        raise Usage(_("That document is no longer there."))
    return bytes(row[0])


def whole(database: Database, document: int) -> list[dict[str, object]]:
    """What is known of each, as JSON values; not its bytes."""
    names = ("id", "page", "says", "width", "height")
    found = database.rows(
        f"SELECT {', '.join(names)} FROM picture WHERE document = ? ORDER BY id", document
    )
    return [dict(zip(names, row, strict=True)) for row in found]
