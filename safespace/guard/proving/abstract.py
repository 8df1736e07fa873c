# SPDX-License-Identifier: AGPL-3.0-or-later
"""The abstract space of facts: of each fact the few values that the rules tell apart.

What matters of most facts is how they stand to others: whether a topic of the text is one that
the member keeps, whether its language is one that the model knows. So a state stands for all
facts that stand so to each other, and two topics, one kind of task and one language are enough
to write it down. `indices_of` finds the state of any facts, `facts_at` facts that are in it; that
the rules decide both alike is tested, so that what is proved of all states holds of all facts.

Each fact comes with its order from strict to lax: `stricter_than` names pairs of values of which
the first must never lead further than the second.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from safespace.domain import (
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
from safespace.guard.deciding.facts import PROTECTED, Facts

_NONE: Final = frozenset[Topic]()
_PROTECTED: Final = frozenset({Topic.HEALTH})
_DELICATE: Final = frozenset({Topic.WORK})
_BOTH: Final = _PROTECTED | _DELICATE
_CHAT: Final = frozenset({TaskKind.CHAT})
_MODEL: Final = "a.gguf"
_OTHERS: Final = frozenset({"b.gguf"})

Order = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact's telling values, and which of them (by index) must be no laxer than which.

    A value says what the fields of `Facts` are that make it; `of` which value stands for facts.
    """

    name: str
    values: tuple[Mapping[str, Any], ...]
    stricter_than: Order
    of: Callable[[Facts], Mapping[str, Any]]

    @property
    def fields(self) -> frozenset[str]:
        """The fields of `Facts` that it is made of."""
        return frozenset(self.values[0])


def facts_at(indices: Sequence[int]) -> Facts:
    """Facts that have of each fact the value at its index."""
    made: dict[str, Any] = {}
    for fact, at in zip(FACTS, indices, strict=True):
        made.update(fact.values[at])
    return Facts(**made)


def indices_of(facts: Facts) -> tuple[int, ...]:
    """The state that stands for `facts`: of each fact the index of its value."""
    return tuple(fact.values.index(fact.of(facts)) for fact in FACTS)


def _fact(
    name: str,
    values: Sequence[Any],
    stricter_than: Order,
    of: Callable[[Facts], Any] | None = None,
) -> Fact:
    def value(facts: Facts) -> Mapping[str, Any]:
        return {name: getattr(facts, name) if of is None else of(facts)}

    return Fact(name, tuple({name: value} for value in values), stricter_than, value)


def _chain(length: int) -> Order:
    """Each value no laxer than the next."""
    return tuple((at, at + 1) for at in range(length - 1))


def _yes_no(name: str, strict: bool) -> Fact:
    return _fact(name, (strict, not strict), _chain(2))


def _touching(facts: Facts, kept: frozenset[Topic]) -> frozenset[Topic]:
    """Topics that meet those of the text if `kept` do, or if that cannot be told."""
    met = kept if facts.topics is None else kept & facts.topics
    return _BOTH if met else _NONE


def _kept(name: str) -> Fact:
    """A list of topics that a member keeps; one that does not touch the text keeps nothing."""

    def of(facts: Facts) -> frozenset[Topic] | None:
        kept: frozenset[Topic] | None = getattr(facts, name)
        return None if kept is None else _touching(facts, kept)

    return _fact(name, (None, _BOTH, _NONE), _chain(3), of)


def _topics(facts: Facts) -> frozenset[Topic] | None:
    if facts.topics is None:
        return None
    protected = _PROTECTED if facts.topics & PROTECTED else _NONE
    return protected | (_DELICATE if facts.topics - PROTECTED else _NONE)


def _agreed(facts: Facts) -> frozenset[Topic]:
    """Agreed to is all that the text is about and that may be agreed to, or it is not."""
    if facts.topics is None or facts.agreed is None:
        return _NONE
    return _DELICATE if facts.topics - PROTECTED <= facts.agreed else _NONE


def _subject(facts: Facts) -> Subject | None:
    return Subject.OTHER_ADULT if facts.subject is Subject.OWN else facts.subject


def _kind(facts: Facts) -> TaskKind | None:
    return None if facts.kind is None else TaskKind.CHAT


def _reserved(facts: Facts) -> frozenset[TaskKind] | None:
    if facts.reserved is None:
        return None
    touched = facts.reserved and (facts.kind is None or facts.kind in facts.reserved)
    return _CHAT if touched else frozenset()


def _unmet(facts: Facts) -> frozenset[Condition]:
    """The first that does not hold, as the rule names it."""
    unmet = frozenset(Condition) if facts.unmet is None else facts.unmet
    return frozenset(sorted(unmet)[:1])


def _away(before: Sensitivity | None, after: Sensitivity | None) -> Mapping[str, Any]:
    return {"before": before, "after": after}


def _given_away(facts: Facts) -> Mapping[str, Any]:
    """What is left of it matters only of what identifies, and only whether it still does."""
    before, after = facts.before, facts.after
    if before is Sensitivity.IDENTIFYING:
        hidden = after is not None and after < Sensitivity.IDENTIFYING
        return _away(before, Sensitivity.NEUTRAL if hidden else None)
    if before is Sensitivity.LIGHT:
        before = Sensitivity.NEUTRAL
    return _away(before, before)


