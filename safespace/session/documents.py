# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's documents: taken in by the store, then read in the walled child."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.domain import Document, Mark, Passage, Picture, Reading, Route
from safespace.errors import SafeSpaceError
from safespace.i18n import N_, _, ngettext
from safespace.local_ai.documents.kinds import PICTURES
from safespace.local_ai.documents.pixels import png
from safespace.local_ai.documents.reading import Drawn, Parts, Place, Read, Reader, readable
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
    """What of a document is not searched or shown, and a way on; empty: nothing."""
    sentences = []
    if not document.size:
        return _("It is empty: only its name is searched.")
    if document.type in PICTURES and document.reading is Reading.WORDLESS:
        if not document.left_out:
            return _("It is a picture: only its name is searched.")
    elif document.reading in _SAID:
        sentences.append(_(_SAID[document.reading]))
    if document.left_out:
        left_out = ngettext(
            "{count} picture in it cannot be shown: it is damaged, too large or of a rare kind."
            " Take a copy out to see it.",
            "{count} pictures in it cannot be shown: they are damaged, too large, too many or of a"
            " rare kind. Take a copy out to see them.",
            document.left_out,
        )
        sentences.append(left_out.format(count=document.left_out))
    return " ".join(sentences)


def here_already(taken: "Taken") -> str:
    """That a file was not taken in a second time."""
    return _("It is here already, as “{title}”: it was not taken in again.").format(
        title=taken.document.title
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in, or is `already` here."""

    document: Document
    already: bool = False


def stands_at(picture: Picture, passages: Sequence[Passage]) -> int:
    """Beside which passage it is shown: the one before it, or the last that its page begins with.

    0 where there is none before it.
    """
    if picture.after is not None:
        before = [n for n, one in enumerate(passages) if one.id <= picture.after]
    elif picture.page is not None:
        before = [n for n, one in enumerate(passages) if one.page and one.page <= picture.page]
    else:
        before = []
    return before[-1] if before else 0


def named(picture: Picture) -> str:
    """What it is called: what it shows where that is known, and its page."""
    if picture.page is None:
        return picture.says or _("Picture")
    if not picture.says:
        return _("Picture on page {n}").format(n=picture.page)
    return _("{says}, page {n}").format(says=picture.says, n=picture.page)


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

    def __init__(self, space: Space, added: Callable[[], object] = lambda: None) -> None:
        """`added` is called when there may be more to find."""
        self._space = space
        self._added = added
        self._kept = space.documents
        self._passages = space.passages
        self._pictures = space.pictures
        self._reader = Reader()
        self._reading = threading.Lock()

    def every(self, conversation: int | None = None) -> list[Document]:
        """All of them outside the bin, or those of one conversation, the last added first."""
        return self._kept.every(conversation)

    def document(self, document: int) -> Document:
        """One of them. Raises Usage if it is gone, or in the bin."""
        return self._kept.document(document)

    def add(self, file: Path, conversation: int | None = None) -> Taken:
        """Take `file` in and read it; blocks until both are done. Raises as the store's does.

        What is here already, byte for byte, is attached to the conversation, or stands by itself.
        """
        if same := self._kept.same_as(file):
            self._kept.attach(same.id, conversation)
            if same.reading is Reading.UNREAD:  # it was broken off, and is wanted now
                self._read(same.id, same.type)
            return Taken(self._kept.document(same.id), already=True)
        added = self._kept.add(file, conversation)
        self._read(added.id, added.type)
        self._added()
        return Taken(self._kept.document(added.id))

    def begin_about(self, file: Path, title: str) -> tuple[int, Taken]:
        """A conversation that stays on this computer, with `file` attached to it."""
        begun = self._space.new_conversation(title).id
        try:
            self._space.pin(begun, Route.LOCAL)
            taken = self.add(file, begun)
        except BaseException:
            with suppress(SafeSpaceError):
                self._space.delete_conversation(begun)
            raise
        return begun, taken

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

    def pictures(self, document: int) -> list[Picture]:
        """Those in it that can be shown, in order. Raises Usage if it is gone, or in the bin."""
        self._kept.document(document)
        return self._pictures.of(document)

    def picture(self, picture: int) -> bytes:
        """One of them, as a PNG that was written here. Raises Usage if it is gone."""
        return self._pictures.png(picture)

    def take_out_picture(self, picture: int, target: Path) -> None:
        """Write one, which is not encrypted, to the new file `target`. Raises as `take_out`."""
        self._kept.write_out([self._pictures.png(picture)], target)

    def tend(self, ended: Callable[[], bool]) -> None:
        """Overwrite what was erased, then read what nobody has read yet. Blocks."""
        self._kept.sweep(ended)
        for document, type_ in self._passages.unread() + self._pictures.unseen():
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
            text, pictures = self._passages.begin(document), self._pictures.begin(document)
            if not (text or pictures):
                return
            if not readable(type_):
                if text:
                    self._passages.end(document, Reading.OTHER)
                self._pictures.end(document, 0)
                return
            with closing(self._reader.parts(type_, self._kept.read(document))) as parts:
                how = self._write(document, parts, text=text)
            if how.text is Reading.UNREAD:
                return
            if text:
                self._passages.end(document, how.text)
            self._pictures.end(document, how.left_out)

    def _write(self, document: int, parts: Parts, *, text: bool) -> Read:
        """Keep what is read, of the pictures alone if not `text`; how it went.

        That is UNREAD if it was broken off, or the document erased meanwhile.
        """
        how = Read(Reading.UNREAD)

        def outcome() -> Iterator[Place | Drawn]:
            nonlocal how
            how = yield from parts

        some: list[Place] = []
        lasts: list[int | None] = []
        for part in outcome():
            if isinstance(part, Drawn):
                if some and not self._keep(document, some, lasts):
                    return Read(Reading.UNREAD)
                after = lasts[min(part.after, len(lasts)) - 1] if part.after and lasts else None
                drawn = part.pixels
                size = drawn.width, drawn.height
                if not self._pictures.write(
                    document, (part.page, after, part.says, *size, png(drawn))
                ):
                    return Read(Reading.UNREAD)
            elif text:
                some.append(part)
                if len(some) == _AT_ONCE and not self._keep(document, some, lasts):
                    return Read(Reading.UNREAD)
        if some:
            self._keep(document, some, lasts)
        return how

    def _keep(self, document: int, some: list[Place], lasts: list[int | None]) -> bool:
        """Write some text, and note the last passage after each of it; whether the document is
        still there.
        """
        written = self._passages.write(document, some)
        some.clear()
        lasts += written or ()
        return written is not None
