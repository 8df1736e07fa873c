# SPDX-License-Identifier: AGPL-3.0-or-later
"""The decision, over its whole abstract space and each step from a state to a stricter one."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.domain import (
    NO_LIMITS,
    Level,
    LimitsTime,
    Reason,
    Route,
    TaskKind,
    Topic,
)
from safespace.guard.decision import Way, decide, what_would_change
from safespace.guard.facts import Facts
from safespace.guard.rules import RULES, Obligation, Rule, Ruling
from tests.unit.guard.space_of_facts import (
    FACTS,
    NARROW,
    WIDE,
    all_states,
    facts_at,
    limited_states,
    some_states,
)

PLAIN = Facts(
    level=Level.WHEN_I_ASK,
    kind=TaskKind.CHAT,
    explicit=True,
    topics=frozenset(),
    language="en",
    card=WIDE,
    distress=False,
    reserved=frozenset(),
    topics_without_ai=frozenset(),
    limits=NO_LIMITS,
    limits_time=LimitsTime.OPEN,
)
"""A plain question at level 1 to a model that fits."""


@pytest.fixture(scope="module")
def decided() -> dict[tuple[int, ...], tuple[Route, frozenset[str]]]:
    """Every state's route and obligations; on the way, each refusal is seen to have its reasons."""
    table = {}
    for indices, facts in all_states().items():
        decision = decide(facts)
        if facts.level is None or facts.level is Level.NO_AI:
            assert decision.route is Route.HUMAN
        if not facts.cooperative:
            assert decision.route <= Route.LOCAL
        if decision.route < Route.COOP:
            assert decision.decisive
        table[indices] = decision.route, decision.obligations
    return table


def test_no_stricter_fact_raises_the_route_or_drops_an_obligation(
    decided: dict[tuple[int, ...], tuple[Route, frozenset[str]]],
) -> None:
    edges = 0
    for indices, (lax_route, lax_obligations) in decided.items():
        for place, fact in enumerate(FACTS):
            for strict, lax in fact.stricter_than:
                if indices[place] != lax:
                    continue
                neighbour = (*indices[:place], strict, *indices[place + 1 :])
                if neighbour not in decided:  # under limits
                    continue
                strict_route, strict_obligations = decided[neighbour]
                edges += 1
                if strict_route > lax_route:
                    pytest.fail(f"{facts_at(neighbour)} goes further than {facts_at(indices)}")
                # Without a model nothing is answered, so nothing has to be said beside it.
                if facts_at(neighbour).model_name is not None and fact.name != "card":
                    assert strict_obligations >= lax_obligations
    assert len(decided) == 186_624
    assert edges > 217_728


def test_no_stricter_limit_raises_the_route_or_drops_an_obligation() -> None:
    closed = 0
    for indices in limited_states(20_000):
        lax = decide(facts_at(indices))
        for place, fact in enumerate(FACTS):
            for strict_at, lax_at in fact.stricter_than:
                if indices[place] == lax_at:
                    strict = decide(facts_at((*indices[:place], strict_at, *indices[place + 1 :])))
                    assert strict.route <= lax.route
                    closed += strict.route < lax.route
    assert closed > 300


def test_the_space_holds_every_route(
    decided: dict[tuple[int, ...], tuple[Route, frozenset[str]]],
) -> None:
    assert {route for route, _ in decided.values()} == {Route.HUMAN, Route.LOCAL, Route.COOP}


def test_every_way_really_flips_and_every_refusal_has_one() -> None:
    for facts in some_states(500):
        decision = decide(facts)
        ways = what_would_change(facts)
        for way in ways:
            assert way.route > decision.route
            assert way.changes
        # In distress and an unknown language, no model is known to fit and none may be tried;
        # and what a guardian and a member agreed on, no member changes alone.
        limited = facts.limits != NO_LIMITS or facts.limits_time is not LimitsTime.OPEN
        helpless = facts.distress and facts.language is None
        if decision.route is Route.HUMAN and not helpless and not limited:
            assert ways, facts


def test_the_order_of_rules_is_irrelevant() -> None:
    shuffled = list(RULES)
    for seed, facts in enumerate(some_states(500)):
        random.Random(seed).shuffle(shuffled)  # noqa: S311
        one, other = decide(facts), decide(facts, shuffled)
        assert (one.route, one.obligations) == (other.route, other.obligations)
        assert set(one.decisive) == set(other.decisive)


