# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of people: those that a list or the words around them tell, and what may be one.

No list holds every name. So a capital inside a sentence, a run of capitals and a word in another
script are reported too, as what may be a name: enough to ask, not enough to know. A small model
of our own (`guard/text/linear.py`) tells by its letters whether an unknown word looks like one.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark
from safespace.guard.text.linear import Linear, word_features

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN: Final = re.compile(r"\.? {1,2}\Z")
_BEGINS: Final = re.compile(r"(?:\A|[.!?:;\n\r•*\"“„»(\[|>#/-])[\s\"'“„»(\[*_]*\Z")
_LATIN: Final = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_NAME_ASKED: Final = re.compile(
    r"(?:name|nombre|apellidos?|nom|heißt|heisst|called)\W{1,4}\Z", re.I
)
"""What makes a capital at the beginning of a sentence the name that was asked for."""
_EMPLOYED: Final = re.compile(
    r"\b(?:work(?:s|ed|ing)? (?:for|at)|arbeite(?:t|te)? (?:bei|für)|"
    r"travaill\w{1,4} (?:chez|pour)|trabaj\w{1,3} (?:en|para)) \Z",
    re.I,
)
"""What goes before the name of an employer."""
_EMPLOYED_BACK: Final = 24
_ASKED_BACK: Final = 16
_INITIAL: Final = re.compile(r"\. {0,2}")
_INITIAL_GAP: Final = 3
_SHORTEST_FAMILY: Final = 3
_BACK: Final = 6
_LONGEST: Final = 4
_SHORTEST_SHOUT: Final = 3
_UNLIKE: Final = -1.8
"""An unknown word whose letters score less is no name."""
_UNLIKE_RUN: Final = -2.5
"""The same of two or more capitals in a row: more often a name, and it tells more."""
_LIKE: Final = -0.7
"""An unknown word with a capital whose letters score more is one, if a second stands beside it."""
_FLAT: Final = -2.0
_FLAT_RUN: Final = 0.0
"""In a text without capitals two words in a row are a name, if neither is less like one than the
first and one of them is more like one than the second.
"""
_PARTICLES: Final = frozenset(
    (
        "van",
        "von",
        "ter",
        "ten",
        "zum",
        "da",
        "di",
        "dos",
        "das",
        "de",
        "del",
        "della",
        "bin",
        "ibn",
    )
)
_SECOND_PARTICLES: Final = _PARTICLES | {"der", "den", "la", "las", "los", "al"}
"""Small words inside a name: "Ludwig van Beethoven"."""
_VERY_LIKE: Final = 1.5
"""Where a sentence begins every word has a capital, so there more is asked of a word."""


_KINDS: Final = {"name": Kind.NAME, "person": Kind.PERSON, "place": Kind.PLACE}
_MOST_SCORES: Final = 20_000


def _bare(plain: str) -> str:
    return plain.removesuffix("'s").removesuffix("’s")


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    plain: str


