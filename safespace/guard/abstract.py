# SPDX-License-Identifier: AGPL-3.0-or-later
"""The abstract space of facts: every combination of a few telling values of each fact.

Each fact comes with its order from strict to lax: `stricter_than` names pairs of values of which
the first must never lead further than the second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from safespace.domain import (
    NO_LIMITS,
    Condition,
    Level,
    Limits,
    LimitsTime,
    ModelCard,
    Route,
    Sensitivity,
    Subject,
    TaskKind,
    Topic,
)
from safespace.guard.facts import Facts

_HEALTH: Final = frozenset({Topic.HEALTH})
_WORK: Final = frozenset({Topic.WORK})
_BOTH: Final = _HEALTH | _WORK
_LETTERS: Final = frozenset({TaskKind.LETTER})


def card(
    languages: frozenset[str], not_for: frozenset[Topic], *, demonstration: bool = False
) -> ModelCard:
    """A model card of which only the part that rules look at matters."""
    return ModelCard(
        "A model", "a.gguf", "", "", languages, not_for, demonstration, 1, None, None, ""
    )


WIDE: Final = card(frozenset({"en", "de"}), frozenset())
NARROW: Final = card(frozenset({"en"}), frozenset(Topic), demonstration=True)


TIGHT: Final = Limits(
    Level.WHEN_I_ASK, _HEALTH, models=frozenset({"b.gguf"}), cooperative=False, override=False
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact's telling values, and which of them (by index) must be no laxer than which.

    A value says what the fields of `Facts` are that make it.
    """

    name: str
    values: tuple[Mapping[str, Any], ...]
    stricter_than: tuple[tuple[int, int], ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields of `Facts` that it is made of."""
        return frozenset(self.values[0])


def _fact(name: str, values: Sequence[Any], stricter_than: tuple[tuple[int, int], ...]) -> Fact:
    return Fact(name, tuple({name: value} for value in values), stricter_than)


def _away(before: Sensitivity | None, after: Sensitivity | None) -> Mapping[str, Any]:
    return {"before": before, "after": after}


def _agreed(limits: Limits | None, time: LimitsTime) -> Mapping[str, Any]:
    return {"limits": limits, "limits_time": time}


_S: Final = Sensitivity
FACTS: Final = (
    _fact("level", (None, *Level), ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))),
    _fact("kind", (None, TaskKind.CHAT, TaskKind.LETTER), ((0, 1), (0, 2))),
    _fact("explicit", (False, True), ((0, 1),)),
    _fact(
        "topics",
        (None, _BOTH, _HEALTH, _WORK, frozenset()),
        ((0, 1), (1, 2), (1, 3), (2, 4), (3, 4)),
    ),
    _fact(
        "subject",
        (None, Subject.MINOR, Subject.OTHER_ADULT, Subject.OWN, Subject.NOBODY),
        ((0, 1), (1, 2), (2, 3), (2, 4)),
    ),
    _fact("language", (None, "en", "de"), ((0, 1), (0, 2))),
    _fact("model", (None, "a.gguf"), ((0, 1),)),
    _fact("card", (None, NARROW, WIDE), ((0, 2), (1, 2))),
    _fact("overridden", (False, True), ((0, 1),)),
    _fact("distress", (True, False), ((0, 1),)),
    _fact("reserved", (None, _LETTERS, frozenset()), ((0, 1), (1, 2))),
    _fact("topics_without_ai", (None, _HEALTH, frozenset()), ((0, 1), (1, 2))),
    _fact("topics_here", (None, _BOTH, _WORK, frozenset()), ((0, 1), (1, 2), (2, 3))),
    _fact("resting", (True, False), ((0, 1),)),
    _fact("pin", (None, *Route), ((0, 1), (1, 2), (2, 3), (3, 4))),
    Fact(
        "sensitivity",
        (
            _away(_S.SECRET, _S.SECRET),
            _away(_S.PROTECTED, _S.PROTECTED),
            _away(None, None),
            _away(_S.IDENTIFYING, None),
            _away(_S.IDENTIFYING, _S.IDENTIFYING),
            _away(_S.IDENTIFYING, _S.LIGHT),
            _away(_S.LIGHT, _S.LIGHT),
            _away(_S.NEUTRAL, _S.NEUTRAL),
        ),
        ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)),
    ),
    _fact("names_possible", (True, False), ((0, 1),)),
    _fact("unmet", (None, frozenset({Condition.RECORD}), frozenset()), ((0, 2), (1, 2))),
    _fact("agreed", (None, frozenset(), _WORK), ((0, 1), (1, 2))),
    _fact("cooperative", (False, True), ((0, 1),)),
    Fact(
        "limits",
        (
            _agreed(None, LimitsTime.UNKNOWN),
            _agreed(TIGHT, LimitsTime.HOURS),
            _agreed(TIGHT, LimitsTime.OPEN),
            _agreed(NO_LIMITS, LimitsTime.OPEN),
        ),
        ((0, 1), (1, 2), (2, 3)),
    ),
)
"""An unknown card and a narrow one cannot be compared: with no model there is none at all."""


def facts_at(indices: Sequence[int]) -> Facts:
    """The state that has of each fact the value at its index."""
    made: dict[str, Any] = {}
    for fact, at in zip(FACTS, indices, strict=True):
        made.update(fact.values[at])
    return Facts(**made)
