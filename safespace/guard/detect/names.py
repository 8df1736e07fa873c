# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of people: those that a list or the words around them tell, and what may be one.

No list holds every name. So a capital inside a sentence, a run of capitals and a word in another
script are reported too, as what may be a name: enough to ask, not enough to know.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN: Final = re.compile(r"\.? {1,2}\Z")
_BEGINS: Final = re.compile(r"(?:\A|[.!?:;\n\r•*\"“„»(\[|>#/-])[\s\"'“„»(\[*_]*\Z")
_LATIN: Final = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_NAME_ASKED: Final = re.compile(
    r"(?:name|nombre|apellidos?|nom|heißt|heisst|called)\W{1,4}\Z", re.I
)
"""What makes a capital at the beginning of a sentence the name that was asked for."""
_ASKED_BACK: Final = 16
_BACK: Final = 6
_LONGEST: Final = 4
_SHORTEST_SHOUT: Final = 3


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    plain: str


class Names:
    """Looks for names with the lists in `file`. Immutable once read; any thread."""

    def __init__(self, file: Path) -> None:
        """Raises OSError or ValueError when the lists cannot be read."""
        lists = {
            key: frozenset(value.split())
            for key, value in tomllib.loads(file.read_text("utf-8")).items()
        }
        self._given = lists["given"] | lists["given_and_word"]
        self._only_given = lists["given"]
        self._families = lists["family"]
        self._titles = lists["titles"]
        self._ordinary = lists["ordinary"]
        self._introductions: dict[str, list[tuple[str, ...]]] = {}
        for entry in sorted(lists["introductions"]):
            phrase = tuple(entry.split("_"))
            self._introductions.setdefault(phrase[-1], []).append(phrase)
        self._telling = self._only_given | self._families
        self._leading = self._titles | self._introductions.keys()

    def seen(self, text: str) -> Iterator[Mark]:
        """Names, in the order of the text."""
        words = [
            _Word(found.start(), found.end(), found[0], found[0].lower())
            for found in _WORD.finditer(text)
        ]
        latin = sum(bool(_LATIN.match(word.text)) for word in words) * 2 >= len(words)
        at, before = 0, ""
        while at < len(words):
            word = words[at]
            small = word.text[0].islower() and _LATIN.match(word.text)
            if small and word.plain not in self._telling and before not in self._leading:
                at, before = at + 1, word.plain
                continue
            end, detector = self._at(words, at, text, latin=latin)
            if detector:
                kind = Kind.NAME if detector.startswith("name.") else Kind.PERSON
                yield Mark(word.start, words[end - 1].end, kind, detector)
            at = max(end, at + 1)
            before = words[at - 1].plain

    def _at(
        self, words: Sequence[_Word], at: int, text: str, *, latin: bool
    ) -> tuple[int, str | None]:
        """Where a name that begins at word `at` ends, and what tells it."""
        word = words[at]
        capital = word.text[0].isupper()
        if self._introduced(words, at) and word.plain not in self._ordinary:
            end = self._run(words, at, text, loose=not capital)
            return end, "person.full" if end > at + 1 else "person.first"
        if at and words[at - 1].plain in self._titles and self._joined(words, at, text):
            if word.plain not in self._ordinary and (capital or word.plain in self._families):
                return self._run(words, at, text, loose=False), "person.title"
            return at, None
        if word.plain in self._titles:
            return at, None
        if word.plain in self._given and (capital or word.plain in self._only_given):
            end = self._run(words, at, text, loose=not capital and word.plain in self._only_given)
            if end > at + 1:
                return end, "person.full"
            return end, "person.first" if capital else "name.lower"
        if word.plain in self._families:
            return at + 1, "person.family" if capital else "name.lower"
        return self._maybe(words, at, text, capital=capital, latin=latin)

    def _maybe(
        self, words: Sequence[_Word], at: int, text: str, *, capital: bool, latin: bool
    ) -> tuple[int, str | None]:
        word = words[at]
        if not _LATIN.match(word.text):
            cased = word.text[0].lower() != word.text[0].upper()
            if latin or not cased:
                return at + 1, "name.script"
        if not capital or word.plain in self._ordinary or len(word.text) == 1:
            return at, None
        if word.text.isupper() and len(word.text) >= _SHORTEST_SHOUT:
            end = self._run(words, at, text, loose=False)
            return (end, "name.capitals") if end > at + 1 else (at, None)
        if not word.text.isupper():
            end = self._run(words, at, text, loose=False)
            begins = _BEGINS.search(text, max(0, word.start - _BACK), word.start)
            asked = _NAME_ASKED.search(text, max(0, word.start - _ASKED_BACK), word.start)
            if not begins or end > at + 1 or asked:
                return end, "name.capital"
        return at, None

    def _run(self, words: Sequence[_Word], at: int, text: str, *, loose: bool) -> int:
        """Past the words that go on with a name: capitals, or in small letters known families."""
        end = at + 1
        while end < min(len(words), at + _LONGEST) and self._joined(words, end, text):
            word = words[end]
            capital = word.text[0].isupper() and word.plain not in self._ordinary
            known = loose and (word.plain in self._families or word.plain in self._only_given)
            if not capital and not known:
                break
            end += 1
        return end

    def _joined(self, words: Sequence[_Word], at: int, text: str) -> bool:
        """Whether nothing but a space, or the dot of a shortened word, parts it from the last."""
        between = text[words[at - 1].end : words[at].start]
        dotted = "." in between
        short = words[at - 1].plain in self._titles or len(words[at - 1].text) == 1
        return bool(_BETWEEN.match(between)) and (short or not dotted)

    def _introduced(self, words: Sequence[_Word], at: int) -> bool:
        """Whether the words before say that a name follows: "my name is"."""
        for phrase in self._introductions.get(words[at - 1].plain, ()) if at else ():
            if at >= len(phrase) and all(
                words[at - len(phrase) + step].plain == one for step, one in enumerate(phrase)
            ):
                return True
        return False
