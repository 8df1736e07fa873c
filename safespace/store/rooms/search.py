# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search by words in all that a space holds, every branch included, save what is in the bin."""

import operator
from collections.abc import Sequence
from typing import Final, TypeVar

from safespace.domain import Hit, Kind, Role
from safespace.store.connection import Database
from safespace.store.rooms import codec
from safespace.store.rooms.documents import SHOWN
from safespace.store.rooms.excerpt import excerpt
from safespace.store.rooms.notes import headline
from safespace.store.rooms.query import TRIGRAM, Term, match, terms
from safespace.store.truth.sql import Row

T = TypeVar("T")

MANY: Final = 2_000
"""Of words that stand in more places of an index than this, the newest so many are shown, unranked:
to rank them all takes longer than a person wants to wait, and tells little about such words."""

# Ranking reads the index alone; only as many texts are read as could be needed.
_TITLES: Final = """
    SELECT 'conversation', id, title, NULL, NULL, changed, NULL
    FROM ({ranked} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM conversation WHERE deleted IS NOT NULL
    )) JOIN conversation USING (id)
    WHERE deleted IS NULL ORDER BY rank, changed DESC LIMIT ?
"""
_NOTES: Final = """
    SELECT 'note', id, title, NULL, NULL, changed, text
    FROM ({ranked} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM note WHERE deleted IS NOT NULL
    )) JOIN note USING (id)
    WHERE deleted IS NULL ORDER BY rank, changed DESC LIMIT ?
"""
_LINES: Final = """
    SELECT 'memory', id, '', NULL, NULL, changed, text
    FROM ({ranked} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM memory WHERE deleted IS NOT NULL
    )) JOIN memory USING (id)
    WHERE deleted IS NULL ORDER BY rank, changed DESC LIMIT ?
"""
_NAMES: Final = f"""
    SELECT 'document', document.id, title, NULL, NULL, changed, NULL
    FROM ({{ranked}} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM document WHERE NOT ({SHOWN})
    )) AS found JOIN document ON document.id = found.id
    WHERE {SHOWN} ORDER BY rank, changed DESC LIMIT ?
"""
# Of each document the passage that fits best: with one `min`, SQLite takes the other columns
# from its row (https://www.sqlite.org/lang_select.html#bareagg).
_PASSAGES: Final = f"""
    SELECT 'document', document.id, title, passage.id, NULL, changed, text, page
    FROM (
        SELECT min(rank) AS rank, found.id AS best, document AS of
        FROM ({{ranked}}) AS found JOIN passage ON passage.id = found.id GROUP BY of
        ORDER BY rank LIMIT ? + (SELECT count(*) FROM document WHERE NOT ({SHOWN}))
    ) JOIN passage ON passage.id = best JOIN document ON document.id = of
    WHERE {SHOWN} ORDER BY rank, changed DESC LIMIT ?
"""
# CROSS JOIN, so that SQLite begins with the few conversations in the bin, not with all messages.
_MESSAGES: Final = """
    SELECT 'conversation', conversation.id, title, message.id, role, at, text
    FROM ({ranked} ORDER BY rank, id DESC LIMIT ? + (
        SELECT count(*) FROM conversation CROSS JOIN message ON conversation = conversation.id
        WHERE deleted IS NOT NULL
    )) AS found JOIN message ON message.id = found.id
    JOIN conversation ON conversation.id = message.conversation
    WHERE deleted IS NULL ORDER BY rank, message.id DESC LIMIT ?
"""
_INDEXES: Final = (
    (Kind.CONVERSATION, "conversation", _TITLES),
    (Kind.NOTE, "note", _NOTES),
    (Kind.MEMORY, "memory", _LINES),
    (Kind.DOCUMENT, "document", _NAMES),
    (Kind.DOCUMENT, "passage", _PASSAGES),
    (Kind.CONVERSATION, "message", _MESSAGES),
)
"""In the order in which hits are shown: what is short or written on purpose comes first."""


def search(database: Database, untrusted: str, limit: int, only: Kind | None = None) -> list[Hit]:
    """Where all terms of what was typed stand together: at most `limit` places.

    In everything, or in `only` one kind of thing. Titles first, then notes, memory, documents
    and messages, each by BM25, the newest first where that makes no difference and where there
    are MANY. Any text may be typed.
    """
    wanted = terms(untrusted)
    if not wanted:
        return []
    found = [
        _found(database, sql, table, wanted, limit)
        for kind, table, sql in _INDEXES
        if only in (None, kind)
    ]
    return [_hit(row, wanted) for row in shared(found, limit)]


def shared(lists: Sequence[Sequence[T]], limit: int) -> list[T]:
    """At most `limit` items, in order, the first of each list alike; nobody's share is wasted."""
    takes = [0] * len(lists)
    left = limit
    while left and any(map(operator.lt, takes, map(len, lists))):
        for place, items in enumerate(lists):
            if left and takes[place] < len(items):
                takes[place] += 1
                left -= 1
    return [item for items, take in zip(lists, takes, strict=True) for item in items[:take]]


def _found(
    database: Database, sql: str, table: str, wanted: Sequence[Term], limit: int
) -> list[Row]:
    ranked, values = _ranked(database, table, wanted)
    return database.rows(sql.format(ranked=ranked), *values, limit, limit)


def _ranked(database: Database, table: str, wanted: Sequence[Term]) -> tuple[str, list[str]]:
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
            alone = len(known) == len(wanted)
            newest = f"FROM {name} WHERE {name} MATCH ? ORDER BY rowid DESC LIMIT {MANY}"
            if alone and database.row(f"SELECT 1 {newest} OFFSET {MANY}", match(known)):
                parts.append((f"SELECT rowid AS id, 0 AS rank {newest}", match(known)))
            else:
                ranked = f"SELECT rowid AS id, rank FROM {name} WHERE {name} MATCH ?"
                parts.append((ranked, match(known)))
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
    kind, id_, title, place, role, at, text, *page = row
    in_title = text is None
    shown, marks = excerpt(title if in_title else text, wanted)
    return Hit(
        kind=Kind(kind),
        id=id_,
        title=headline(title, text or "") if kind == Kind.NOTE else title,
        message=None if page else place,
        role=None if role is None else Role(role),
        at=codec.moment(at),
        in_title=in_title,
        excerpt=shown,
        marks=marks,
        passage=place if page else None,
        page=page[0] if page else None,
    )
