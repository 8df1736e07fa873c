# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any facts whatever, and any step to stricter ones: what properties of the rules range over."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st

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
from safespace.guard.deciding.facts import Facts

_LANGUAGES: Final = ("en", "de", "fr", "tlh")
_MODELS: Final = ("a.gguf", "b.gguf", "c.gguf")


def _maybe(known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly known: of facts with many unknowns, one decides and the rest is not looked at."""
    return st.one_of(known, known, known, st.none())


def _some(of: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(sorted(of)), max_size=3)


_OFTEN: Final = st.sampled_from((True, True, True, False))
_SELDOM: Final = _OFTEN.map(lambda one: not one)

_CARDS: Final = st.builds(
    ModelCard,
    name=st.sampled_from(("A model", "")),
    file=st.sampled_from(_MODELS),
    maker=st.just(""),
    licence=st.just(""),
    languages=st.one_of(st.just(frozenset(_LANGUAGES)), _some(_LANGUAGES)),
    not_for=st.one_of(st.just(frozenset()), _some(Topic)),
    demonstration=_SELDOM,
    parameters=st.just(1),
    size=st.none(),
    sha256=st.none(),
    source=st.just(""),
)
_LIMITS: Final = st.one_of(
    st.just(NO_LIMITS),
    st.builds(
        Limits,
        highest=st.sampled_from((*Level, Level.COOPERATIVE)),
        topics=_some(Topic),
        hours=st.just(((900, 1080),)),
        minutes=st.one_of(st.none(), st.integers(0, 90)),
        models=st.one_of(st.none(), _some(_MODELS)),
        cooperative=_OFTEN,
        override=_OFTEN,
    ),
)

_FIELDS: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "level": _maybe(st.sampled_from((*Level, Level.ASK_EACH_TIME, Level.COOPERATIVE))),
    "kind": _maybe(st.sampled_from(TaskKind)),
    "explicit": _OFTEN,
    "topics": _maybe(st.one_of(st.just(frozenset()), _some(Topic))),
    "subject": _maybe(st.sampled_from(Subject)),
    "language": _maybe(st.sampled_from(_LANGUAGES)),
    "model": _maybe(st.sampled_from(_MODELS)),
    "card": _maybe(_CARDS),
    "overridden": st.booleans(),
    "distress": _SELDOM,
    "reserved": _maybe(st.one_of(st.just(frozenset()), _some(TaskKind))),
    "topics_without_ai": _maybe(st.one_of(st.just(frozenset()), _some(Topic))),
    "topics_here": _maybe(st.one_of(st.just(frozenset()), _some(Topic))),
    "resting": _SELDOM,
    "pin": _maybe(st.sampled_from((*Route, Route.COOP, Route.COOP))),
    "limits": _maybe(_LIMITS),
    "limits_time": st.sampled_from((*LimitsTime, *[LimitsTime.OPEN] * 9)),
    "before": _maybe(st.sampled_from(Sensitivity)),
    "after": _maybe(st.sampled_from(Sensitivity)),
    "names_possible": st.booleans(),
    "unmet": _maybe(st.one_of(st.just(frozenset()), st.just(frozenset()), _some(Condition))),
    "agreed": _maybe(_some(Topic)),
    "cooperative": _OFTEN,
}
assert set(_FIELDS) == {field.name for field in dataclasses.fields(Facts)}

ANY_FACTS: Final = st.builds(Facts, **_FIELDS)


def with_another(name: str) -> st.SearchStrategy[tuple[Facts, Facts]]:
    """Any facts, and the same ones with another value of one field."""
    return st.builds(
        lambda facts, value: (facts, replace(facts, **{name: value})), ANY_FACTS, _FIELDS[name]
    )


_Step = Callable[[Any, int], Any]


def _topic(step: int) -> Topic:
    return sorted(Topic)[step // 5]  # the steps of `_tighter` are five


def _less(value: Any, step: int) -> Any:
    return type(value)(max(0, value - 1))


def _more_topics(value: frozenset[Topic], step: int) -> frozenset[Topic]:
    return value | {_topic(step)}


def _one_more(of: Any) -> _Step:
    members = sorted(of)
    return lambda value, step: value | {members[step % len(members)]}


def _higher(value: Sensitivity, step: int) -> Sensitivity:
    return Sensitivity(min(Sensitivity.SECRET, value + 1))


def _nearer(value: Subject, step: int) -> Subject:
    return _BY_STRICTNESS[min(3, _BY_STRICTNESS.index(value) + 1)]


def _tighter(limits: Limits, step: int) -> Limits:
    models = frozenset[str]() if limits.models is None else limits.models - {"a.gguf"}
    return (
        replace(limits, highest=Level(max(0, limits.highest - 1))),
        replace(limits, topics=limits.topics | {_topic(step)}),
        replace(limits, models=models),
        replace(limits, cooperative=False),
        replace(limits, override=False),
    )[step % 5]


def _narrower(card: ModelCard, step: int) -> ModelCard:
    return (
        replace(card, not_for=card.not_for | {_topic(step)}),
        replace(card, languages=card.languages - {"en"}),
        replace(card, demonstration=True),
    )[step % 3]


_BY_STRICTNESS: Final = (Subject.NOBODY, Subject.OWN, Subject.OTHER_ADULT, Subject.MINOR)
_STEPS: Final[Mapping[str, _Step]] = {
    "level": _less,
    "topics": _more_topics,
    "subject": _nearer,
    "card": _narrower,
    "reserved": _one_more(TaskKind),
    "topics_without_ai": _more_topics,
    "topics_here": _more_topics,
    "pin": _less,
    "limits": _tighter,
    "before": _higher,
    "after": _higher,
    "unmet": _one_more(Condition),
    "agreed": lambda value, step: value - {_topic(step)},
}
_NO_STRICTER: Final = {"card", "before"}
"""Unknown, these are not the strictest: a card may oblige to say that its model is a
demonstration, and a secret is stricter than what nobody knows of.
"""


@st.composite
def stricter(draw: st.DrawFn) -> tuple[Facts, Facts, str]:
    """Facts, the same ones with one of them a step stricter, and which that is."""
    facts, name = draw(ANY_FACTS), draw(st.sampled_from(sorted(_FIELDS)))
    value, unknown = getattr(facts, name), getattr(_UNKNOWN, name)
    if name in _STEPS and value is not None and (name in _NO_STRICTER or draw(st.booleans())):
        step = draw(st.integers(0, 39))
        return facts, replace(facts, **{name: _STEPS[name](value, step)}), name
    if name in _NO_STRICTER:
        unknown = value
    return facts, replace(facts, **{name: unknown}), name


_UNKNOWN: Final = Facts()