class Names:
    """Looks for names with the lists in `file` and the model beside it. Any thread."""

    def __init__(self, file: Path) -> None:
        """Raises OSError or ValueError when lists or model cannot be read."""
        lists = {
            key: frozenset(value.split())
            for key, value in tomllib.loads(file.read_text("utf-8")).items()
        }
        self._given = lists["given"] | lists["given_and_word"]
        self._only_given = lists["given"]
        self._families = lists["family"] | lists["family_and_word"]
        self._titles = lists["titles"]
        self._ordinary = lists["ordinary"]
        self._places = lists["places"]
        self._companies = lists["companies"]
        self._letters = Linear(file.with_suffix(".model"))
        self._scores: dict[str, float] = {}
        self._introductions: dict[str, list[tuple[str, ...]]] = {}
        for entry in sorted(lists["introductions"]):
            phrase = tuple(entry.split("_"))
            self._introductions.setdefault(phrase[-1], []).append(phrase)
        self._telling = self._only_given | lists["family"]
        self._leading = self._titles | self._introductions.keys()

    def seen(self, text: str) -> Iterator[Mark]:
        """Names: those of somebody, what recurs of them, and what may be one."""
        lower = text.lower() if text.isascii() else None  # other letters may grow by it
        spans = [found.span() for found in _WORD.finditer(text)]
        spelled = [text[start:end] for start, end in spans]
        plain = [lower[start:end] for start, end in spans] if lower else map(str.lower, spelled)
        words = [
            _Word(start, end, word, small)
            for (start, end), word, small in zip(spans, spelled, plain, strict=True)
        ]
        latin = lower is not None or (
            sum(bool(_LATIN.match(word.text)) for word in words) * 2 >= len(words)
        )
        telling, leading = self._telling, self._leading
        flat = text == (lower or text.lower())
        families: set[str] = set()
        found: list[Mark] = []
        at, before = 0, ""
        while at < len(words):
            word = words[at]
            first = word.text[0]
            small = "a" <= first <= "z" or (first.islower() and _LATIN.match(first))
            end, detector = at, None
            free = flat and small and before not in leading
            if free and (run := self._flat(words, at, text)) > at + 1:
                end, detector = run, "person.likely"
            elif small and word.plain not in telling and before not in leading:
                at, before = at + 1, word.plain
                continue
            if not detector:
                end, detector = self._at(words, at, text, latin=latin)
            if detector and detector != "person.first" and detector.startswith("person"):
                families.update(self._families_in(words[at:end]))
            if detector:
                kind = _KINDS[detector.partition(".")[0]]
                found.append(Mark(word.start, words[end - 1].end, kind, detector))
            at = max(end, at + 1)
            before = words[at - 1].plain
        yield from (mark for mark in found if mark.kind is Kind.PERSON)
        if families:
            for word in words:
                if word.text[0].isupper() and _bare(word.plain) in families:
                    yield Mark(word.start, word.end, Kind.PERSON, "person.again")
        yield from (mark for mark in found if mark.kind is not Kind.PERSON)

    def _at(
        self, words: Sequence[_Word], at: int, text: str, *, latin: bool
    ) -> tuple[int, str | None]:
        """Where a name that begins at word `at` ends, and what tells it."""
        word = words[at]
        capital = word.text[0].isupper()
        if self._introduced(words, at) and word.plain not in self._ordinary:
            end = self._run(words, at, text, loose=True)
            if words[at - 1].plain in self._titles:
                return end, "person.title"
            return end, "person.full" if end > at + 1 else "person.first"
        if at and words[at - 1].plain in self._titles and self._joined(words, at, text):
            like = capital or word.plain in self._families or self._score(word.plain) > _UNLIKE
            if word.plain not in self._ordinary and like:
                return self._run(words, at, text, loose=not capital), "person.title"
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
            if (latin and len(word.text) > 1) or (not latin and not cased):
                return at + 1, "name.script"
        if capital and len(word.text) == 1 and (end := self._initials(words, at, text)) > at:
            return end, "person.full"
        if not capital or word.plain in self._ordinary or len(word.text) == 1:
            return at, None
        end = self._run(words, at, text, loose=False)
        run = words[at:end]
        if run[-1].plain in self._companies or _EMPLOYED.search(
            text, max(0, word.start - _EMPLOYED_BACK), word.start
        ):
            return end, None
        if all(one.plain in self._places for one in run):
            return end, "place.list"
        if word.text.isupper():
            shouted = len(run) > 1 and len(word.text) >= _SHORTEST_SHOUT
            like = self._like(run)
            if shouted and like > _UNLIKE:
                return end, "person.likely" if like > _LIKE else "name.capitals"
            return at, None
        if _NAME_ASKED.search(text, max(0, word.start - _ASKED_BACK), word.start):
            return end, "name.capital"
        begins = _BEGINS.search(text, max(0, word.start - _BACK), word.start)
        if begins and not (len(run) > 1 and ":" in begins.group()):
            if self._like(run[:1]) > _VERY_LIKE or (len(run) > 1 and self._like(run[:1]) > 0):
                return end, "person.likely" if len(run) > 1 else "name.capital"
            run = run[1:]  # the capital of a sentence; what goes on with it is looked at next
            return (at, None) if not run else (at + 1, None)
        like = self._like(run)
        if like > _LIKE and len(run) > 1:
            return end, "person.likely"
        least = _UNLIKE_RUN if len(run) > 1 else _UNLIKE
        return (end, "name.capital") if like > least else (end, None)

    def _families_in(self, name: Sequence[_Word]) -> Iterator[str]:
        """What somebody may be called later on: all but the first name."""
        for one in name[len(name) > 1 :]:
            plain = _bare(one.plain)
            known = plain in self._ordinary or plain in self._given
            if len(plain) >= _SHORTEST_FAMILY and not known:
                yield plain

    def _initials(self, words: Sequence[_Word], at: int, text: str) -> int:
        """Past initials and the family behind them: "H.G. Wells"; `at` where there are none."""
        end = at
        while (
            end < len(words)
            and len(words[end].text) == 1
            and words[end].text.isupper()
            and _INITIAL.match(text, words[end].end)
        ):
            end += 1
        if end == at or end == len(words) or len(words[end].text) < _SHORTEST_FAMILY:
            return at
        family = words[end]
        ordinary = family.plain in self._ordinary or family.plain in self._places
        near = family.start - words[end - 1].end <= _INITIAL_GAP
        return end + 1 if near and family.text[0].isupper() and not ordinary else at

    def _flat(self, words: Sequence[_Word], at: int, text: str) -> int:
        """Past two words or more of a text without capitals that look like a name."""
        end, best = at, _FLAT
        while (
            end < min(len(words), at + _LONGEST)
            and (end == at or self._joined(words, end, text))
            and len(words[end].text) > 1
            and words[end].plain not in self._ordinary
            and words[end].plain not in self._places
            and words[end].plain not in self._titles
            and (score := self._score(words[end].plain)) > _FLAT
        ):
            end, best = end + 1, max(best, score)
        return end if best > _FLAT_RUN else at

    def _like(self, run: Sequence[_Word]) -> float:
        """How much the most name-like word of `run` that no list knows looks like a name."""
        return max(map(self._score, {one.plain for one in run} - self._ordinary), default=_UNLIKE)

    def _score(self, plain: str) -> float:
        score = self._scores.get(plain)
        if score is None:
            if len(self._scores) > _MOST_SCORES:
                self._scores.clear()
            score = self._scores[plain] = self._letters.score(word_features(_bare(plain)))
        return score

    def _run(self, words: Sequence[_Word], at: int, text: str, *, loose: bool) -> int:
        """Past the words that go on with a name: capitals, or in small letters known families."""
        end = at + 1
        while end < min(len(words), at + _LONGEST) and self._joined(words, end, text):
            word = words[end]
            if word.plain in self._titles:
                break
            initial = len(word.text) == 1 and text[word.end : word.end + 1] == "."
            capital = word.text[0].isupper() and (initial or word.plain not in self._ordinary)
            known = loose and self._may_go_on(word.plain)
            if not capital and not known:
                end = self._past_particles(words, end, text)
                break
            end += 1
        return end

    def _past_particles(self, words: Sequence[_Word], at: int, text: str) -> int:
        """Past small words inside a name and the capital behind them; `at` where there are none."""
        end, allowed = at, _PARTICLES
        first = words[at - 1].plain
        if first not in self._given and self._score(first) < _LIKE:
            return at
        while end < len(words) and words[end].text in allowed and self._joined(words, end, text):
            end, allowed = end + 1, _SECOND_PARTICLES
        goes_on = at < end < len(words) and self._joined(words, end, text)
        if not goes_on or not words[end].text[0].isupper() or words[end].plain in self._ordinary:
            return at
        return end + 1

    def _may_go_on(self, plain: str) -> bool:
        """Whether it goes on with a name in small letters."""
        known = plain in self._families or plain in self._only_given
        return known or (plain not in self._ordinary and self._score(plain) > _LIKE)

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
