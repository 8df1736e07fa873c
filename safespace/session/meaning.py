# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passages found by what they mean, where a model that finds lies on the shelf.

In the background it makes vectors of all passages that it may be shown, a few at a time and only
while nobody on this computer is answered; at a question, one of the question. What goes wrong
costs only this: words are found as ever.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.domain import Passage, Topic
from safespace.errors import Known, ModelDamaged, SafeSpaceError, WorkerDied
from safespace.guard.reading.reader import Reader
from safespace.i18n import _
from safespace.local_ai.client.finder import Finder
from safespace.local_ai.everyday import SENTENCES
from safespace.local_ai.likeness import Near, near, packed, stretches
from safespace.local_ai.shelf.shelf import Shelf, ShelfModel, digest_of
from safespace.store.space import Space

SETTING: Final = "assistant.meaning"
_AT_ONCE: Final = 4
"""Passages, of which a space keeps what was made in one transaction."""
_LONGEST: Final = 4_000
"""Characters of a question that count: no model of this kind takes in more."""
_FIRST_S: Final = 2.0
"""What was opened for one question is closed again by then."""
_PAUSE_S: Final = 0.5
"""How long it steps aside for an answer before it looks again."""
_LOOK_S: Final = 30.0
"""How often it looks for a new model while there is nothing to do."""

KeptOut = Callable[[str], frozenset[Topic] | None]
"""Topics that the model of this file is shown nothing of; None: it is shown nothing at all."""


@dataclass(frozen=True, slots=True)
class Progress:
    """So many passages of `all` can be found by what they mean, with the model `name`."""

    name: str
    done: int
    all: int
    trouble: str = ""

    def said(self) -> str:
        """In a sentence, for a person."""
        if self.trouble:
            return self.trouble
        return _("{done} of {all} passages can be found by what they mean, with {model}.").format(
            done=self.done, all=self.all, model=self.name
        )


@dataclass(frozen=True, slots=True)
class _Finding:
    """A model that may be asked now. What it made is good for this `key` alone."""

    model: ShelfModel
    key: bytes
    kept_out: frozenset[Topic]
    closed: int
    """How often the finder had been closed before that was asked."""