@given(
    st.sampled_from(list(Route)),
    st.integers(min_value=0, max_value=len(RULES)),
    st.randoms(use_true_random=False),
)
@settings(max_examples=100, derandomize=True)
def test_adding_a_rule_never_raises(cap: Route, place: int, chance: random.Random) -> None:
    facts = facts_at(tuple(chance.randrange(len(fact.values)) for fact in FACTS))

    def added(_facts: Facts) -> Ruling:
        return Ruling(cap, Reason("test"))

    rules = [*RULES[:place], added, *RULES[place:]]
    assert decide(facts, rules).route == min(decide(facts).route, cap)


def _raises(_facts: Facts) -> Ruling:
    raise ZeroDivisionError


def _caps_without_a_reason(_facts: Facts) -> Ruling:
    return Ruling(Route.LOCAL)


def _returns_something_else(_facts: Facts) -> Ruling:
    return None  # type: ignore[return-value]


@pytest.mark.parametrize("broken", [_raises, _caps_without_a_reason, _returns_something_else])
def test_a_rule_that_fails_closes(broken: Rule) -> None:
    assert decide(PLAIN).route is Route.LOCAL
    decision = decide(PLAIN, (*RULES, broken))
    assert decision.route is Route.HUMAN
    assert decision.decisive == (Reason("rule.failed", (("rule", broken.__name__),)),)


def test_no_rules_allow_nothing() -> None:
    assert decide(PLAIN, ()).route is Route.HUMAN
    assert decide(PLAIN, ()).decisive


def test_nothing_known_goes_nowhere() -> None:
    assert decide(Facts()).route is Route.HUMAN


def test_a_plain_question_stays_here_and_says_why() -> None:
    decision = decide(PLAIN)
    assert decision.route is Route.LOCAL
    assert Reason("level.here", (("level", "1"),)) in decision.decisive
    assert not decision.obligations


def test_only_an_explicit_request_at_level_1() -> None:
    assert decide(replace(PLAIN, explicit=False)).route is Route.HUMAN
    assert decide(replace(PLAIN, explicit=False, level=Level.AT_MY_SIDE)).route is Route.LOCAL


def test_the_starter_model_is_handed_no_question_about_health() -> None:
    facts = replace(PLAIN, card=NARROW, topics=frozenset({Topic.HEALTH}))
    decision = decide(facts)
    assert decision.route is Route.HUMAN
    assert decision.decisive == (
        Reason("model.topic", (("model", "A model"), ("topics", "health"))),
    )
    assert decision.obligations == {Obligation.CAUTION, Obligation.DEMONSTRATION}
    ways = what_would_change(facts)
    assert [[change.code for change in way.changes] for way in ways] == [["override"], ["model"]]


@pytest.mark.parametrize(
    "beyond_override",
    [
        {"level": Level.NO_AI},
        {"reserved": frozenset({TaskKind.CHAT})},
        {"topics_without_ai": frozenset({Topic.HEALTH})},
        {"card": None, "model": None},
        {"distress": True},
    ],
)
def test_an_override_beats_fitness_and_nothing_else(beyond_override: dict[str, object]) -> None:
    facts = replace(PLAIN, topics=frozenset({Topic.HEALTH}), card=NARROW, overridden=True)
    assert decide(facts).route is Route.LOCAL
    assert decide(replace(facts, **beyond_override)).route is Route.HUMAN  # type: ignore[arg-type]


def test_an_unknown_model_may_be_asked_anyway() -> None:
    facts = replace(PLAIN, card=None, model="mystery.gguf")
    assert decide(facts).decisive == (Reason("model.unknown", (("model", "mystery.gguf"),)),)
    assert decide(replace(facts, overridden=True)).route is Route.LOCAL


def test_a_protected_topic_stays_here_even_at_level_4() -> None:
    joined = replace(PLAIN, level=Level.COOPERATIVE, cooperative=True)
    assert decide(joined).route is Route.COOP
    assert decide(replace(joined, topics=frozenset({Topic.LEGAL}))).route is Route.LOCAL
    assert decide(replace(joined, topics=None)).route is Route.LOCAL


def test_what_would_change_names_the_lowest_level_and_no_needless_step() -> None:
    facts = replace(PLAIN, level=Level.NO_AI, reserved=frozenset({TaskKind.CHAT}))
    (way,) = what_would_change(facts)
    assert isinstance(way, Way)
    assert {(change.code, change.values) for change in way.changes} == {
        ("level", (("level", "1"),)),
        ("unreserve", (("kind", "chat"),)),
    }
