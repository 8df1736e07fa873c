# SPDX-License-Identifier: AGPL-3.0-or-later
"""A state of the abstract space decides as all the facts that it stands for."""

import dataclasses
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings

from safespace.domain import Limits, Topic
from safespace.guard.deciding.decision import decide
from safespace.guard.deciding.facts import Facts
from safespace.guard.proving.abstract import FACTS, Fact, facts_at, indices_of
from tests.conftest import Share
from tests.unit.guard.any_facts import ANY_FACTS, stricter, with_another
from tests.unit.guard.space_of_facts import some_places

FIELDS = sorted(field.name for field in dataclasses.fields(Facts))


def what_is_decided(facts: Facts) -> tuple[object, ...]:
    """Route, obligations and reasons: all but the names of what stood in the way."""
    decision = decide(facts)
    reasons = sorted(reason.code for reason in decision.decisive)
    rulings = [(one.cap, one.obligations) for one in decision.rulings]
    return decision.route, decision.obligations, reasons, rulings


@pytest.mark.torture("guard.abstraction")
def test_whatever_the_facts_are_their_state_decides_the_same(share: Share) -> None:
    @given(ANY_FACTS)
    @settings(max_examples=share(10_000), derandomize=True, deadline=None)
    def holds(facts: Facts) -> None:
        assert what_is_decided(facts) == what_is_decided(facts_at(indices_of(facts)))

    holds()


@pytest.mark.parametrize("name", FIELDS)
def test_so_it_does_when_one_field_is_another(name: str) -> None:
    @given(with_another(name))
    @settings(max_examples=60, derandomize=True, deadline=None)
    def holds(pair: tuple[Facts, Facts]) -> None:
        for facts in pair:
            assert what_is_decided(facts) == what_is_decided(facts_at(indices_of(facts)))

    holds()


def test_a_state_stands_for_itself() -> None:
    """Where it says no more than it needs to: topics kept that touch nothing, it leaves out."""
    for indices in some_places(2000):
        facts = facts_at(indices)
        state = facts_at(indices_of(facts))
        assert indices_of(state) == indices_of(facts)
        assert what_is_decided(facts) == what_is_decided(state)


def no_laxer(fact: Fact, one: int, other: int) -> bool:
    """Whether `fact`'s order says that its value `one` is as strict as `other`, or stricter."""
    reached = {one}
    for _step in fact.values:
        reached |= {lax for strict, lax in fact.stricter_than if strict in reached}
    return other in reached


@pytest.mark.torture("guard.order")
def test_the_state_of_stricter_facts_is_stricter(share: Share) -> None:
    """So a step between facts is a walk over edges that were all looked at."""

    @given(stricter())
    @settings(max_examples=share(10_000), derandomize=True, deadline=None)
    def holds(step: tuple[Facts, Facts, str]) -> None:
        lax, strict, _name = step
        for fact, one, other in zip(FACTS, indices_of(strict), indices_of(lax), strict=True):
            assert no_laxer(fact, one, other), fact.name

    holds()


def test_the_space_tells_apart_what_the_rules_tell_apart() -> None:
    """No value is there for nothing: each decides otherwise than every other, in some state."""
    places = some_places(4000)
    for place, fact in enumerate(FACTS):
        alike = {(one, other) for one in range(len(fact.values)) for other in range(one)}
        for indices in places:
            seen = [
                _reason_of(fact, facts_at(_put(indices, place, at)))
                for at in range(len(fact.values))
            ]
            alike = {(one, other) for one, other in alike if seen[one] == seen[other]}
            if not alike:
                break
        assert alike == set(), fact.name


def _put(indices: Sequence[int], place: int, at: int) -> tuple[int, ...]:
    return (*indices[:place], at, *indices[place + 1 :])


def _reason_of(fact: Fact, facts: Facts) -> object:
    return [
        (one.cap, one.reason and (one.reason.code, one.reason.values), one.obligations)
        for one in decide(facts).rulings
    ]


def test_a_state_that_stood_for_too_much_would_be_noticed() -> None:
    """A control: facts that the rules tell apart stand in two states."""
    base = replace(Facts(), topics=frozenset({Topic.BELIEF}), limits=Limits())
    kept = replace(base, topics_here=frozenset({Topic.BELIEF}))
    other = replace(base, topics_here=frozenset({Topic.WORK}))
    assert (
        indices_of(kept) != indices_of(other) == indices_of(replace(base, topics_here=frozenset()))
    )
