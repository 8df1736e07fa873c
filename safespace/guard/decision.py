# SPDX-License-Identifier: AGPL-3.0-or-later
"""The decision: the minimum of what the rules allow, why, and what would change it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Final

from safespace.domain import (
    NO_LIMITS,
    Condition,
    Level,
    LimitsTime,
    ModelCard,
    Reason,
    Route,
    Topic,
)
from safespace.guard.facts import Facts
from safespace.guard.rules import OPEN, RULES, SENDING, Rule, Ruling, listed

_NONE: Final = frozenset[str]()
_RULINGS: Final = {Ruling}
_LOCAL: Final = Route.LOCAL
_COOP: Final = Route.COOP


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a task may go. `decisive` are the reasons of the rules that alone would set `route`."""

    route: Route
    decisive: tuple[Reason, ...]
    rulings: tuple[Ruling, ...]
    obligations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing the member can do, as a code and its values; `wording.way` says it."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Doing all of `changes`, and no fewer, would take the task to `route`."""

    changes: tuple[Change, ...]
    route: Route


Step = tuple[Change, Callable[[Facts], Facts]]


def decide(facts: Facts, rules: Sequence[Rule] = RULES) -> Decision:
    """The minimum of the rules' caps and the union of their obligations. Never raises.

    A rule that fails counts as one that forbids; no rules allow nothing. Where nothing is sent,
    the obligations of sending fall away.
    """
    rulings = _rulings(facts, rules)
    telling = [one for one in rulings if one is not OPEN]
    route = min([one.cap for one in telling], default=_COOP)
    obligations = _NONE.union(*[one.obligations for one in telling if one.obligations])
    return Decision(
        route,
        tuple([one.reason for one in telling if one.cap is route and one.reason]),
        rulings,
        obligations if route > _LOCAL else obligations - SENDING,
    )


def what_would_change(
    facts: Facts, rules: Sequence[Rule] = RULES, leaving_out: Sequence[Step] = ()
) -> tuple[Way, ...]:
    """Every smallest set of changes that takes the task further.

    Each was tried by deciding anew, so each holds exactly. Fewest changes first; empty when
    nothing would help. `leaving_out`: what of its text could be left out (`lighter`).
    """
    now = decide(facts, rules)
    stuck = [rule for rule, one in zip(rules, now.rulings, strict=False) if one.cap is now.route]
    steps = [
        _Step(change, make, stuck, now.route, facts)
        for change, make in within_reach(facts, leaving_out)
    ]
    helping = [step for step in steps if step.frees]
    ways: dict[frozenset[str], Way] = {}
    for count in range(1, len(helping) + 1):
        for chosen in combinations(helping, count):
            codes = frozenset(step.change.code for step in chosen)
            freed = frozenset[int]().union(*(step.frees for step in chosen))
            if len(freed) < len(stuck) or any(found <= codes for found in ways):
                continue  # a rule would still hold it, or fewer changes, or a lower level, do
            changed = facts
            for step in chosen:
                changed = step.make(changed)
            if (route := decide(changed, rules).route) > now.route:
                ways[codes] = Way(tuple(step.change for step in chosen), route)
    return tuple(ways.values())


class _Step:
    """A change, and which of the rules that hold a task back it frees it from."""

    def __init__(
        self,
        change: Change,
        make: Callable[[Facts], Facts],
        stuck: Sequence[Rule],
        route: Route,
        facts: Facts,
    ) -> None:
        self.change, self.make = change, make
        changed = make(facts)
        self.frees = frozenset(
            at for at, rule in enumerate(stuck) if ruling_of(rule, changed).cap > route
        )


