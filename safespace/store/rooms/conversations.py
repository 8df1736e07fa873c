# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations: titled trees of messages, one branch of each shown, and their drafts.

A message is never replaced by another version of it: the versions are siblings, children of
one parent, and the conversation's leaf says which branch is shown.
"""

import json
from typing import Final

from safespace.domain import Conversation, Mark, Message, Role, Route, TaskKind
from safespace.errors import Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.rooms import codec
from safespace.store.truth.sql import Row

_CONVERSATION: Final = """
    SELECT conversation.id, title, changed, leaf, ifnull(draft.text, ''), deleted, folder, pin
    FROM conversation LEFT JOIN draft ON ifnull(draft.conversation, 0) = conversation.id
"""

_MESSAGE: Final = """
    SELECT id, conversation, parent, role, text, at, partial, mark, task, (
        SELECT json_group_array(id) FROM (
            SELECT id FROM message AS other
            WHERE other.conversation = message.conversation AND other.parent IS message.parent
            ORDER BY id
        )
    )
    FROM message
"""

_UP: Final = """
    WITH RECURSIVE up (step) AS (
        SELECT ?
        UNION ALL
        SELECT parent FROM message JOIN up ON id = step WHERE parent IS NOT NULL
    )
"""


def begin(database: Database, title: str) -> Conversation:
    """A new conversation, still without a message."""
    return conversation(
        database,
        database.change(
            "INSERT INTO conversation (title, changed) VALUES (?, ?)",
            title,
            codec.moment_to_column(codec.now()),
        ),
    )


def begin_with(
    database: Database, title: str, text: str, *, route: Route, task: TaskKind | None, typed: str
) -> Message:
    """A new conversation, which may go as far as `route`, and the member's message in it.

    What was `typed` for it is no draft any more; another draft stays.
    """
    begun = begin(database, title).id
    if route < Route.COOP:
        pin(database, begun, route)
    asked = add(database, begun, None, Role.MEMBER, text, partial=False, mark=None, task=task)
    if (kept := draft(database, None)) and kept.strip() == typed.strip():
        save_draft(database, None, "")
    return asked


def every(database: Database) -> list[Conversation]:
    """All conversations outside the bin, the newest changed first."""
    return _conversations(database, "deleted IS NULL ORDER BY changed DESC")


def binned(database: Database) -> list[Conversation]:
    """All conversations in the bin."""
    return _conversations(database, "deleted IS NOT NULL ORDER BY deleted DESC")


def conversation(database: Database, id_: int) -> Conversation:
    """One conversation. Raises Usage if it is gone, or in the bin."""
    row = database.row(f"{_CONVERSATION} WHERE conversation.id = ? AND deleted IS NULL", id_)
    if row is None:
        raise Usage(_("That conversation is no longer there."))
    return _conversation(row)


def rename(database: Database, id_: int, title: str) -> None:
    """Give a conversation another title. Raises Usage if it is gone."""
    conversation(database, id_)
    database.change("UPDATE conversation SET title = ? WHERE id = ?", title, id_)


def pin(database: Database, id_: int, route: Route) -> None:
    """Let a conversation go as far as `route` at most. Raises Usage if it is gone."""
    conversation(database, id_)
    database.change("UPDATE conversation SET pin = ? WHERE id = ?", route.key, id_)


def add(
    database: Database,
    conversation_id: int,
    parent: int | None,
    role: Role,
    text: str,
    *,
    partial: bool,
    mark: Mark | None,
    task: TaskKind | None = None,
) -> Message:
    """Add a message below `parent`; it ends the branch that is shown.

    What the member sends is no draft any more. Raises Usage if the conversation, or the
    parent in it, is gone.
    """
    conversation(database, conversation_id)
    if parent is not None and message(database, parent).conversation != conversation_id:
        raise _no_message()
    at = codec.moment_to_column(codec.now())
    id_ = database.change(
        "INSERT INTO message (conversation, parent, role, text, at, partial, mark, task)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        conversation_id,
        parent,
        role.value,
        text,
        at,
        partial,
        codec.mark_to_column(mark),
        task,
    )
    database.change(
        "UPDATE conversation SET leaf = ?, changed = ? WHERE id = ?", id_, at, conversation_id
    )
    if role is Role.MEMBER:
        save_draft(database, conversation_id, "")
    return message(database, id_)


def update(database: Database, id_: int, text: str, *, partial: bool, mark: Mark | None) -> Message:
    """Give a message its text as it now stands. Raises Usage if it is gone."""
    found = message(database, id_)
    database.change(
        "UPDATE message SET text = ?, partial = ?, mark = ? WHERE id = ?",
        text,
        partial,
        codec.mark_to_column(mark),
        id_,
    )
    database.change(
        "UPDATE conversation SET changed = ? WHERE id = ?",
        codec.moment_to_column(codec.now()),
        found.conversation,
    )
    return message(database, id_)


def message(database: Database, id_: int) -> Message:
    """One message. Raises Usage if it is gone."""
    row = database.row(f"{_MESSAGE} WHERE id = ?", id_)
    if row is None:
        raise _no_message()
    return _message(row)


def messages(database: Database, conversation_id: int) -> list[Message]:
    """Every message of a conversation, all branches, oldest first."""
    found = database.rows(f"{_MESSAGE} WHERE conversation = ? ORDER BY id", conversation_id)
    return [_message(row) for row in found]


def branch(database: Database, conversation_id: int) -> list[Message]:
    """The branch that is shown, from its first message to the leaf. Raises Usage if gone."""
    leaf = conversation(database, conversation_id).leaf
    return [] if leaf is None else path(database, leaf)


def path(database: Database, id_: int) -> list[Message]:
    """From the first message to this one. Raises Usage if it is gone."""
    # A message is younger than its parent, so ids ascend along a path.
    found = database.rows(f"{_UP} {_MESSAGE} WHERE id IN up ORDER BY id", id_)
    if not found:
        raise _no_message()
    return [_message(row) for row in found]


def choose(database: Database, id_: int) -> None:
    """Show the branch through this message that ends in its newest leaf."""
    conversation_id = message(database, id_).conversation
    database.change(
        """
        WITH RECURSIVE below (step) AS (
            SELECT ?
            UNION ALL
            SELECT id FROM message JOIN below ON parent = step
        )
        UPDATE conversation SET leaf = (
            SELECT max(step) FROM below
            WHERE NOT EXISTS (SELECT 1 FROM message WHERE parent = step)
        ) WHERE id = ?
        """,
        id_,
        conversation_id,
    )


def save_draft(database: Database, conversation_id: int | None, text: str) -> None:
    """Keep what is being typed; None is the conversation not yet begun.

    Raises Usage if the conversation is gone.
    """
    if conversation_id is not None:
        conversation(database, conversation_id)
    database.change("DELETE FROM draft WHERE conversation IS ?", conversation_id)
    if text:
        database.change("INSERT INTO draft VALUES (?, ?)", conversation_id, text)


def draft(database: Database, conversation_id: int | None) -> str:
    """What was being typed; empty when nothing was."""
    row = database.row("SELECT text FROM draft WHERE conversation IS ?", conversation_id)
    return "" if row is None else str(row[0])


def _no_message() -> Usage:
    return Usage(_("That message is no longer there."))


def _conversations(database: Database, which: str) -> list[Conversation]:
    found = database.rows(f"{_CONVERSATION} WHERE {which}, conversation.id DESC")
    return [_conversation(row) for row in found]


def _conversation(row: Row) -> Conversation:
    id_, title, changed, leaf, draft_text, deleted, folder, pinned = row
    return Conversation(
        id_,
        title,
        codec.moment(changed),
        leaf,
        draft_text,
        None if deleted is None else codec.moment(deleted),
        folder,
        next((route for route in Route if route.key == pinned), None),
    )


def _message(row: Row) -> Message:
    id_, conversation_id, parent, role, text, at, partial, mark, task, siblings = row
    return Message(
        id=id_,
        conversation=conversation_id,
        parent=parent,
        role=Role(role),
        text=text,
        at=codec.moment(at),
        partial=bool(partial),
        mark=codec.mark(mark),
        siblings=tuple(json.loads(siblings)),
        task=None if task is None else TaskKind(task),
    )
