# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's documents: taken in by the store, then read for their text in the walled child."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.domain import Document, Mark, Passage, Reading, Route
from safespace.errors import SafeSpaceError
from safespace.i18n import N_, _
from safespace.local_ai.documents.reading import Reader, Texts, readable
from safespace.store.space import Space

_AT_ONCE: Final = 64
"""Pages that one transaction keeps."""

_SAID: Final = {
    Reading.UNREAD: N_("It is read for its text when this space is next unlocked."),
    Reading.PARTLY: N_(
        "Only part of its text is searched: there is too much of it, or some of it is damaged."
    ),
    Reading.WORDLESS: N_(
        "There is no text in it, perhaps because it was scanned: only its name is searched."
    ),
    Reading.LOCKED: N_(
        "It is locked with a password, so only its name is searched. Add a copy without one."
    ),
    Reading.DAMAGED: N_(
        "It is damaged, so only its name is searched. Open it in its own program, save it anew"
        " and add it again."
    ),
    Reading.TOO_MUCH: N_(
        "Reading it takes more time or memory than a document may have, so only its name is"
        " searched. Add it in parts."
    ),
    Reading.OTHER: N_("Files of this kind are not read for their text; their name is searched."),
}


def said_of(document: Document) -> str:
    """One sentence about what of a document is not searched, and a way on; empty: nothing."""
    return _(_SAID[document.reading]) if document.reading in _SAID else ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place in a document, for a person: `words` stand on `page`, where it has pages.

    `number` is the one that the model read it under.
    """

    number: int
    document: int
    title: str
    page: int | None
    passage: int
    words: str


class Documents:
    """The documents of an open space, and what they say. Any thread.

    One document is read at a time; `close` breaks off the reading, which begins anew after the
    next unlock.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self._kept = space.documents
        self._passages = space.passages
        self._reader = Reader()
        self._reading = threading.Lock()

    def every(self, conversation: int | None = None) -> list[Document]:
        """All of them outside the bin, or those of one conversation, the last added first."""
        return self._kept.every(conversation)

    def document(self, document: int) -> Document:
        """One of them. Raises Usage if it is gone, or in the bin."""
        return self._kept.document(document)

    def add(self, file: Path, conversation: int | None = None) -> Document:
        """Take `file` in and read it; blocks until both are done. Raises as the store's does."""
        added = self._kept.add(file, conversation)
        if added.reading is not Reading.UNREAD:
            return added
        self._read(added.id, added.type)
        return self._kept.document(added.id)

    def begin_about(self, file: Path, title: str) -> int:
        """A conversation that stays on this computer, with `file` attached to it; its number."""
        begun = self._space.new_conversation(title).id
        try:
            self._space.pin(begun, Route.LOCAL)
            self.add(file, begun)
        except BaseException:
            with suppress(SafeSpaceError):
                self._space.delete_conversation(begun)
            raise
        return begun

    def quoted(self, mark: Mark) -> list[Quoted]:
        """What an answer drew on, as it stands now; what was erased since is left out."""
        passages = {one.id: one for one in self._passages.these([s.passage for s in mark.sources])}
        titles = {one.id: one.title for one in self._kept.every()} if passages else {}
        return [
            Quoted(
                number,
                source.document,
                titles[source.document],
                passage.page,
                source.passage,
                passage.text[source.start : source.end],
            )
            for number, source in enumerate(mark.sources, start=1)
            if (passage := passages.get(source.passage)) and source.document in titles
        ]

    def take_out(self, document: int, target: Path) -> None:
        """Write a copy, which is not encrypted, to the new file `target`."""
        self._kept.take_out(document, target)

    def text(self, document: int) -> list[Passage]:
        """All that it says, in order. Raises Usage if it is gone, or in the bin."""
        self._kept.document(document)
        return self._passages.of(document)

    def tend(self, ended: Callable[[], bool]) -> None:
        """Overwrite what was erased, then read what nobody has read yet. Blocks."""
        self._kept.sweep(ended)
        for document, type_ in self._passages.unread():
            if ended():
                return
            with suppress(SafeSpaceError):  # erased meanwhile, or a full disk: the others go on
                self._read(document, type_)

    def sweep(self) -> None:
        """Overwrite what was erased."""
        self._kept.sweep()

    def close(self) -> None:
        """Read no further."""
        self._reader.stop()

    def _read(self, document: int, type_: str) -> None:
        with self._reading:
            if not self._passages.begin(document):
                return
            if not readable(type_):
                self._passages.end(document, Reading.OTHER)
                return
            with closing(self._reader.texts(type_, self._kept.read(document))) as texts:
                how = self._write(document, texts)
            if how is not Reading.UNREAD:
                self._passages.end(document, how)

    def _write(self, document: int, texts: Texts) -> Reading:
        """Keep what is read; how it went, which is UNREAD if it was broken off."""
        how = Reading.UNREAD

        def outcome() -> Iterator[tuple[int | None, str]]:
            nonlocal how
            how = yield from texts

        some: list[tuple[int | None, str]] = []
        for place in outcome():
            some.append(place)
            if len(some) == _AT_ONCE:
                if not self._passages.write(document, some):
                    return Reading.UNREAD  # it was erased meanwhile
                some = []
        self._passages.write(document, some)
        return how
