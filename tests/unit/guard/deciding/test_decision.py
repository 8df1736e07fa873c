# SPDX-License-Identifier: AGPL-3.0-or-later
"""The decision: single cases, and what holds of any rules. test_prove.py has the whole space."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial, reduce
from itertools import chain, combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from safespace.domain import (
    NO_LIMITS,
    Condition,
    Level,
    LimitsTime,
    ModelCard,
    Reason,
    Route,
    Sensitivity,
    Subject,
    TaskKind,
    Topic,
)
from safespace.guard.deciding.decision import Change, Way, decide, what_would_change, within_reach
from safespace.guard.deciding.facts import PROTECTED, Facts
from safespace.guard.deciding.rules import RULES, Obligation, Rule, Ruling
from safespace.guard.proving.abstract import FACTS, facts_at
from tests.unit.guard.any_facts import ANY_FACTS
from tests.unit.guard.space_of_facts import some_states

WIDE = ModelCard(
    name="A model",
    file="a.gguf",
    maker="",
    licence="",
    languages=frozenset({"en", "de"}),
    not_for=frozenset(),
    demonstration=False,
    parameters=1,
    size=None,
    sha256=None,
    source="",
)
NARROW = replace(WIDE, languages=frozenset({"en"}), not_for=frozenset(Topic), demonstration=True)

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
    topics_here=frozenset(),
    resting=False,
    pin=Route.COOP,
    subject=Subject.NOBODY,
    before=Sensitivity.NEUTRAL,
    after=Sensitivity.NEUTRAL,
    names_possible=False,
    unmet=frozenset(),
    limits=NO_LIMITS,
    limits_time=LimitsTime.OPEN,
)
"""A plain question at level 1 to a model that fits."""


def test_every_way_really_flips_and_every_refusal_has_one() -> None:
    refused = 0
    for facts in some_states(2000):
        decision = decide(facts)
        ways = what_would_change(facts)
        for way in ways:
            assert way.route > decision.route
            assert way.changes
        # In distress and an unknown language, no model is known to fit and none may be tried;
        # and what was agreed with a guardian, no member changes alone.
        helpless = facts.distress and facts.language is None
        theirs = facts.limits != NO_LIMITS or facts.limits_time is not LimitsTime.OPEN
        if decision.route is Route.HUMAN and not helpless and not theirs:
            refused += 1
            assert ways, facts
    assert refused


TRIED = 3


@given(ANY_FACTS)
@example(replace(PLAIN, card=None, model="a.gguf", limits=None))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_no_way_is_missed_and_none_is_longer_than_it_must_be(facts: Facts) -> None:
    ways = [way for way in what_would_change(facts) if len(way.changes) <= TRIED]
    assert {(way.changes, way.route) for way in ways} == set(_every_way(facts))


def _every_way(facts: Facts) -> Iterator[tuple[tuple[Change, ...], Route]]:
    """Found by trying all sets of so many changes."""
    now, found = decide(facts).route, list[frozenset[str]]()
    steps = tuple(within_reach(facts))
    for chosen in chain.from_iterable(combinations(steps, count + 1) for count in range(TRIED)):
        codes = frozenset(change.code for change, _ in chosen)
        changed = reduce(lambda made, step: step[1](made), chosen, facts)
        if not any(fewer <= codes for fewer in found) and decide(changed).route > now:
            found.append(codes)
            yield tuple(change for change, _ in chosen), decide(changed).route


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


def test_a_rule_that_caps_says_why() -> None:
    with pytest.raises(ValueError, match=r"^a rule that caps says why$"):
        Ruling(Route.COOP_REDACTED)
    assert Ruling(Route.COOP).reason is None


def test_no_rules_allow_nothing() -> None:
    assert decide(PLAIN, ()).route is Route.HUMAN
    assert decide(PLAIN, ()).decisive == (Reason("rule.failed", (("rule", "none"),)),)


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


JOINED = replace(PLAIN, level=Level.COOPERATIVE, cooperative=True)


@pytest.mark.parametrize("never", [Sensitivity.SECRET, Sensitivity.PROTECTED, None])
@pytest.mark.parametrize("level", list(Level))
def test_secrets_children_and_the_unknown_never_leave(
    never: Sensitivity | None, level: Level
) -> None:
    assert decide(replace(JOINED, level=Level.COOPERATIVE)).route is Route.COOP
    assert decide(replace(JOINED, level=level, before=never)).route <= Route.LOCAL


def test_what_identifies_leaves_as_placeholders_if_they_suffice() -> None:
    known = replace(JOINED, before=Sensitivity.IDENTIFYING, after=Sensitivity.LIGHT)
    assert decide(known).route is Route.COOP_REDACTED
    assert decide(known).obligations == {Obligation.REDACT, Obligation.PREVIEW}
    for after in (None, Sensitivity.IDENTIFYING):
        assert decide(replace(known, after=after)).route is Route.LOCAL
    assert not what_would_change(known)
    left_out = (
        Change("leave_out", (("kinds", "PHONE"),)),
        partial(replace, before=Sensitivity.LIGHT),
    )
    (way,) = what_would_change(known, leaving_out=[left_out])
    assert way == Way((left_out[0],), Route.COOP)


def test_what_may_be_a_name_is_asked_about() -> None:
    assert decide(replace(JOINED, names_possible=True)).obligations == {Obligation.ASK}
    assert not decide(replace(PLAIN, names_possible=True)).obligations


def test_level_3_shows_and_asks_each_time() -> None:
    decision = decide(replace(JOINED, level=Level.ASK_EACH_TIME))
    assert decision.route is Route.COOP
    assert decision.obligations == {Obligation.ASK, Obligation.PREVIEW}


@pytest.mark.parametrize("condition", list(Condition))
def test_one_condition_that_does_not_hold_keeps_it_here(condition: Condition) -> None:
    decision = decide(replace(JOINED, unmet=frozenset({condition})))
    assert decision.route is Route.LOCAL
    assert decision.decisive == (Reason(f"condition.{condition}"),)
    assert decide(replace(JOINED, unmet=None)).route is Route.LOCAL


def test_what_would_change_names_the_lowest_level_and_no_needless_step() -> None:
    facts = replace(PLAIN, level=Level.NO_AI, reserved=frozenset({TaskKind.CHAT}))
    (way,) = what_would_change(facts)
    assert isinstance(way, Way)
    assert {(change.code, change.values) for change in way.changes} == {
        ("level", (("level", "1"),)),
        ("unreserve", (("kind", "chat"),)),
    }


def test_a_pin_caps_one_conversation() -> None:
    for pin in Route:
        assert decide(replace(JOINED, pin=pin)).route is pin
    assert decide(replace(JOINED, pin=None)).route is Route.HUMAN


def test_hours_without_ai_ask_no_model() -> None:
    assert decide(replace(JOINED, resting=True)).route is Route.HUMAN


def test_what_is_delicate_is_asked_about_until_it_was_agreed_to() -> None:
    work = replace(JOINED, topics=frozenset({Topic.WORK}), agreed=frozenset())
    assert decide(work).route is Route.COOP
    assert Obligation.ASK in decide(work).obligations
    assert Obligation.ASK in decide(replace(work, agreed=None)).obligations
    agreed = replace(work, agreed=frozenset({Topic.WORK}))
    assert decide(agreed).obligations == frozenset()
    kept = replace(agreed, topics_here=frozenset({Topic.WORK}))
    assert decide(kept).decisive == (Reason("here.topic", (("topics", "work"),)),)
    assert decide(replace(agreed, topics_here=None)).route is Route.LOCAL


@pytest.mark.parametrize("topic", sorted(PROTECTED))
def test_what_is_protected_stays_here_whatever_was_agreed(topic: Topic) -> None:
    facts = replace(JOINED, topics=frozenset({topic}), agreed=frozenset(Topic))
    assert decide(facts).route is Route.LOCAL


def test_a_child_stays_here_and_another_person_is_looked_at() -> None:
    for subject in (None, Subject.MINOR):
        assert decide(replace(JOINED, subject=subject)).route is Route.LOCAL
    other = decide(replace(JOINED, subject=Subject.OTHER_ADULT))
    assert (other.route, Obligation.ASK in other.obligations) == (Route.COOP, True)
