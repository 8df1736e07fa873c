# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bin, where a deleted conversation waits, and erasing, which overwrites it.

SQLite overwrites what is deleted (`secure_delete`), the messages go with their conversation,
and triggers take their words out of the index (`migrations`).
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from safespace.domain import Conversation
from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.store import codec
from safespace.store.connection import Database

KEPT: Final = timedelta(days=30)
"""How long the bin keeps what is put into it."""


def put_into_bin(database: Database, id_: int) -> None:
    """Delete a conversation so that it can be restored; one deleted already keeps its time."""
    database.change(
        "UPDATE conversation SET deleted = ? WHERE id = ? AND deleted IS NULL",
        codec.moment_to_column(codec.now()),
        id_,
    )


def erased_at(conversation: Conversation) -> datetime:
    """From when on an unlock erases a conversation that is in the bin."""
    assert conversation.deleted is not None
    return conversation.deleted + KEPT


def restore(database: Database, id_: int) -> None:
    """Take a conversation out of the bin. Raises Usage if it is not there."""
    if not database.row("SELECT 1 FROM conversation WHERE id = ? AND deleted IS NOT NULL", id_):
        raise Usage(_("That conversation is not in the bin."))
    database.change("UPDATE conversation SET deleted = NULL WHERE id = ?", id_)


def erase(database: Database, id_: int) -> None:
    """Overwrite a conversation with its messages and its draft; gone already is as good."""
    database.change("DELETE FROM conversation WHERE id = ?", id_)


def empty_bin(database: Database) -> None:
    """Erase all that is in the bin."""
    database.change("DELETE FROM conversation WHERE deleted IS NOT NULL")


def erase_old(database: Database) -> None:
    """Erase what has been in the bin for its time. A disk that refuses keeps nobody out."""
    before = codec.moment_to_column(codec.now() - KEPT)
    with suppress(StorageError):
        if database.row("SELECT 1 FROM conversation WHERE deleted < ?", before):
            with database.transaction():
                database.change("DELETE FROM conversation WHERE deleted < ?", before)
            database.settle()
