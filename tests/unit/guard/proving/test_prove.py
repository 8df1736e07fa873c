# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole abstract space, each step to a stricter state, and that the proof would notice."""

import dataclasses
from math import prod

import pytest

from safespace.domain import Level, Reason, Route, Sensitivity, Subject
from safespace.guard.deciding.decision import decide
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import RULES, Obligation, Ruling
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.proving.prove import Proof, Table, prove
from tests.unit.guard.space_of_facts import some_places


@pytest.fixture(scope="module")
def proof() -> Proof:
    return prove()


@pytest.fixture(scope="module")
def table() -> Table:
    return Table(RULES, FACTS)


def test_no_stricter_fact_raises_the_route_or_drops_an_obligation(proof: Proof) -> None:
    assert proof.violations == ()
    assert proof.states == prod(len(fact.values) for fact in FACTS)
    assert proof.states > 34_560
    assert proof.edges > 217_728


def test_the_space_holds_every_route(proof: Proof) -> None:
    assert all(count for _route, count in proof.routes)
    assert sum(count for _route, count in proof.routes) == proof.states


def test_the_space_has_every_fact() -> None:
    named = {field for fact in FACTS for field in fact.fields}
    assert named == {field.name for field in dataclasses.fields(Facts)}


def test_the_table_says_what_the_decision_says(table: Table) -> None:
    """Beside the route and the obligations: each refusal has its reasons, level 0 is no AI."""
    for indices in some_places(3000):
        facts = facts_at(indices)
        decision = decide(facts)
        assert table.route(indices) is decision.route
        assert decision.obligations <= table.duties(indices)
        assert bool(decision.decisive) is (decision.route < Route.COOP)
        if facts.level in (None, Level.NO_AI) or facts.resting or facts.pin in (None, Route.HUMAN):
            assert decision.route is Route.HUMAN
        if not facts.cooperative or facts.unmet is None or facts.unmet:
            assert decision.route <= Route.LOCAL
        if facts.before is None or facts.before >= Sensitivity.PROTECTED:
            assert decision.route <= Route.LOCAL
        if facts.subject in (None, Subject.MINOR):
            assert decision.route <= Route.LOCAL


def _backwards(facts: Facts) -> Ruling:
    """A rule as it must not be: a secret goes further than a neutral text."""
    if facts.before is Sensitivity.SECRET:
        return Ruling(Route.COOP)
    return Ruling(Route.LOCAL, Reason("test"))


def _forgetful(facts: Facts) -> Ruling:
    """Another one: what may be a name obliges to less than what is none."""
    ask = frozenset({Obligation.ASK.value})
    return Ruling(Route.COOP, obligations=frozenset() if facts.names_possible else ask)


FEW = tuple(fact for fact in FACTS if fact.name in ("sensitivity", "names_possible"))


def test_a_rule_that_lets_more_go_further_is_noticed() -> None:
    assert prove((), FEW).violations == ()
    (wrong,) = prove((_backwards,), FEW).violations
    assert (wrong.fact, wrong.what) == ("sensitivity", "goes further")


def test_a_rule_that_drops_an_obligation_is_noticed() -> None:
    (wrong,) = prove((_forgetful,), FEW).violations
    assert (wrong.fact, wrong.what) == ("names_possible", "drops an obligation")
