# SPDX-License-Identifier: AGPL-3.0-or-later
"""The abstract space of facts: every combination of a few telling values of each fact.

Each fact comes with its order from strict to lax: `stricter_than` names pairs of values of which
the first must never lead further than the second.
"""

import random
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from safespace.domain import NO_LIMITS, Level, Limits, LimitsTime, ModelCard, TaskKind, Topic
from safespace.guard.facts import Facts

_HEALTH = frozenset({Topic.HEALTH})
_BOTH = frozenset({Topic.HEALTH, Topic.MONEY})
_LETTERS = frozenset({TaskKind.LETTER})


def card(
    languages: frozenset[str], not_for: frozenset[Topic], *, demonstration: bool = False
) -> ModelCard:
    """A model card of which only the part that rules look at matters."""
    return ModelCard(
        "A model", "a.gguf", "", "", languages, not_for, demonstration, 1, None, None, ""
    )


WIDE = card(frozenset({"en", "de"}), frozenset())
NARROW = card(frozenset({"en"}), frozenset(Topic), demonstration=True)


TIGHT = Limits(
    Level.WHEN_I_ASK, _HEALTH, models=frozenset({"b.gguf"}), cooperative=False, override=False
)


@dataclass(frozen=True)
class Fact:
    """One fact's telling values, and which of them (by index) must be no laxer than which."""

    name: str
    values: tuple[Any, ...]
    stricter_than: tuple[tuple[int, int], ...]


FACTS = (
    Fact("level", (None, *Level), ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))),
    Fact("kind", (None, TaskKind.CHAT, TaskKind.LETTER), ((0, 1), (0, 2))),
    Fact("explicit", (False, True), ((0, 1),)),
    Fact("topics", (None, _BOTH, _HEALTH, frozenset()), ((0, 1), (1, 2), (2, 3))),
    Fact("language", (None, "en", "de"), ((0, 1), (0, 2))),
    Fact("model", (None, "a.gguf"), ((0, 1),)),
    Fact("card", (None, NARROW, WIDE), ((0, 2), (1, 2))),
    Fact("overridden", (False, True), ((0, 1),)),
    Fact("distress", (True, False), ((0, 1),)),
    Fact("reserved", (None, _LETTERS, frozenset()), ((0, 1), (1, 2))),
    Fact("topics_without_ai", (None, _HEALTH, frozenset()), ((0, 1), (1, 2))),
    Fact("cooperative", (False, True), ((0, 1),)),
    Fact("limits", (None, TIGHT, NO_LIMITS), ((0, 1), (1, 2))),
    Fact("limits_time", tuple(LimitsTime), ((0, 4), (1, 4), (2, 4), (3, 4))),
)
"""An unknown card and a narrow one cannot be compared: with no model there is none at all."""


_LIMITS = 2
"""The last facts, which alone would make fifteen times as many states."""


@cache
def all_states() -> dict[tuple[int, ...], Facts]:
    """Every state under no limits, by the indices of its values."""
    places = product(*(range(len(fact.values)) for fact in FACTS[:-_LIMITS]))
    open_ = tuple(len(fact.values) - 1 for fact in FACTS[-_LIMITS:])
    return {(*indices, *open_): facts_at((*indices, *open_)) for indices in places}


def limited_states(count: int) -> list[tuple[int, ...]]:
    """Places of states under any limits, drawn by chance, the same ones each time."""
    chance = random.Random(count)  # noqa: S311
    return [tuple(chance.randrange(len(fact.values)) for fact in FACTS) for _ in range(count)]


def some_states(count: int) -> list[Facts]:
    """States drawn by chance, the same ones each time."""
    return [facts_at(place) for place in limited_states(count)]


def facts_at(indices: tuple[int, ...]) -> Facts:
    return Facts(**{fact.name: fact.values[at] for fact, at in zip(FACTS, indices, strict=True)})
