# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words about a child: what is said of one never leaves."""

import re
import tomllib
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, marks

_AGE: Final = re.compile(
    r"[1-9](?<!\w.)(?:(?<=1)[0-7])?[ -]?"
    r"(?:years?[ -]old|yrs?[ -]old|y/o|jahre alt|jährige?[rsnm]?\b|"
    r"años|ans\b|months? old|monate alt|meses|mois)"
)
_AGE_TOLD: Final = re.compile(
    r"\b(?:she|he|who) (?:is|just turned|turned) (?:1[0-7]|[1-9])(?! ?[\d.,:/%])"
)
_WHO: Final = frozenset({"she", "he", "who"})
_WORDS: Final = re.compile(r"[^\W_]+")
_BACK: Final = 72


class Minors:
    """Looks for the words in `file`: whose child, what it does, how old. Any thread."""

    def __init__(self, file: Path) -> None:
        """Raises OSError or ValueError when the lists cannot be read."""
        lists = tomllib.loads(file.read_text("utf-8"))
        self._child = re.compile(rf"\b(?:{_any(lists['child'])})\b")
        self._whose = re.compile(rf"\b(?:{_any(lists['whose'])}) (?:[^\W_]{{1,20}}[ -]){{0,3}}\Z")
        self._signs = frozenset(_WORDS.findall(lists["child"] + lists["alone"])) - {"a", "de"}
        self._alone = re.compile(rf"\b(?:{_any(lists['alone'])})\b")

    def seen(self, lower: str, said: Set[str]) -> Iterator[Mark]:
        """Every place of a text in small letters that speaks of a child. `said`: its words."""
        yield from marks(_AGE, lower, Kind.MINOR, "minor.age")
        if not said.isdisjoint(_WHO):
            yield from marks(_AGE_TOLD, lower, Kind.MINOR, "minor.age")
        if self._signs.isdisjoint(said):
            return
        for child in self._child.finditer(lower):
            whose = self._whose.search(lower, max(0, child.start() - _BACK), child.start())
            if whose:
                yield Mark(whose.start(), child.end(), Kind.MINOR, "minor.word")
        yield from marks(self._alone, lower, Kind.MINOR, "minor.word")


def _any(entries: str) -> str:
    words = [" ".join(entry.split()) for entry in entries.split(",") if entry.strip()]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
