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
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import OPEN, RULES, SENDING, Rule, Ruling, listed

_NONE: Final = frozenset[str]()
_NO_TOPIC: Final = frozenset[Topic]()
_NO_CONDITION: Final = frozenset[Condition]()
_NO_RULES: Final = frozenset[int]()
_RULINGS: Final = {Ruling}
_LOCAL: Final = Route.LOCAL
_COOP: Final = Route.COOP
_SOME_MODEL: Final = ModelCard(
    name="",
    file="",
    maker="",
    licence="",
    languages=frozenset(),
    not_for=frozenset(),
    demonstration=False,
    parameters=0,
    size=None,
    sha256=None,
    source="",
)


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


def what_would_change(facts: Facts, leaving_out: Sequence[Step] = ()) -> tuple[Way, ...]:
    """Every smallest set of changes that takes the task further.

    Each was tried by deciding anew, so each holds exactly. Fewest changes first; empty when
    nothing would help. `leaving_out`: what of its text could be left out (`lighter`).
    """
    now = decide(facts).route
    stuck = [rule for rule in RULES if ruling_of(rule, facts).cap is now]
    # What a member may do can depend on limits: so it is tried without them, too.
    cases = [(case, _freed(stuck, case, now)) for case in (facts, _unlimited(facts))]
    helping = [
        (change, make, frees)
        for change, make in within_reach(facts, leaving_out)
        if (frees := _NO_RULES.union(*(_freed(stuck, make(c), now) - f for c, f in cases)))
    ]
    ways: dict[frozenset[str], Way] = {}
    for count in range(1, len(helping) + 1):
        for chosen in combinations(helping, count):
            codes = frozenset(change.code for change, _, _ in chosen)
            freed = _NO_RULES.union(*(frees for _, _, frees in chosen))
            if len(freed) < len(stuck) or any(found <= codes for found in ways):
                continue  # a rule would still hold it, or fewer changes, or a lower level, do
            changed = facts
            for _, make, _ in chosen:
                changed = make(changed)
            if (route := decide(changed).route) > now:
                ways[codes] = Way(tuple(change for change, _, _ in chosen), route)
    return tuple(ways.values())


def _unlimited(facts: Facts) -> Facts:
    return replace(facts, limits=NO_LIMITS, limits_time=LimitsTime.OPEN)


def _freed(stuck: Sequence[Rule], changed: Facts, now: Route) -> frozenset[int]:
    """Which of the rules that hold a task back no longer do."""
    return frozenset(at for at, rule in enumerate(stuck) if ruling_of(rule, changed).cap > now)


def within_reach(facts: Facts, leaving_out: Sequence[Step] = ()) -> Iterator[Step]:
    """What could be otherwise about a task without changing what it is about: by its member
    first, by others last. Some of it changes nothing: that shows when it is tried."""
    yield Change("override"), partial(replace, overridden=True)
    yield Change("ask"), partial(replace, explicit=True)
    for level in Level:
        yield Change("level", (("level", str(level.value)),)), partial(replace, level=level)
    if facts.reserved and facts.kind in facts.reserved:
        values = (("kind", facts.kind.value),)
        rest = facts.reserved - {facts.kind}
        yield Change("unreserve", values), partial(replace, reserved=rest)
    else:
        yield Change("unreserve_all"), partial(replace, reserved=frozenset())
    topics = _NO_TOPIC if facts.topics is None else facts.topics
    kept = facts.topics_without_ai
    if kept and (touched := kept & topics):
        values = (("topics", listed(touched)),)
        yield Change("allow_topics", values), partial(replace, topics_without_ai=kept - touched)
    else:
        yield Change("allow_all_topics"), partial(replace, topics_without_ai=frozenset())
    here = facts.topics_here
    if here and (touched := here & topics):
        values = (("topics", listed(touched)),)
        yield Change("send_topics", values), partial(replace, topics_here=here - touched)
    else:
        yield Change("send_all_topics"), partial(replace, topics_here=frozenset())
    yield Change("hours"), partial(replace, resting=False)
    yield Change("unpin"), partial(replace, pin=Route.COOP)
    yield from leaving_out
    # One that covers the question: a language that nobody knows, none does.
    fitting = replace(_SOME_MODEL, languages=frozenset(filter(None, [facts.language])))
    yield Change("model"), partial(replace, card=fitting)
    yield Change("limits"), _unlimited
    if not facts.cooperative:
        yield Change("join"), partial(replace, cooperative=True, unmet=_NO_CONDITION)
    elif facts.unmet:  # one that is left holds it as they all do
        values = (("conditions", ",".join(sorted(facts.unmet))),)
        yield Change("conditions", values), partial(replace, unmet=_NO_CONDITION)


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
