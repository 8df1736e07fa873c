# SPDX-License-Identifier: AGPL-3.0-or-later
"""The text of documents, passage by passage: written once it was read, found, shown.

Reading a document for its text happens after it was taken in, and may break off at any time:
then it is read anew, from its first word. What was half written is taken back before.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from safespace.domain import Passage, Reading
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms.documents import SHOWN
from safespace.store.rooms.fusion import fused
from safespace.store.rooms.letters import holding
from safespace.store.rooms.plain_text import end_of_passage
from safespace.store.rooms.query import UNSPACED

Place = tuple[int | None, str]
"""A page, or None, and its text or some of it."""

_PASSAGE: Final = "SELECT passage.id, document, page, text FROM passage"


class Passages:
    """What the documents of an open space say. Any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def unread(self) -> list[tuple[int, str]]:
        """The documents that nobody has read yet, and their types."""
        return self._owner.do(unread)

    def begin(self, document: int) -> bool:
        """Take back what an earlier reading wrote; False if it is read, or no longer there."""
        return self._owner.do(begin, document)

    def write(self, document: int, places: Sequence[Place]) -> list[int | None] | None:
        """Add text to a document: after each place, which passage is its last so far.

        None if the document is no longer there.
        """
        return self._owner.do(write, document, places)

    def end(self, document: int, reading: Reading) -> None:
        """Say how reading it went."""
        self._owner.do(end, document, reading)

    def of(self, document: int) -> list[Passage]:
        """All of a document's text, in order."""
        return self._owner.do(of, document)

    def these(self, ids: Sequence[int]) -> list[Passage]:
        """Those that are still there and may be seen, in the order in which they are named."""
        return self._owner.do(these, ids)

    def fitting(
        self, stems: Iterable[str], limit: int, within: Sequence[int] | None = None
    ) -> list[Passage]:
        """Passages with words that begin like one of `stems`, those that say the most about
        them first; of all documents, or of those named. A stem in a script that puts no spaces
        between words may stand anywhere.
        """
        return self._owner.do(fitting, tuple(stems), limit, within)


def unread(database: Database) -> list[tuple[int, str]]:
    """The documents that nobody has read yet, and their types."""
    found = database.rows("SELECT id, type FROM document WHERE state = 'kept' AND reading = ''")
    return [(id_, type_) for id_, type_ in found]


def begin(database: Database, document: int) -> bool:
    """Take back what an earlier reading wrote that broke off; whether there is one to begin."""
    if not database.row(
        "SELECT 1 FROM document WHERE id = ? AND state = 'kept' AND reading = ''", document
    ):
        return False
    database.change("DELETE FROM passage WHERE document = ?", document)
    return True


def write(database: Database, document: int, places: Sequence[Place]) -> list[int | None] | None:
    """Add text to a document: the last passage after each place; None if it is not there."""
    if not database.row("SELECT 1 FROM document WHERE id = ? AND state = 'kept'", document):
        return None
    found = database.row("SELECT max(id) FROM passage WHERE document = ?", document)
    last = found[0] if found else None
    lasts: list[int | None] = []
    for page, text in places:
        left = text
        while left:
            cut = end_of_passage(left)
            if said := left[:cut].strip():
                last = database.change(
                    "INSERT INTO passage (document, page, text) VALUES (?, ?, ?)",
                    *(document, page, said),
                )
            left = left[cut:]
        lasts.append(last)
    return lasts


def end(database: Database, document: int, reading: Reading) -> None:
    """Say how reading it went; without a word in it, that it has none."""
    some = database.row("SELECT 1 FROM passage WHERE document = ?", document)
    if reading is Reading.WHOLE and not some:
        reading = Reading.WORDLESS
    database.change("UPDATE document SET reading = ? WHERE id = ?", reading, document)


def of(database: Database, document: int) -> list[Passage]:
    """All of a document's text, in order."""
    found = database.rows(f"{_PASSAGE} WHERE document = ? ORDER BY id", document)
    return [Passage(*row) for row in found]


def these(database: Database, ids: Sequence[int]) -> list[Passage]:
    """Those of them that are still there and may be seen."""
    marks = ", ".join("?" * len(ids))
    found = {
        row[0]: Passage(*row)
        for row in database.rows(
            f"{_PASSAGE} JOIN document ON document.id = document"
            f" WHERE passage.id IN ({marks}) AND {SHOWN}",
            *ids,
        )
    }
    return [found[id_] for id_ in ids if id_ in found]


def fitting(
    database: Database, stems: Sequence[str], limit: int, within: Sequence[int] | None
) -> list[Passage]:
    """Passages with any of the words, the best by BM25 first; with letters, as `letters` says."""
    some, values = "", tuple[int, ...]()
    if within is not None:
        some, values = f"AND document.id IN ({', '.join('?' * len(within))})", tuple(within)
    shown = f"JOIN document ON document.id = passage.document WHERE {SHOWN} {some}"
    among = f"SELECT passage.id FROM passage {shown}"
    letters = [stem for stem in stems if UNSPACED.search(stem)]
    by_letters = holding(database, letters, among, values, limit)
    quoted = " OR ".join(f'"{stem}"*' for stem in stems if stem not in letters and '"' not in stem)
    by_words = (
        database.rows(
            "SELECT passage.id FROM passage_words JOIN passage ON passage.id = passage_words.rowid"
            f" {shown} AND passage_words MATCH ? ORDER BY passage_words.rank LIMIT ?",
            *(*values, quoted, limit),
        )
        if quoted
        else []
    )
    return these(database, fused([[row[0] for row in by_words], by_letters])[:limit])
