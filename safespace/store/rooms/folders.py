# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders, and how long what lies in them is kept: for ever, unless the member says otherwise."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from safespace.domain import Folder, Heading, Kind
from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import codec

KINDS: Final = (Kind.CONVERSATION, Kind.NOTE, Kind.DOCUMENT)
"""What can lie in a folder."""
_LONGEST_NAME: Final = 200
_MOST_DAYS: Final = 36_500


class Folders:
    """The folders of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def every(self) -> list[Folder]:
        """All of them, by name."""
        return self._owner.do(every)

    def make(self, name: str) -> int:
        """A new one; its id. Raises Usage for a name that will not do."""
        return self._owner.do(make, name)

    def rename(self, folder: int, name: str) -> None:
        """Raises Usage if it is gone, or for a name that will not do."""
        self._owner.do(rename, folder, name)

    def remove(self, folder: int) -> None:
        """Remove it; what lay in it lies in none, and stays."""
        self._owner.do(remove, folder)

    def keep_for(self, folder: int, days: int | None) -> None:
        """Have what was not changed for so many days go to the bin at unlock; None: nothing.

        Raises Usage.
        """
        self._owner.do(keep_for, folder, days)

    def contents(self, folder: int) -> list[Heading]:
        """What lies in it, the last changed first. Raises Usage if it is gone."""
        return self._owner.do(contents, folder)

    def put(self, kind: Kind, id_: int, folder: int | None) -> None:
        """Put something into a folder, or with None into none. Raises Usage."""
        self._owner.do(put, kind, id_, folder)


def every(database: Database) -> list[Folder]:
    """All folders, by name."""
    found = database.rows("SELECT id, name, days FROM folder")
    return sorted((Folder(*row) for row in found), key=lambda folder: folder.name.casefold())


def make(database: Database, name: str) -> int:
    """A new folder; its id. Raises Usage for a name that will not do."""
    return database.change("INSERT INTO folder (name) VALUES (?)", _fit(database, name, None))


def rename(database: Database, id_: int, name: str) -> None:
    """Give a folder another name. Raises Usage."""
    _find(database, id_)
    database.change("UPDATE folder SET name = ? WHERE id = ?", _fit(database, name, id_), id_)


def remove(database: Database, id_: int) -> None:
    """Remove a folder; what lay in it lies in none. Gone already is as good."""
    database.change("DELETE FROM folder WHERE id = ?", id_)


def keep_for(database: Database, id_: int, days: int | None) -> None:
    """Say how long what lies in a folder is kept. Raises Usage."""
    _find(database, id_)
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise Usage(_("That is no number of days."), _("It takes: 1 to 36500."))
    database.change("UPDATE folder SET days = ? WHERE id = ?", days, id_)


def contents(database: Database, id_: int) -> list[Heading]:
    """What lies in a folder outside the bin, the last changed first. Raises Usage."""
    _find(database, id_)
    found = [
        Heading(kind, thing, title, codec.moment(changed), id_)
        for kind in KINDS
        for thing, title, changed in database.rows(
            f"SELECT id, title, changed FROM {kind} WHERE folder = ? AND deleted IS NULL",
            id_,
        )
    ]
    return sorted(found, key=lambda heading: heading.changed, reverse=True)


def put(database: Database, kind: Kind, id_: int, folder: int | None) -> None:
    """Put something into a folder or into none. Raises Usage."""
    if kind not in KINDS:
        raise Usage(_("That cannot lie in a folder."))
    if folder is not None:
        _find(database, folder)
    if not database.row(f"SELECT 1 FROM {kind} WHERE id = ? AND deleted IS NULL", id_):
        raise Usage(_("That is no longer there."))
    database.change(f"UPDATE {kind} SET folder = ? WHERE id = ?", folder, id_)


def tidy(database: Database) -> None:
    """Put into the bin what has lain in its folder unchanged for the folder's days.

    A disk that refuses keeps nobody out.
    """
    now = codec.now()
    with suppress(StorageError), database.transaction():
        for folder in every(database):
            if folder.days is not None:
                before = codec.moment_to_column(now - timedelta(days=folder.days))
                for kind in KINDS:
                    database.change(
                        f"UPDATE {kind} SET deleted = ?"
                        " WHERE folder = ? AND changed < ? AND deleted IS NULL",
                        codec.moment_to_column(now),
                        folder.id,
                        before,
                    )


def spare(database: Database, kind: Kind, id_: int) -> None:
    """Take something out of its folder if `tidy` would put it into the bin."""
    row = database.row(
        f"SELECT changed, days FROM {kind} AS thing JOIN folder ON folder.id = folder"
        " WHERE thing.id = ? AND days IS NOT NULL",
        id_,
    )
    if row and codec.moment(row[0]) < codec.now() - timedelta(days=row[1]):
        put(database, kind, id_, None)


def whole(database: Database) -> list[dict[str, object]]:
    """Every folder as JSON values."""
    return [
        {"id": folder.id, "name": folder.name, "days": folder.days} for folder in every(database)
    ]


def _find(database: Database, id_: int) -> None:
    if not database.row("SELECT 1 FROM folder WHERE id = ?", id_):
        raise Usage(_("That folder is no longer there."))


def _fit(database: Database, name: str, of: int | None) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise Usage(_("A folder needs a name of at most 200 characters."))
    if any(
        folder.name.casefold() == name.casefold() and folder.id != of for folder in every(database)
    ):
        raise Usage(_("There is a folder of that name already."), _("Choose another name."))
    return name