class Meaning:
    """Of an open space. Any thread."""

    def __init__(
        self, space: Space, shelf: Shelf, finder: Finder, reader: Reader, kept_out: KeptOut
    ) -> None:
        self._space = space
        self._shelf = shelf
        self._finder = finder
        self._reader = reader
        self._kept_out = kept_out
        self._news = threading.Event()
        self._ended = False
        self._keeping = threading.Lock()  # what is forgotten is not kept a moment later
        self._digests: dict[tuple[Path, int, int], bytes] = {}
        self._everyday: tuple[bytes, list[bytes]] = (b"", [])
        self._trouble: Known | None = None
        self._unfit = b""
        """The key of a model that cannot make vectors, whatever it says."""
        self._died_at = 0
        """The passage at which the worker died last."""

    def near(self, question: str, limit: int, within: Sequence[int] | None = None) -> list[Near]:
        """At most `limit` stretches of passages that mean something like `question`, the nearest
        first: of all documents, or of those named. None where nothing can be found so.
        """
        finding: _Finding | None = None
        try:
            finding = self._finding()
            if finding is None or finding.key == self._unfit:
                return []
            if not self._may_read(question, finding):
                return []
            kept = self._space.vectors.every(finding.key, within)
            everyday = self._everyday_by(finding, urgent=True) if kept else []
            if not everyday:
                return []
            asked = question[:_LONGEST]
            made = self._vectors(finding, [asked], urgent=True)
        except ModelDamaged as problem:
            self._give_up(finding, problem)
            return []
        except (SafeSpaceError, OSError):
            return []
        return near(made[0], kept, everyday, limit) if made else []

    def progress(self) -> Progress | None:
        """How far it is; None where no model may find. Raises what the store does."""
        try:
            finding = self._finding()
        except Known as problem:
            return Progress("", 0, 0, str(problem))
        except OSError:  # the file goes this moment
            return None
        if finding is None:
            return None
        trouble = str(self._trouble) if self._trouble else ""
        return Progress(finding.model.name, *self._space.vectors.count(finding.key), trouble)

    def tend(self, ended: Callable[[], bool], busy: Callable[[], bool]) -> None:
        """Make vectors of what has none, and of what comes, until it `ended`. Blocks."""
        self._news.wait(_FIRST_S)
        while not ended() and not self._ended:
            if busy():
                self._news.wait(_PAUSE_S)
            elif not self._go_on():
                self._news.wait(_LOOK_S)
            self._news.clear()

    def wake(self) -> None:
        """There may be something to do."""
        self._news.set()

    def hush(self) -> None:
        """Somebody is answered now: break off what is computed in the background."""
        self._finder.hush()

    def unload(self) -> None:
        """Put the model out of memory; it comes back when it is wanted and may."""
        self._finder.close()

    def forget(self) -> None:
        """Erase all that was made, once the setting says so. Raises StorageError."""
        self._finder.close()
        with self._keeping:
            self._space.vectors.forget()

    def close(self) -> None:
        """Have `tend` end, and the model go."""
        self._ended = True
        self._news.set()
        self._finder.close()

    def _go_on(self) -> bool:
        """Make vectors of the next passages; whether any were made."""
        finding: _Finding | None = None
        try:
            finding = self._finding()
            if finding is None:
                self._finder.close()  # it may have been loaded while it might
                return False
            some = self._space.vectors.lacking(finding.key, _AT_ONCE)
            if not some or finding.key == self._unfit:
                return False
            made = dict(self._made(finding, some))
            with self._keeping:
                if self._finding() != finding:  # it may no longer, or is shown other things
                    return True
                self._space.vectors.keep(finding.key, made)
            self._everyday_by(finding)
        except ModelDamaged as problem:
            self._give_up(finding, problem)
            return False
        except Known as problem:
            self._trouble = problem
            return False
        except (SafeSpaceError, OSError):
            return False
        self._trouble = None
        return bool(made)

    def _made(self, finding: _Finding, some: Sequence[Passage]) -> Iterator[tuple[int, bytes]]:
        """What is kept of each: nothing of what the model is not shown. As far as it came."""
        for passage in some:
            if not self._may_read(passage.text, finding):
                yield passage.id, b""
                continue
            places = stretches(passage.text)
            texts = [passage.text[start:end] for start, end in places]
            try:
                vectors = self._vectors(finding, texts)
            except WorkerDied:
                if passage.id == self._died_at:  # so it would go on, and nothing come after it
                    yield passage.id, b""
                    return
                self._died_at = passage.id
                raise
            if vectors is None:
                return
            yield passage.id, packed(places, vectors)

    def _give_up(self, finding: _Finding | None, problem: ModelDamaged) -> None:
        self._trouble = problem
        if finding:
            self._unfit = finding.key

    def _everyday_by(self, finding: _Finding, *, urgent: bool = False) -> list[bytes]:
        """Vectors of everyday sentences; none if that was broken off."""
        key, vectors = self._everyday
        if key != finding.key:
            vectors = self._vectors(finding, SENTENCES, urgent=urgent) or []
            if vectors:
                self._everyday = (finding.key, vectors)
        return vectors

    def _vectors(
        self, finding: _Finding, texts: Sequence[str], *, urgent: bool = False
    ) -> list[bytes] | None:
        """None if it was broken off, or put out of memory since the model was found allowed."""
        return self._finder.vectors(finding.model.path, texts, urgent=urgent, closed=finding.closed)

    def _may_read(self, text: str, finding: _Finding) -> bool:
        if not finding.kept_out:
            return True
        topics = self._reader.read(text).topics
        return topics is not None and not topics & finding.kept_out

    def _finding(self) -> _Finding | None:
        """Raises what the shelf does."""
        closed = self._finder.closed  # before anything is asked that may change
        model = self._shelf.finder()
        kept_out = self._kept_out(model.path.name) if model else None
        if model is None or kept_out is None:
            return None
        about = " ".join(sorted(kept_out)).encode()
        key = hashlib.sha256(self._digest(model) + about).digest()
        return _Finding(model, key, kept_out, closed)

    def _digest(self, model: ShelfModel) -> bytes:
        if model.card and model.card.sha256:
            return bytes.fromhex(model.card.sha256)
        facts = model.path.stat()
        stamp = (model.path, facts.st_mtime_ns, facts.st_size)
        if stamp not in self._digests:
            self._digests[stamp] = bytes.fromhex(digest_of(model.path))
        return self._digests[stamp]
