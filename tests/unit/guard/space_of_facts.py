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

from safespace.domain import Level, ModelCard, TaskKind, Topic
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
)
"""An unknown card and a narrow one cannot be compared: with no model there is none at all."""


@cache
def all_states() -> dict[tuple[int, ...], Facts]:
    """Every state, by the indices of its values."""
    places = product(*(range(len(fact.values)) for fact in FACTS))
    return {indices: facts_at(indices) for indices in places}


def some_states(count: int) -> list[Facts]:
    """States drawn by chance, the same ones each time."""
    return random.Random(count).sample(list(all_states().values()), count)  # noqa: S311


def facts_at(indices: tuple[int, ...]) -> Facts:
    return Facts(**{fact.name: fact.values[at] for fact, at in zip(FACTS, indices, strict=True)})
