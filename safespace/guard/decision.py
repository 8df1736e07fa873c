# SPDX-License-Identifier: AGPL-3.0-or-later
"""The decision: the minimum of what the rules allow, why, and what would change it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from safespace.domain import Level, ModelCard, Reason, Route, Sensitivity, Topic
from safespace.guard.facts import Facts
from safespace.guard.rules import RULES, SENDING, Rule, Ruling, listed


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


def decide(facts: Facts, rules: Sequence[Rule] = RULES) -> Decision:
    """The minimum of the rules' caps and the union of their obligations. Never raises.

    A rule that fails counts as one that forbids; no rules allow nothing. Where nothing is sent,
    the obligations of sending fall away.
    """
    rulings = tuple(ruling_of(rule, facts) for rule in rules) or (_failed("none"),)
    route = min([ruling.cap for ruling in rulings])
    obligations = frozenset[str]().union(*[one.obligations for one in rulings if one.obligations])
    return Decision(
        route,
        tuple(ruling.reason for ruling in rulings if ruling.cap is route and ruling.reason),
        rulings,
        obligations if route > Route.LOCAL else obligations - SENDING,
    )


def what_would_change(facts: Facts, rules: Sequence[Rule] = RULES) -> tuple[Way, ...]:
    """Every smallest set of changes, within the member's reach, that takes the task further.

    Each was tried by deciding anew, so each holds exactly. Fewest changes first; empty when
    nothing the member can do would help.
    """
    now = decide(facts, rules).route
    steps = tuple(_within_reach(facts))
    ways: dict[frozenset[str], Way] = {}
    for count in range(1, len(steps) + 1):
        for chosen in combinations(steps, count):
            codes = frozenset(change.code for change, _ in chosen)
            if any(found <= codes for found in ways):
                continue  # fewer changes, or a lower level, do already
            changed = facts
            for _, make in chosen:
                changed = make(changed)
            if (route := decide(changed, rules).route) > now:
                ways[codes] = Way(tuple(change for change, _ in chosen), route)
    return tuple(ways.values())


def _within_reach(facts: Facts) -> Iterator[tuple[Change, Callable[[Facts], Facts]]]:
    """What a member can change about a task without changing what it is about."""
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
    if facts.before is None or facts.before >= Sensitivity.IDENTIFYING:
        yield _leaving_out(facts.before)
    if facts.model_name is None or facts.card is None or not _covers(facts.card, facts):
        yield Change("model"), partial(replace, card=_fitting_card(facts))


def _leaving_out(
    before: Sensitivity | None,
) -> tuple[Change, Callable[[Facts], Facts]]:
    what = "unknown" if before is None else before.name.lower()
    made = partial(replace, before=Sensitivity.LIGHT, after=Sensitivity.LIGHT)
    return Change(f"leave_out_{what}"), made


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
