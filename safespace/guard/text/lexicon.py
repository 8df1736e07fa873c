# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words and phrases in a text, found in time that grows with its length and no faster."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Generic, TypeVar

Label = TypeVar("Label")

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_WORD: Final = re.compile(r"[^\W_]+")
_WHOLE_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_GAP: Final = "…"
_GAP_WORDS: Final = 4
_KEY: Final = 4


def words(text: str) -> list[str]:
    """The words of `text` in one spelling: lower case, no accents, nothing invisible."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", text)).translate(_WHOLE_LETTERS)
    return _WORD.findall(text)


def listed(text: str) -> list[str]:
    """The entries of a list in a data file, which commas separate."""
    return [entry for part in text.split(",") if (entry := " ".join(part.split()))]


@dataclass(frozen=True, slots=True)
class Found(Generic[Label]):
    """An entry that stands in the text, from word `start` up to word `end`, not included."""

    start: int
    end: int
    entry: str
    label: Label


def outside(masks: Iterable[Found[Label]], found: Iterable[Found[Label]]) -> Iterator[Found[Label]]:
    """What of `found` does not lie wholly within `masks`."""
    masked = {at for mask in masks for at in range(mask.start, mask.end)}
    return (one for one in found if not masked.issuperset(range(one.start, one.end)))


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of an entry. `loose_head` and `loose_tail`: it may be inside a longer one."""

    text: str
    loose_head: bool
    loose_tail: bool
    after_gap: bool

    def fits(self, word: str) -> bool:
        if self.loose_head:
            return self.text in word if self.loose_tail else word.endswith(self.text)
        return word.startswith(self.text) if self.loose_tail else word == self.text


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Label]):
    spelling: str
    label: Label
    parts: tuple[_Part, ...]

    @property
    def second(self) -> str | None:
        """The word that must follow at once; None: there is no such one."""
        if len(self.parts) < 2:
            return None
        part = self.parts[1]
        loose = part.loose_head or part.loose_tail or part.after_gap
        return None if loose else part.text

    def end(self, text: Sequence[str], start: int) -> int | None:
        """Where the entry ends if it begins at `start`, whose word is known to fit."""
        at = start + 1
        for part in self.parts[1:]:
            for step in range(1 + _GAP_WORDS if part.after_gap else 1):
                if at + step < len(text) and part.fits(text[at + step]):
                    at += step + 1
                    break
            else:
                return None
        return at


class _Beginning(Generic[Label]):
    """Entries whose first word fits, by the second one that most of them ask for."""

    def __init__(self, entries: Iterable[_Entry[Label]]) -> None:
        self._any: list[_Entry[Label]] = []
        second: dict[str, list[_Entry[Label]]] = {}
        for entry in entries:
            if (word := entry.second) is None:
                self._any.append(entry)
            else:
                second.setdefault(word, []).append(entry)
        self._second = {word: [*found, *self._any] for word, found in second.items()}

    def before(self, word: str | None) -> Sequence[_Entry[Label]]:
        """Those that may go on with `word`."""
        return self._second.get(word, self._any) if word else self._any


class Lexicon(Generic[Label]):
    """Labelled entries. An entry is one word or several, spelled as people spell them.

    `stem*` begins a longer word, `*ending` ends one, `*part*` stands anywhere in one (four
    letters at least); `…` lets up to four words pass. Immutable, so safe on any thread.
    """

    def __init__(self, entries: Iterable[tuple[str, Label]]) -> None:
        self._whole: dict[str, list[_Entry[Label]]] = {}
        self._stems: dict[str, list[_Entry[Label]]] = {}
        self._inside: dict[str, list[_Entry[Label]]] = {}
        for spelling, label in entries:
            for variant in {spelling, spelling.translate(_UMLAUTS)}:
                self._add(_Entry(spelling, label, tuple(_parts(variant))))

    def find(self, text: Sequence[str]) -> Iterator[Found[Label]]:
        """Every entry in a text split by `words`, in the order of their first words."""
        beginning: dict[str, _Beginning[Label]] = {}
        for start, (word, following) in enumerate(zip_longest(text, text[1:])):
            entries = beginning.get(word)
            if entries is None:
                entries = beginning[word] = _Beginning(self._beginning_with(word))
            for entry in entries.before(following):
                if (end := entry.end(text, start)) is not None:
                    yield Found(start, end, entry.spelling, entry.label)

    def _add(self, entry: _Entry[Label]) -> None:
        first = entry.parts[0]
        if not first.loose_head and not first.loose_tail:
            self._whole.setdefault(first.text, []).append(entry)
            return
        if len(first.text) < _KEY:
            raise ValueError(f"too short for a part of a word: {entry.spelling}")
        index = self._inside if first.loose_head else self._stems
        index.setdefault(first.text[:_KEY], []).append(entry)

    def _beginning_with(self, word: str) -> Iterator[_Entry[Label]]:
        yield from self._whole.get(word, ())
        yield from (e for e in self._stems.get(word[:_KEY], ()) if e.parts[0].fits(word))
        keys = {word[at : at + _KEY] for at in range(len(word) - _KEY + 1)}
        for key in sorted(keys & self._inside.keys()):
            yield from (e for e in self._inside[key] if e.parts[0].fits(word))


def _parts(spelling: str) -> Iterator[_Part]:
    after_gap = False
    for piece in spelling.split():
        if piece == _GAP:
            after_gap = True
            continue
        loose_head, loose_tail = piece.startswith("*"), piece.endswith("*")
        pieces = words(piece.strip("*"))
        for at, text in enumerate(pieces):
            yield _Part(
                text,
                loose_head and at == 0,
                loose_tail and at == len(pieces) - 1,
                after_gap and at == 0,
            )
        after_gap = False
