# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every reason names what stood in the way, and every way on what it would change."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from safespace.domain import (
    NO_LIMITS,
    Condition,
    Level,
    Limits,
    LimitsTime,
    Reason,
    Route,
    TaskKind,
    Topic,
)
from safespace.guard import wording
from safespace.guard.deciding.decision import (
    Change,
    decide,
    ruling_of,
    what_would_change,
    within_reach,
)
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import Ruling
from tests.unit.guard.deciding.test_decision import JOINED, NARROW, PLAIN

TWO = frozenset({Topic.HEALTH, Topic.WORK})
BOTH = (("topics", "health,work"),)
WORK = frozenset({Topic.WORK})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"topics_without_ai": frozenset(Topic)}, Reason("topic.kept", BOTH)),
        ({"limits": Limits(topics=frozenset(Topic))}, Reason("limits.topic", BOTH)),
        ({"topics": WORK, "topics_here": TWO}, Reason("here.topic", (("topics", "work"),))),
        ({"topics_here": WORK}, Reason("topic.protected", (("topics", "health"),))),
        ({"reserved": frozenset(TaskKind)}, Reason("kind.reserved", (("kind", "chat"),))),
        ({"pin": Route.LOCAL}, Reason("pin.local")),
        (
            {"limits": Limits(models=frozenset())},
            Reason("limits.model", (("model", "A model"),)),
        ),
        ({"limits": Limits(highest=Level.AT_MY_SIDE)}, Reason("limits.level", (("level", "2"),))),
    ],
)
def test_a_reason_names_what_stood_in_the_way(changes: dict[str, Any], reason: Reason) -> None:
    facts = replace(JOINED, topics=TWO, topics_here=frozenset(), agreed=frozenset(Topic))
    assert reason in decide(replace(facts, **changes)).decisive


def test_a_model_is_named_with_what_it_does_not_cover() -> None:
    named = ("model", "A model")
    facts = replace(PLAIN, card=NARROW, topics=TWO)
    assert decide(facts).decisive == (Reason("model.topic", (named, *BOTH)),)
    foreign = replace(PLAIN, language="fr")
    assert decide(foreign).decisive == (Reason("model.language", (named, ("language", "fr"))),)
    unknown = replace(PLAIN, card=replace(NARROW, not_for=TWO), topics=None)
    assert Reason("model.topic_unknown", (named, *BOTH)) in decide(unknown).decisive


def test_without_a_model_there_is_none_that_limits_forbid() -> None:
    facts = replace(PLAIN, card=None, model=None, limits=Limits(models=frozenset()))
    assert decide(facts).decisive == (Reason("model.none"),)


@pytest.mark.parametrize("highest", [Level.NO_AI, Level.WHEN_I_ASK, Level.AT_MY_SIDE])
def test_who_may_have_ai_when_asking_gets_none_unasked(highest: Level) -> None:
    facts = replace(JOINED, explicit=False, limits=Limits(highest=highest))
    unasked = Reason("limits.not_explicit") in decide(facts).decisive
    assert unasked is (highest <= Level.WHEN_I_ASK)


def test_a_rule_without_a_name_fails_under_that_of_its_kind() -> None:
    def broken(extra: int, facts: Facts) -> Ruling:
        raise ZeroDivisionError(extra)

    ruling = ruling_of(partial(broken, 1), PLAIN)
    assert ruling.reason == Reason("rule.failed", (("rule", "partial"),))


@pytest.mark.parametrize(
    ("field", "code", "stuck"), [("topics_without_ai", "allow", 0), ("topics_here", "send", 1)]
)
def test_a_way_on_names_the_topics_that_it_lets_go(field: str, code: str, stuck: int) -> None:
    facts = replace(JOINED, topics=WORK, agreed=WORK, **{field: TWO})  # type: ignore[arg-type]
    (way,) = what_would_change(facts)
    assert way.changes == (Change(f"{code}_topics", (("topics", "work"),)),)
    unknown = replace(PLAIN if stuck else JOINED, level=Level.COOPERATIVE, **{field: None})  # type: ignore[arg-type]
    ways = what_would_change(replace(unknown, cooperative=True))
    assert [way.changes for way in ways] == [(Change(f"{code}_all_topics"),)]


def test_hours_without_ai_end_and_are_not_merely_unknown() -> None:
    (over,) = [make for change, make in within_reach(PLAIN) if change.code == "hours"]
    assert over(replace(PLAIN, resting=True)).resting is False


def test_who_has_not_joined_is_told_to_join_and_nothing_else_of_sending() -> None:
    apart = replace(JOINED, cooperative=False, unmet=frozenset(Condition))
    assert [way.changes for way in what_would_change(apart)] == [(Change("join"),)]
    codes = {change.code for change, _make in within_reach(apart)}
    assert "join" in codes
    assert not any(code.startswith("condition") for code in codes)


def test_who_has_joined_is_told_each_condition_and_not_to_join() -> None:
    two = frozenset({Condition.BUDGET, Condition.NETWORK})
    facts = replace(JOINED, unmet=two)
    (way,) = what_would_change(facts)
    assert way.changes == (Change("conditions", (("conditions", "budget,network"),)),)
    assert wording.way(way) == (
        "It could go to the cooperative if you set more aside for the cooperative's computers and"
        " the network can be trusted."
    )
    assert "join" not in {change.code for change, _make in within_reach(facts)}


@pytest.mark.parametrize("time", [one for one in LimitsTime if one is not LimitsTime.OPEN])
def test_limits_are_lifted_whole(time: LimitsTime) -> None:
    facts = replace(JOINED, limits=Limits(cooperative=False), limits_time=time)
    (way,) = what_would_change(facts)
    assert (way.changes, way.route) == ((Change("limits"),), Route.COOP)
    free = replace(facts, limits=NO_LIMITS, limits_time=LimitsTime.OPEN)
    assert what_would_change(free) == ()