def within_reach(facts: Facts, leaving_out: Sequence[Step] = ()) -> Iterator[Step]:
    """What could be otherwise about a task without changing what it is about: by its member
    first, by others last."""
    if not facts.overridden and not facts.distress and facts.limits and facts.limits.override:
        yield Change("override"), partial(replace, overridden=True)
    if not facts.explicit:
        yield Change("ask"), partial(replace, explicit=True)
    for level in Level:
        if facts.level is None or level > facts.level:
            values = (("level", str(level.value)),)
            yield Change("level", values), partial(replace, level=level)
    if facts.reserved and facts.kind in facts.reserved:
        values = (("kind", facts.kind.value),)
        rest = facts.reserved - {facts.kind}
        yield Change("unreserve", values), partial(replace, reserved=rest)
    elif facts.reserved is None or facts.reserved:
        yield Change("unreserve_all"), partial(replace, reserved=frozenset())
    kept = facts.topics_without_ai
    if kept and facts.topics and (touched := kept & facts.topics):
        values = (("topics", listed(touched)),)
        yield Change("allow_topics", values), partial(replace, topics_without_ai=kept - touched)
    elif kept is None or kept:
        yield Change("allow_all_topics"), partial(replace, topics_without_ai=frozenset())
    here = facts.topics_here
    if here and facts.topics and (touched := here & facts.topics):
        values = (("topics", listed(touched)),)
        yield Change("send_topics", values), partial(replace, topics_here=here - touched)
    elif here is None or (here and facts.topics is None):
        yield Change("send_all_topics"), partial(replace, topics_here=frozenset())
    if facts.resting:
        yield Change("hours"), partial(replace, resting=False)
    if facts.pin is None or facts.pin < Route.COOP:
        yield Change("unpin"), partial(replace, pin=Route.COOP)
    yield from leaving_out
    if facts.model_name is None or facts.card is None or not _covers(facts.card, facts):
        yield Change("model"), partial(replace, card=_fitting_card(facts))
    if facts.limits and (facts.limits, facts.limits_time) != (NO_LIMITS, LimitsTime.OPEN):
        yield Change("limits"), partial(replace, limits=NO_LIMITS, limits_time=LimitsTime.OPEN)
    if not facts.cooperative:
        yield Change("join"), partial(replace, cooperative=True, unmet=frozenset())
    for condition in sorted(facts.unmet or ()) if facts.cooperative else ():
        yield Change(f"condition_{condition}"), partial(_with_met, condition=condition)


def _with_met(facts: Facts, condition: Condition) -> Facts:
    return replace(facts, unmet=None if facts.unmet is None else facts.unmet - {condition})


def _covers(card: ModelCard, facts: Facts) -> bool:
    topics = frozenset(Topic) if facts.topics is None else facts.topics
    return facts.language in card.languages and not topics & card.not_for


def _fitting_card(facts: Facts) -> ModelCard:
    """A model that covers the question, as far as any can: an unknown language none covers."""
    return ModelCard(
        name="",
        file="",
        maker="",
        licence="",
        languages=frozenset() if facts.language is None else frozenset({facts.language}),
        not_for=frozenset(),
        demonstration=False,
        parameters=0,
        size=None,
        sha256=None,
        source="",
    )


def _rulings(facts: Facts, rules: Sequence[Rule]) -> tuple[Ruling, ...]:
    """What each rule says. At once, and one by one only where one fails: this is done often."""
    try:
        rulings = tuple([rule(facts) for rule in rules])
    except Exception:  # noqa: BLE001  looked at below, rule by rule
        rulings = ()
    if {*map(type, rulings)} == _RULINGS:
        return rulings
    return tuple(ruling_of(rule, facts) for rule in rules) or (_failed("none"),)


def ruling_of(rule: Rule, facts: Facts) -> Ruling:
    """What one rule says; one that fails forbids. Never raises."""
    try:
        ruling = rule(facts)
        if isinstance(ruling, Ruling):
            return ruling
    except Exception:  # noqa: BLE001, S110  doubt closes: whatever broke, the rule forbids
        pass
    return _failed(getattr(rule, "__name__", type(rule).__name__))


def _failed(rule: str) -> Ruling:
    return Ruling(Route.HUMAN, Reason("rule.failed", (("rule", rule),)))
