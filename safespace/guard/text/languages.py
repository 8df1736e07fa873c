# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which language a text is in: by its script, else by the small words that it uses.

Good enough to tell whether a model knows the language; a library that does it better costs
130 MB of memory and two seconds.
"""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Final

from safespace.guard.text.lexicon import words

_SCRIPTS: Final = tuple(
    (re.compile(f"[{ranges}]"), language, weight)
    for ranges, language, weight in (
        ("іїєґІЇЄҐ", "uk", 9),
        ("\u0400-\u052f", "ru", 1),
        ("\u0370-\u03ff\u1f00-\u1fff", "el", 1),
        ("\u0590-\u05ff", "he", 1),
        ("پچژگ", "fa", 9),
        ("\u0600-\u06ff\u0750-\u077f", "ar", 1),
        ("\u0900-\u097f", "hi", 1),
        ("\u0e00-\u0e7f", "th", 1),
        ("\u3040-\u30ff", "ja", 9),
        ("\u3400-\u9fff", "zh", 4),
        ("\uac00-\ud7af\u1100-\u11ff", "ko", 4),
    )
)
"""Letters, the language they stand for, and how many Latin letters one of them outweighs."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_FEW: Final = 4
_HEAD_START: Final = 0.05
"""What English is ahead in text without any special letter: it has none to show."""


class Languages:
    """Tells languages apart by the word lists in `file`. Immutable once read; any thread."""

    def __init__(self, file: Path) -> None:
        """Raises OSError or tomllib.TOMLDecodeError when the lists cannot be read."""
        data = tomllib.loads(file.read_text("utf-8"))
        lists = {code: frozenset(words(text)) for code, text in data["words"].items()}
        self._codes = tuple(lists)
        shared: dict[str, list[str]] = {}
        for code, members in lists.items():
            for word in members:
                shared.setdefault(word, []).append(code)
        self._votes = {word: tuple(codes) for word, codes in shared.items()}
        self._letters: dict[str, str] = data["letters"]

    def knows(self, word: str) -> bool:
        """Whether `word`, spelt as `lexicon.words` does, is on the list of any language."""
        return word in self._votes

    def of(self, text: str) -> str | None:
        """The ISO 639-1 code of the language `text` is mostly in; None where it cannot be told."""
        text = unicodedata.normalize("NFKC", text)
        if not text.isascii():
            latin = len(_LATIN.findall(text))
            weights = {
                code: len(letters.findall(text)) * weight for letters, code, weight in _SCRIPTS
            }
            foreign = max(weights, key=weights.__getitem__)
            if weights[foreign] > latin:
                return foreign
        return self._of_latin(text)

    def _of_latin(self, text: str) -> str | None:
        scores = dict.fromkeys(self._codes, 0.0)  # in the order of the file, which ends a tie
        if text.isascii():
            scores["en"] = _HEAD_START
        found = words(text)
        for word in found:
            if codes := self._votes.get(word):
                for code in codes:
                    scores[code] += 1 / len(codes)
        if not text.isascii():
            lower = text.casefold()
            for code, letters in self._letters.items():
                if seen := sum(lower.count(letter) for letter in letters):
                    scores[code] += min(seen, len(found)) / 2
        best = max(scores, key=scores.__getitem__)
        return best if scores[best] > _HEAD_START else None


def passes_as_english(text: str) -> bool:
    """Whether text in no language that shows is taken for English: a name, a number, a few words.

    More than a few words without a single common one are in a language that we do not know.
    """
    return not _LETTER.search(text) or (text.isascii() and len(words(text)) <= _FEW)
