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
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark
from safespace.guard.detect.words import Words
from safespace.guard.text.linear import Linear, word_features

_JOINING: Final = frozenset({" ", "  "})
_DOTTED: Final = frozenset({". ", ".  "})
"""What stands between the words of a name, and behind one that is shortened."""
_BEGINS: Final = re.compile(r"(?:\A|[.!?:;\n\r•*\"“„»(\[|>#/-])[\s\"'“„»(\[*_]*\Z")
_LATIN: Final = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_NAME_ASKED: Final = re.compile(
    r"(?:name|nombre|apellidos?|nom|heißt|heisst|called)\W{1,4}\Z", re.I
)
"""What makes a capital at the beginning of a sentence the name that was asked for."""
_EMPLOYER_NEXT: Final = frozenset({"for", "at", "bei", "für", "chez", "pour", "en", "para"})
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


_ARTICLES: Final = frozenset(
    (
        "the",
        "a",
        "an",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "le",
        "les",
        "une",
    )
)
"""What stands before a thing, not before somebody."""


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
        self._beside, self._said = lists["beside"], lists["said"]
        self._letters = Linear(file.with_suffix(".model"))
        self._scores: dict[str, float] = {}
        self._introductions: dict[str, list[tuple[str, ...]]] = {}
        for entry in sorted(lists["introductions"]):
            phrase = tuple(entry.split("_"))
            self._introductions.setdefault(phrase[-1], []).append(phrase)
        self._telling = self._only_given | lists["family"]
        self._leading = self._titles | self._introductions.keys()

    def seen(self, text: str, words: Words) -> Iterator[Mark]:
        """Names: those of somebody, what recurs of them, and what may be one."""
        latin = text.isascii() or (
            sum(bool(_LATIN.match(word)) for word in words.text) * 2 >= len(words)
        )
        flat = text == text.lower()
        looked = range(len(words)) if flat else self._worth_a_look(words)
        families: set[str] = set()
        found: list[Mark] = []
        done = 0
        for at in looked:
            if at < done:
                continue
            end, detector = self._name_at(words, at, text, flat=flat, latin=latin)
            if detector:
                kind = _KINDS[detector.partition(".")[0]]
                found.append(Mark(words.start[at], words.end[end - 1], kind, detector))
                if kind is Kind.PERSON and detector != "person.first":
                    families.update(self._families_in(words.plain[at:end]))
            done = end
        yield from (mark for mark in found if mark.kind is Kind.PERSON)
        if families:
            for at in looked:
                if words.text[at][0].isupper() and _bare(words.plain[at]) in families:
                    yield Mark(words.start[at], words.end[at], Kind.PERSON, "person.again")
        yield from (mark for mark in found if mark.kind is not Kind.PERSON)

    def _worth_a_look(self, words: Words) -> list[int]:
        """Where a name may begin in a text with capitals: told quickly, and rather too often."""
        telling, leading = self._telling, self._leading
        return [
            at
            for at, (word, plain, before) in enumerate(
                zip(words.text, words.plain, ("", *words.plain[:-1]), strict=True)
            )
            if not word.islower() or plain in telling or before in leading or word[0] > "\u024f"
        ]

    def _name_at(
        self, words: Words, at: int, text: str, *, flat: bool, latin: bool
    ) -> tuple[int, str | None]:
        """The same of any word, in small letters too."""
        first = words.text[at][0]
        before = words.plain[at - 1] if at else ""
        if before not in self._leading and (
            "a" <= first <= "z" or (first.islower() and _LATIN.match(first))
        ):
            if flat and (end := self._flat(words, at)) > at + 1:
                return end, "person.likely"
            if words.plain[at] not in self._telling:
                return at, None
        return self._at(words, at, text, latin=latin)

    def _at(self, words: Words, at: int, text: str, *, latin: bool) -> tuple[int, str | None]:
        """Where a name that begins at word `at` ends, and what tells it."""
        word, plain = words.text[at], words.plain[at]
        capital = word[0].isupper()
        if self._introduced(words, at) and plain not in self._ordinary:
            end = self._run(words, at, loose=True)
            if words.plain[at - 1] in self._titles:
                return end, "person.title"
            return end, "person.full" if end > at + 1 else "person.first"
        if at and words.plain[at - 1] in self._titles and self._joined(words, at):
            like = capital or plain in self._families or self._score(plain) > _UNLIKE
            if plain not in self._ordinary and like:
                return self._run(words, at, loose=not capital), "person.title"
            return at, None
        if plain in self._titles:
            return at, None
        if plain in self._given and (capital or plain in self._only_given):
            end = self._run(words, at, loose=not capital and plain in self._only_given)
            if end > at + 1:
                return end, "person.full"
            return end, "person.first" if capital else "name.lower"
        if plain in self._families:
            return at + 1, "person.family" if capital else "name.lower"
        return self._maybe(words, at, text, capital=capital, latin=latin)

    def _maybe(
        self, words: Words, at: int, text: str, *, capital: bool, latin: bool
    ) -> tuple[int, str | None]:
        word, start = words.text[at], words.start[at]
        if not _LATIN.match(word):
            cased = word[0].lower() != word[0].upper()
            if (latin and len(word) > 1) or (not latin and not cased):
                return at + 1, "name.script"
        if capital and len(word) == 1 and (end := self._initials(words, at, text)) > at:
            return end, "person.full"
        if not capital or words.plain[at] in self._ordinary or len(word) == 1:
            return at, None
        end = self._run(words, at, loose=False)
        run = words.plain[at:end]
        if run[-1] in self._companies or self._employs(words, at, text):
            return end, None
        if all(one in self._places for one in run):
            return end, "place.list"
        if word.isupper():
            shouted = len(run) > 1 and len(word) >= _SHORTEST_SHOUT
            like = self._like(run)
            if shouted and like > _UNLIKE:
                return end, "person.likely" if like > _LIKE else "name.capitals"
            return at, None
        if _NAME_ASKED.search(text, max(0, start - _ASKED_BACK), start):
            return end, "name.capital"
        begins = _BEGINS.search(text, max(0, start - _BACK), start)
        if begins and not (len(run) > 1 and ":" in begins.group()):
            if self._like(run[:1]) > _VERY_LIKE or (len(run) > 1 and self._like(run[:1]) > 0):
                return end, "person.likely" if len(run) > 1 else "name.capital"
            run = run[1:]  # the capital of a sentence; what goes on with it is looked at next
            return (at, None) if not run else (at + 1, None)
        like = self._like(run)
        if like > _LIKE and len(run) > 1:
            return end, "person.likely"
        least = _UNLIKE_RUN if len(run) > 1 else _UNLIKE
        told = like > least or self._acts(words, at, end)
        return end, "name.capital" if told else None

    def _acts(self, words: Words, at: int, end: int) -> bool:
        """Whether the words around tell a person, however rare the name: "my boss Quimbly said"."""
        before = words.plain[at - 1] if at else ""
        if before in self._beside and words.gap[at] == " ":
            return True
        after = words.plain[end] if end < len(words) else ""
        return after in self._said and words.gap[end] == " " and before not in _ARTICLES

    def _employs(self, words: Words, at: int, text: str) -> bool:
        """Whether somebody works there: "I work for Hinzmann"."""
        if not at or words.plain[at - 1] not in _EMPLOYER_NEXT:
            return False
        start = words.start[at]
        return _EMPLOYED.search(text, max(0, start - _EMPLOYED_BACK), start) is not None

    def _families_in(self, name: Sequence[str]) -> Iterator[str]:
        """What somebody may be called later on: all but the first name."""
        for one in name[len(name) > 1 :]:
            plain = _bare(one)
            known = plain in self._ordinary or plain in self._given
            if len(plain) >= _SHORTEST_FAMILY and not known:
                yield plain

    def _initials(self, words: Words, at: int, text: str) -> int:
        """Past initials and the family behind them: "H.G. Wells"; `at` where there are none."""
        end = at
        while (
            end < len(words)
            and len(words.text[end]) == 1
            and words.text[end].isupper()
            and _INITIAL.match(text, words.end[end])
        ):
            end += 1
        if end == at or end == len(words) or len(words.text[end]) < _SHORTEST_FAMILY:
            return at
        family = words.plain[end]
        ordinary = family in self._ordinary or family in self._places
        near = len(words.gap[end]) <= _INITIAL_GAP
        return end + 1 if near and words.text[end][0].isupper() and not ordinary else at

    def _flat(self, words: Words, at: int) -> int:
        """Past two words or more of a text without capitals that look like a name."""
        end, best = at, _FLAT
        while (
            end < min(len(words), at + _LONGEST)
            and (end == at or self._joined(words, end))
            and len(words.text[end]) > 1
            and words.plain[end] not in self._ordinary
            and words.plain[end] not in self._places
            and words.plain[end] not in self._titles
            and (score := self._score(words.plain[end])) > _FLAT
        ):
            end, best = end + 1, max(best, score)
        return end if best > _FLAT_RUN else at

    def _like(self, run: Sequence[str]) -> float:
        """How much the most name-like word of `run` that no list knows looks like a name."""
        return max(map(self._score, set(run) - self._ordinary), default=_UNLIKE)

    def _score(self, plain: str) -> float:
        score = self._scores.get(plain)
        if score is None:
            if len(self._scores) > _MOST_SCORES:
                self._scores.clear()
            score = self._scores[plain] = self._letters.score(word_features(_bare(plain)))
        return score

    def _run(self, words: Words, at: int, *, loose: bool) -> int:
        """Past the words that go on with a name: capitals, or in small letters known families."""
        end = at + 1
        while end < min(len(words), at + _LONGEST) and self._joined(words, end):
            word, plain = words.text[end], words.plain[end]
            if plain in self._titles:
                break
            initial = len(word) == 1 and words.gap[end + 1].startswith(".")
            capital = word[0].isupper() and (initial or plain not in self._ordinary)
            known = loose and self._may_go_on(plain)
            if not capital and not known:
                end = self._past_particles(words, end)
                break
            end += 1
        return end

    def _past_particles(self, words: Words, at: int) -> int:
        """Past small words inside a name and the capital behind them; `at` where there are none."""
        end, allowed = at, _PARTICLES
        first = words.plain[at - 1]
        if first not in self._given and self._score(first) < _LIKE:
            return at
        while end < len(words) and words.text[end] in allowed and self._joined(words, end):
            end, allowed = end + 1, _SECOND_PARTICLES
        goes_on = at < end < len(words) and self._joined(words, end)
        if not goes_on or not words.text[end][0].isupper() or words.plain[end] in self._ordinary:
            return at
        return end + 1

    def _may_go_on(self, plain: str) -> bool:
        """Whether it goes on with a name in small letters."""
        known = plain in self._families or plain in self._only_given
        return known or (plain not in self._ordinary and self._score(plain) > _LIKE)

    def _joined(self, words: Words, at: int) -> bool:
        """Whether nothing but a space, or the dot of a shortened word, parts it from the last."""
        if words.gap[at] in _JOINING:
            return True
        short = words.plain[at - 1] in self._titles or len(words.text[at - 1]) == 1
        return short and words.gap[at] in _DOTTED

    def _introduced(self, words: Words, at: int) -> bool:
        """Whether the words before say that a name follows: "my name is"."""
        for phrase in self._introductions.get(words.plain[at - 1], ()) if at else ():
            if at >= len(phrase) and all(
                words.plain[at - len(phrase) + step] == one for step, one in enumerate(phrase)
            ):
                return True
        return False
