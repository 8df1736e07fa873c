# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a task before any model does: its topics, its kind and its language.

Word lists, not understanding: they miss what is said in other words, and that is why a model's
card, and not this alone, decides what it may be asked.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from safespace.domain import TaskKind, Topic
from safespace.guard.languages import Languages
from safespace.guard.lexicon import Found, Lexicon, listed, outside, words


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is about. None: it could not be told, and counts as the strictest."""

    topics: frozenset[Topic] | None = None
    kind: TaskKind | None = None
    language: str | None = None


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

_NEAR: Final = 15
_EDGE: Final = 40


class Reader:
    """Reads with the word lists in `folder`, loaded at the first text. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, text: str) -> Reading:
        """The whole of `text`, in time that grows with its length. Never raises.

        Word lists that cannot be read leave everything unknown, and the rules close.
        """
        try:
            topics, kinds, languages = self._topics, self._kinds, self._languages
        except (OSError, ValueError, KeyError):
            return Reading()
        found = words(text)
        language = languages.of(text)
        return Reading(
            _topics_in(topics, found) if language in self._covered else None,
            _kind_in(kinds, found),
            language,
        )

    @cached_property
    def _lists(self) -> dict[str, dict[str, dict[str, str]]]:
        files = sorted(self._folder.glob("??.toml"))
        if not files:
            raise FileNotFoundError(self._folder)
        return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in files}

    @cached_property
    def _covered(self) -> frozenset[str]:
        return frozenset(self._lists)

    @cached_property
    def _languages(self) -> Languages:
        return Languages(self._folder / "languages.toml")

    @cached_property
    def _topics(self) -> Lexicon[_TopicSign]:
        return Lexicon(self._topic_entries())

    def _topic_entries(self) -> Iterator[tuple[str, _TopicSign]]:
        for lists in self._lists.values():
            for topic in Topic:
                yield from ((entry, _Sure(topic)) for entry in listed(lists[topic]["sure"]))
                yield from ((entry, _Hint(topic)) for entry in listed(lists[topic]["hint"]))
            yield from ((entry, _Ordinary()) for entry in listed(lists["ordinary"]["phrases"]))

    @cached_property
    def _kinds(self) -> Lexicon[TaskKind]:
        return Lexicon(
            (entry, TaskKind(kind))
            for lists in self._lists.values()
            for kind, entries in lists["kinds"].items()
            for entry in listed(entries)
        )


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
                last, entry = hints.get(topic, (-_NEAR, one.entry))
                if one.start - last < _NEAR and entry != one.entry:
                    topics.add(topic)
                hints[topic] = (one.start, one.entry)
            case _Ordinary():
                pass
    return frozenset(topics)


def _kind_in(lexicon: Lexicon[TaskKind], text: Sequence[str]) -> TaskKind:
    """What is asked stands at the beginning or at the end; between them lies what it is about."""
    first = _earliest(lexicon.find(text[:_EDGE])) or _earliest(lexicon.find(text[_EDGE:][-_EDGE:]))
    return first.label if first else TaskKind.CHAT


def _earliest(found: Iterable[Found[TaskKind]]) -> Found[TaskKind] | None:
    return min(found, key=lambda one: (one.start, -one.end), default=None)
