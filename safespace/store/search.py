# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search by words in titles and in the messages of all branches, save what is in the bin."""

from collections.abc import Sequence
from typing import Final

from safespace.domain import Hit, Role
from safespace.store import codec
from safespace.store.connection import Database, Row
from safespace.store.excerpt import excerpt
from safespace.store.query import TRIGRAM, Term, match, terms

_TITLES_SHARE: Final = 4
"""Titles come first, for they are what a conversation is about, but take no more than this part."""

# Ranking reads the index alone; only as many texts are read as could be needed.
_TITLES: Final = """
    SELECT id, title, NULL, NULL, changed, title
    FROM ({ranked} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM conversation WHERE deleted IS NOT NULL
    )) JOIN conversation USING (id)
    WHERE deleted IS NULL ORDER BY rank, changed DESC LIMIT ?
"""
_MESSAGES: Final = """
    SELECT conversation.id, title, message.id, role, at, text
    FROM ({ranked} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM message JOIN conversation ON conversation.id = conversation
        WHERE deleted IS NOT NULL
    )) AS found JOIN message ON message.id = found.id
    JOIN conversation ON conversation.id = message.conversation
    WHERE deleted IS NULL ORDER BY rank, message.id DESC LIMIT ?
"""


def search(database: Database, untrusted: str, limit: int) -> list[Hit]:
    """Where all terms of what was typed stand together: at most `limit` places.

    Titles first, then messages, each by BM25 and the newest first where that makes no
    difference. Any text may be typed.
    """
    wanted = terms(untrusted)
    if not wanted:
        return []
    titles = _found(database, _TITLES, "conversation", wanted, max(1, limit // _TITLES_SHARE))
    messages = _found(database, _MESSAGES, "message", wanted, limit)
    return [_hit(row, wanted) for row in (titles + messages)[:limit]]


def _found(
    database: Database, sql: str, table: str, wanted: Sequence[Term], limit: int
) -> list[Row]:
    ranked, values = _ranked(table, wanted)
    return database.rows(sql.format(ranked=ranked), *values, limit, limit)


def _ranked(table: str, wanted: Sequence[Term]) -> tuple[str, list[str]]:
    """The statement that gives `id` and `rank` of what holds all the terms, and its values.

    Each index is asked for the terms it knows. Two letters make no trigram, so they are looked
    for in the text itself, where that is in a script in which two letters are a word.
    """
    parts = []
    spaced = [term for term in wanted if not term.unspaced]
    long = [term for term in wanted if term.unspaced and len(term.text) >= TRIGRAM]
    for index, known in (("words", spaced), ("trigrams", long)):
        if known:
            name = f"{table}_{index}"
            parts.append(
                (f"SELECT rowid AS id, rank FROM {name} WHERE {name} MATCH ?", match(known))
            )
    parts += [
        (
            f"SELECT id, 0 AS rank FROM {table}_unspaced WHERE instr(lower(text), lower(?))",
            term.text,
        )
        for term in wanted
        if term.unspaced and len(term.text) < TRIGRAM
    ]
    first, *others = (part for part, _value in parts)
    also = "".join(f" AND id IN (SELECT id FROM ({other}))" for other in others)
    return f"SELECT id, rank FROM ({first}) WHERE true{also}", [value for _part, value in parts]


def _hit(row: Row, wanted: Sequence[Term]) -> Hit:
    conversation, title, message, role, at, text = row
    shown, marks = excerpt(text, wanted)
    return Hit(
        conversation=conversation,
        title=title,
        message=message,
        role=None if role is None else Role(role),
        at=codec.moment(at),
        excerpt=shown,
        marks=marks,
    )
