# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a task before any model does: its topics, its subject, its kind and its language.

Word lists, not understanding: they miss what is said in other words, and that is why a model's
card, and not this alone, decides what it may be asked.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from safespace.domain import Subject, TaskKind, Topic
from safespace.guard.detect.scan import LONGEST
from safespace.guard.text.languages import Languages, passes_as_english
from safespace.guard.text.lexicon import Lexicon, listed, outside, words
from safespace.guard.text.linear import Linear, sentence_features


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is about. None: it could not be told, and counts as the strictest."""

    topics: frozenset[Topic] | None = None
    kind: TaskKind | None = None
    language: str | None = None
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class _Sure:
    topic: Topic


@dataclass(frozen=True, slots=True)
class _Hint:
    """One is chance; two different ones near each other are a topic."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class _Ordinary:
    """An idiom whose words mean something else: "fever pitch", "tennis court"."""


_TopicSign = _Sure | _Hint | _Ordinary

COVERED: Final = ("en", "de", "es", "fr")
"""The languages with word lists; in others topics and kind stay unknown."""
_LISTED: Final = frozenset(Topic) - {Topic.MINORS}
"""Topics with words of their own; a child is found by `detect.minors`."""
_OWN: Final = -0.6
"""A sentence that scores more is somebody's own case."""
_SENTENCE: Final = re.compile(r"[.!?;\n]+")
_LONGEST: Final = 30
"""Words. What is longer is scored in parts, like what the model was trained with."""
_NEAR: Final = 15
"""How many words apart two hints still belong together."""
_ROOT: Final = 4
"""By so many letters "contract" and "contracts" are one word."""
_SUBJECTS: Final = (Subject.OTHER_ADULT, Subject.OWN)
"""The stricter first."""
_BEGINNING: Final = 10_000
"""Characters that tell a language."""
_EDGE: Final = 40
"""How many words at the beginning and at the end may say what is asked."""


class Reader:
    """Reads with the word lists in `folder`, each loaded when a text needs it. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, text: str) -> Reading:
        """The whole of `text`, in time that grows with its length. Never raises.

        Word lists that are missing or cannot be read leave things unknown, and the rules close.
        Of what is too long to be looked through, only the language is told, by its beginning.
        """
        try:
            if len(text) > LONGEST:
                return Reading(language=self._read(text[:_BEGINNING]).language)
            return self._read(text)
        except (OSError, ValueError, KeyError):
            return Reading()

    def _read(self, text: str) -> Reading:
        found = words(text)
        language = self._languages.of(text) or self._language_by_topic(found)
        if language is None and passes_as_english(text):
            language = "en"
        if language not in COVERED:
            return Reading(language=language)
        topics = _topics_in(self._lists[language].topics, found)
        return Reading(
            topics=topics,
            kind=_kind_in(self._lists[language].kinds, found)
            or _kind_in(self._lists["en"].kinds, found)
            or TaskKind.CHAT,
            language=language,
            subject=self._subject(self._lists[language].subject_of(found), topics, text),
        )

    def _subject(self, by_words: Subject, topics: frozenset[Topic], text: str) -> Subject:
        """Whom it is about: by words, and by a model of our own.

        Everybody says "my" of much that is no secret, so without a topic the model decides.
        """
        if by_words is Subject.OTHER_ADULT or (by_words is Subject.OWN and topics):
            return by_words
        score = max(map(self._own.score, map(sentence_features, _sentences(text))), default=_OWN)
        return Subject.OWN if score > _OWN else Subject.NOBODY

    @cached_property
    def _own(self) -> Linear:
        return Linear(self._folder / "own.model")

    def is_small(self, word: str) -> bool:
        """Whether a word is one of those that a text in some language has, whatever it is about."""
        return self._languages.knows(word)

    def _language_by_topic(self, found: Sequence[str]) -> str | None:
        """The language of a few bare words, such as "Kopfschmerzen?", if a list knows them."""
        if len(found) > _EDGE:
            return None
        known = (code for code, lists in self._lists.items() if _topics_in(lists.topics, found))
        return next(known, None)

    @cached_property
    def _languages(self) -> Languages:
        return Languages(self._folder / "languages.toml")

    @cached_property
    def _lists(self) -> dict[str, "_Lists"]:
        return {code: _Lists(self._folder / f"{code}.toml") for code in COVERED}


class _Lists:
    """The word lists of one language."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def topics(self) -> Lexicon[_TopicSign]:
        return Lexicon(self._topic_entries())

    @cached_property
    def kinds(self) -> Lexicon[TaskKind]:
        return Lexicon(
            (entry, TaskKind(kind))
            for kind, entries in self._data["kinds"].items()
            for entry in listed(entries)
        )

    def subject_of(self, text: Sequence[str]) -> Subject:
        """Whom a text is about, as far as words tell; a child is found by `detect.minors`."""
        about = {one.label for one in self._subjects.find(text)}
        return next((who for who in _SUBJECTS if who in about), Subject.NOBODY)

    @cached_property
    def _subjects(self) -> Lexicon[Subject]:
        return Lexicon(
            (entry, subject)
            for name, subject in (("own", Subject.OWN), ("other", Subject.OTHER_ADULT))
            for entry in listed(self._data["subject"][name])
        )

    @cached_property
    def _data(self) -> dict[str, dict[str, str]]:
        return tomllib.loads(self._file.read_text("utf-8"))

    def _topic_entries(self) -> Iterator[tuple[str, _TopicSign]]:
        for topic in _LISTED:
            for entry in listed(self._data[topic]["sure"]):
                yield entry, _Sure(topic)
            for entry in listed(self._data[topic]["hint"]):
                yield entry, _Hint(topic)
        for entry in listed(self._data["ordinary"]["phrases"]):
            yield entry, _Ordinary()


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in _SENTENCE.split(text):
        found = words(sentence)
        for start in range(0, len(found), _LONGEST):
            yield found[start : start + _LONGEST]


def _topics_in(lexicon: Lexicon[_TopicSign], text: Sequence[str]) -> frozenset[Topic]:
    found = list(lexicon.find(text))
    ordinary = [one for one in found if isinstance(one.label, _Ordinary)]
    topics: set[Topic] = set()
    hints: dict[Topic, tuple[int, str]] = {}
    for one in outside(ordinary, found):
        match one.label:
            case _Sure(topic):
                topics.add(topic)
            case _Hint(topic):
                root = text[one.start][:_ROOT]
                last, other = hints.get(topic, (-_NEAR, root))
                if one.start - last < _NEAR and root != other:
                    topics.add(topic)
                hints[topic] = (one.start, root)
            case _Ordinary():
                pass
    return frozenset(topics)


def _kind_in(lexicon: Lexicon[TaskKind], text: Sequence[str]) -> TaskKind | None:
    """What is asked stands at the beginning or at the end; between them lies what it is about."""
    for edge in (text[:_EDGE], text[_EDGE:][-_EDGE:]):
        if first := min(lexicon.find(edge), key=lambda one: (one.start, -one.end), default=None):
            return first.label
    return None
