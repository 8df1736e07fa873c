# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bin, where what was deleted waits, and erasing, which overwrites it.

SQLite overwrites what is deleted (`secure_delete`), messages go with their conversation, and
triggers take words out of the index (`migrations`). A document is large, so it is first marked
as going, and then goes step by step (`going.sweep`), if need be after the next unlock.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from safespace.domain import Heading, Kind
from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.rooms import bookmarks, codec, folders, going, notes

KEPT: Final = timedelta(days=30)
"""How long the bin keeps what is put into it."""

_BINNED: Final = f"""
    SELECT 'conversation', id, title, '', changed, folder, deleted
    FROM conversation WHERE deleted IS NOT NULL
    UNION ALL
    SELECT 'note', id, title, substr(text, 1, {notes.BEGINNING}), changed, folder, deleted
    FROM note WHERE deleted IS NOT NULL
    UNION ALL
    SELECT 'document', id, title, '', changed, folder, deleted
    FROM document WHERE deleted IS NOT NULL AND state = 'kept'
    UNION ALL
    SELECT 'memory', id, text, '', changed, NULL, deleted
    FROM memory WHERE deleted IS NOT NULL
    ORDER BY 7 DESC, 2 DESC
"""


def binned(database: Database) -> list[Heading]:
    """What is in the bin, the last deleted first."""
    return [
        Heading(
            Kind(kind),
            id_,
            notes.headline(title, text),
            codec.moment(changed),
            folder,
            codec.moment(deleted),
        )
        for kind, id_, title, text, changed, folder, deleted in database.rows(_BINNED)
    ]


def put_into_bin(database: Database, kind: Kind, id_: int) -> None:
    """Delete something so that it can be restored; if it is deleted already it keeps its time."""
    database.change(
        f"UPDATE {kind} SET deleted = ? WHERE id = ? AND deleted IS NULL",
        codec.moment_to_column(codec.now()),
        id_,
    )


def erased_at(heading: Heading) -> datetime:
    """From when on an unlock erases what is in the bin."""
    assert heading.deleted is not None
    return heading.deleted + KEPT


def restore(database: Database, kind: Kind, id_: int) -> None:
    """Take something out of the bin. Raises Usage if it is not there.

    It leaves a folder that would put it back.
    """
    if not database.row(f"SELECT 1 FROM {kind} WHERE id = ? AND deleted IS NOT NULL", id_):
        raise Usage(_("That is not in the bin."))
    database.change(f"UPDATE {kind} SET deleted = NULL WHERE id = ?", id_)
    if kind in folders.KINDS:
        folders.spare(database, kind, id_)


def erase(database: Database, kind: Kind, id_: int) -> None:
    """Overwrite something with all that belongs to it; gone already is as good.

    Documents are only marked as going.
    """
    _erase(database, kind, "id = ?", id_)


def empty_bin(database: Database) -> None:
    """Erase all that is in the bin."""
    for kind in Kind:
        _erase(database, kind, "deleted IS NOT NULL")


def erase_old(database: Database) -> None:
    """Erase what has been in the bin for its time, and let go of what a kill left half added.

    A disk that refuses keeps nobody out.
    """
    before = codec.moment_to_column(codec.now() - KEPT)
    with suppress(StorageError):
        old = [
            kind for kind in Kind if database.row(f"SELECT 1 FROM {kind} WHERE deleted < ?", before)
        ]
        with database.transaction():
            going.give_up_adding(database)
            for kind in old:
                _erase(database, kind, "deleted < ?", before)
        if old:
            database.settle()


def _erase(database: Database, kind: Kind, which: str, *values: object) -> None:
    if kind is Kind.CONVERSATION:
        going.pass_on(database, which, *values)
        going.let_go(
            database,
            f"conversation IN (SELECT id FROM conversation WHERE {which})",
            *values,
        )
    if kind in (Kind.DOCUMENT, Kind.MEMORY) and database.row(
        f"SELECT 1 FROM {kind} WHERE {which}", *values
    ):  # a model may have read it, in any conversation
        bookmarks.forget(database)
    if kind is Kind.DOCUMENT:
        going.let_go(database, which, *values)
    else:
        database.change(f"DELETE FROM {kind} WHERE {which}", *values)
