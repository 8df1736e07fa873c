# SPDX-License-Identifier: AGPL-3.0-or-later
"""Some of a text around the words that were looked for, and where in it they stand."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from safespace.store.rooms.query import Term

LENGTH: Final = 180
"""Characters of an excerpt, without the dots that show where it was cut."""
_BEFORE: Final = 50
_PART: Final = 20_000
"""A long text is searched in parts of so many characters."""
_CUT: Final = "…"
_WHITE: Final = re.compile(r"\s")

Marks = tuple[tuple[int, int], ...]


def excerpt(text: str, terms: Sequence[Term]) -> tuple[str, Marks]:
    """One line of `text` from shortly before the first of `terms`, and the terms' places in it.

    Without any of them in sight, the beginning and no places.
    """
    pattern = _pattern(terms)
    first = _first(text, pattern)
    start = _word_begins(text, max(0, first - _BEFORE), first)
    shown = text[start : start + LENGTH]
    before, after = (_CUT if start else ""), (_CUT if start + LENGTH < len(text) else "")
    marks = tuple((a + len(before), b + len(before)) for a, b in _places(shown, pattern))
    return before + _WHITE.sub(" ", shown) + after, marks


def _pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    """Finds the terms in folded text, much as the index does."""
    ways = []
    for term in terms:
        folded = "".join(map(_folded, term.text))
        if term.unspaced:
            ways.append(re.escape(folded))
        elif words := re.findall(r"[^\W_]+", folded):
            end = "" if term.unfinished else r"(?![^\W_])"
            ways.append(r"(?<![^\W_])" + r"[\W_]+".join(words) + end)
    return re.compile("|".join(filter(None, ways)) or r"(?!)")


def _first(text: str, pattern: re.Pattern[str]) -> int:
    for start in range(0, len(text), _PART):
        for place, _end in _places(text[start : start + _PART + LENGTH], pattern):
            return start + place
    return 0


def _word_begins(text: str, start: int, before: int) -> int:
    """The first place from `start` on where a word begins, if that is not beyond `before`."""
    if start and (gap := _WHITE.search(text, start - 1, before)):
        return gap.end()
    return start


def _places(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    if text.isascii():
        return [found.span() for found in pattern.finditer(text.lower())]
    pieces = [_folded(letter) for letter in text]
    origin = [place for place, piece in enumerate(pieces) for _letter in piece]
    origin.append(len(text))  # a word's last letter keeps the marks above and below it
    return [
        (origin[found.start()], origin[found.end()])
        for found in pattern.finditer("".join(pieces))
        if found.end() > found.start()
    ]


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """A letter without case and diacritics; nothing for a diacritic alone."""
    parts = unicodedata.normalize("NFD", letter.lower())
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")