def _language(facts: Facts) -> str | None:
    return None if facts.language is None else "en"


def _card(demonstration: bool, not_for: frozenset[Topic], languages: frozenset[str]) -> ModelCard:
    """A model card of which only the part that rules look at matters."""
    return ModelCard(
        "A model", _MODEL, "", "", languages, not_for, demonstration, 1, None, None, ""
    )


def _card_of(facts: Facts) -> ModelCard | None:
    """Whether the model is fit for these topics and this language, and no demonstration."""
    card = facts.card
    if card is None:
        return None
    known = frozenset({"en"}) if facts.language in card.languages else frozenset[str]()
    return _card(card.demonstration, _touching(facts, card.not_for), known)


def _limits_of(facts: Facts) -> Limits | None:
    """As they stand to these topics and this model."""
    limits = facts.limits
    if limits is None:
        return None
    free = limits.models is None or facts.model in limits.models
    return Limits(
        Level.COOPERATIVE if limits.highest > Level.AT_MY_SIDE else limits.highest,
        _touching(facts, limits.topics),
        models=None if free else _OTHERS,
        cooperative=limits.cooperative,
        override=limits.override,
    )


_PARTS_OF_CARD: Final = ((True, False), (_BOTH, _NONE), (frozenset[str](), frozenset({"en"})))
_PARTS_OF_LIMITS: Final = (
    (Level.NO_AI, Level.WHEN_I_ASK, Level.AT_MY_SIDE, Level.COOPERATIVE),
    (_BOTH, _NONE),
    (_OTHERS, None),
    (False, True),
    (False, True),
)
"""Each from strict to lax."""


def _steps(parts: Sequence[Sequence[Any]], first: int) -> Iterator[tuple[int, int]]:
    """Pairs of their combinations that differ by one step in one part; the first is `first`."""
    places = {at: index for index, at in enumerate(product(*(range(len(one)) for one in parts)))}
    for at, index in places.items():
        for part in range(len(parts)):
            lax = (*at[:part], at[part] + 1, *at[part + 1 :])
            if lax in places:
                yield first + index, first + places[lax]


_CARDS: Final = (None, *(_card(*parts) for parts in product(*_PARTS_OF_CARD)))
_LIMITS: Final = (
    None,
    *(
        Limits(highest, topics, models=models, cooperative=cooperative, override=override)
        for highest, topics, models, cooperative, override in product(*_PARTS_OF_LIMITS)
    ),
)
_NO_DEMONSTRATION: Final = 5
"""The strictest card of a model that is none: one that is obliges to say so."""

_S: Final = Sensitivity
_AWAY: Final = (
    _away(_S.SECRET, _S.SECRET),
    _away(_S.PROTECTED, _S.PROTECTED),
    _away(None, None),
    _away(_S.IDENTIFYING, None),
    _away(_S.IDENTIFYING, _S.NEUTRAL),
    _away(_S.NEUTRAL, _S.NEUTRAL),
)

FACTS: Final = (
    _fact("level", (None, *Level), _chain(6)),
    _fact("kind", (None, TaskKind.CHAT), _chain(2), _kind),
    _yes_no("explicit", strict=False),
    _fact(
        "topics",
        (None, _BOTH, _PROTECTED, _DELICATE, _NONE),
        ((0, 1), (1, 2), (1, 3), (2, 4), (3, 4)),
        _topics,
    ),
    _fact(
        "subject",
        (None, Subject.MINOR, Subject.OTHER_ADULT, Subject.NOBODY),
        _chain(4),
        _subject,
    ),
    _fact("language", (None, "en"), _chain(2), _language),
    _fact(
        "model",
        (None, _MODEL),
        _chain(2),
        lambda facts: None if facts.model is None else _MODEL,
    ),
    _fact(
        "card",
        _CARDS,
        ((0, _NO_DEMONSTRATION), *_steps(_PARTS_OF_CARD, 1)),
        _card_of,
    ),
    _yes_no("overridden", strict=False),
    _yes_no("distress", strict=True),
    _fact("reserved", (None, _CHAT, frozenset()), _chain(3), _reserved),
    _kept("topics_without_ai"),
    _kept("topics_here"),
    _yes_no("resting", strict=True),
    _fact("pin", (None, *Route), _chain(5)),
    Fact("sensitivity", _AWAY, _chain(len(_AWAY)), _given_away),
    _yes_no("names_possible", strict=True),
    _fact(
        "unmet",
        (*(frozenset({one}) for one in sorted(Condition)), frozenset()),
        _chain(len(Condition) + 1),
        _unmet,
    ),
    _fact("agreed", (_NONE, _DELICATE), _chain(2), _agreed),
    _yes_no("cooperative", strict=False),
    _fact("limits", _LIMITS, ((0, 1), *_steps(_PARTS_OF_LIMITS, 1)), _limits_of),
    _fact(
        "limits_time",
        tuple(LimitsTime),
        tuple((0, at) for at in range(1, 4)) + tuple((at, 4) for at in range(1, 4)),
    ),
)
