# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything a space holds as JSON values, for its member to take along (docs/export.md)."""

import dataclasses
from typing import Final

from safespace.domain import Conversation, Message, Placeholder
from safespace.errors import Damaged
from safespace.store.connection import Database
from safespace.store.rooms import (
    activity,
    codec,
    consents,
    conversations,
    documents,
    engagement,
    findings,
    folders,
    kept_settings,
    limits,
    memory,
    notes,
    openings,
    own_words,
    placeholders,
)

FORMAT: Final = "safespace-export/1"
LEFT_OUT: Final = {
    "chain": "codes that mean something only together with the key of the space",
    "receipt": "sealed notes of other spaces of the computer; this one cannot read them",
    "piece": "the bytes of documents, each of which is a file beside space.json",
    "picture.after": "the passage that stands before it, which the export leaves out",
    "picture.png": "the pictures in documents, each of which is a file beside space.json",
    "passage": "the text of documents as the search has it, taken from their bytes",
    "opening.id": "their order, which is that of their times",
    "finding.id": "their order, which is that of their times",
    "placeholder.id": "their order, in which the export has them",
    "signing_key": "the key this space signs with: who has it speaks in its name",
    "record.salt": "what makes the digest of an entry one of many; it goes with its words",
    "record.digest": "a code that shows whether an entry is as it was written",
    "record.link": "a code that binds each entry to the one before",
    "bookmark": "what a model made of conversations, which it can make again",
    "vector": "what a model made of passages, which it can make again",
    "record_key": "the key of these codes and of the hashes",
    "engagement.one": "a number that is always 1",
    "limits.one": "a number that is always 1",
    "limits_use.one": "a number that is always 1",
}
"""Tables and columns that an export does not hold, and why."""


def everything(database: Database) -> dict[str, object]:
    """The whole space, every branch of every conversation included."""
    level, level_version = _level(database)
    return {
        "format": FORMAT,
        "exported": codec.moment_to_column(codec.now()),
        "level": level,
        "level_version": level_version,
        "settings": kept_settings.every(database),
        "draft": conversations.draft(database, None),
        "conversations": [
            _conversation(
                found,
                conversations.messages(database, found.id),
                placeholders.every(database, found.id),
                own_words.instructions(database, found.id),
            )
            for found in conversations.every(database) + conversations.binned(database)
        ],
        "instructions": own_words.instructions(database, None),
        "prompts": own_words.whole(database),
        "notes": notes.whole(database),
        "documents": documents.whole(database),
        "memory": memory.whole(database),
        "folders": folders.whole(database),
        "limits": limits.whole(database),
        "consents": [
            {"topic": topic, "given": codec.moment_to_column(given)}
            for topic, given in consents.every(database)
        ],
        "activity": activity.whole(database),
        "openings": [
            {"at": codec.moment_to_column(opening.at), "by": opening.by.value}
            for opening in openings.every(database)
        ],
        "findings": [
            {
                "at": codec.moment_to_column(finding.at),
                "kind": finding.kind.value,
                "changes": finding.changes,
                "until": finding.until and codec.moment_to_column(finding.until),
                "seen": seen,
            }
            for finding, seen in findings.every(database)
        ],
    }


def _level(database: Database) -> tuple[int | None, int | None]:
    try:
        return engagement.level(database)
    except Damaged:  # no reason to keep the rest from its owner
        return None, None


def _conversation(
    conversation: Conversation,
    messages: list[Message],
    known: list[Placeholder],
    instructions: str,
) -> dict[str, object]:
    return {
        **dataclasses.asdict(conversation),
        "pin": None if conversation.pin is None else conversation.pin.key,
        "changed": codec.moment_to_column(conversation.changed),
        "deleted": conversation.deleted and codec.moment_to_column(conversation.deleted),
        "instructions": instructions,
        "messages": [_message(message) for message in messages],
        "placeholders": [dataclasses.asdict(one) for one in known],
    }


def _message(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role.value,
        "text": message.text,
        "at": codec.moment_to_column(message.at),
        "partial": message.partial,
        "task": message.task,
        "mark": codec.mark_to_json(message.mark),
    }
