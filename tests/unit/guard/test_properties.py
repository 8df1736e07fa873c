# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold of the guard whatever comes, P1 to P12: one test each, and where more of it is.

P10, of the activity record, is in tests/unit/store/rooms/test_activity.py.

Of the decision each is shown twice: of any facts, drawn by chance, and of every state of the
abstract space at once (`guard.prove`), whose states stand for all facts (test_abstract.py).
"""

import random
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.domain import Level, Reason, Route, Sensitivity, Subject
from safespace.errors import NotCleared
from safespace.guard import wording
from safespace.guard.deciding.decision import Decision, decide, what_would_change, within_reach
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import RULES, Rule, Ruling
from safespace.guard.proving.abstract import FACTS, facts_at, indices_of
from safespace.guard.proving.diagram import Diagram
from safespace.guard.proving.prove import Table, prove
from safespace.guard.reading import windows
from safespace.guard.weighing.givenaway import given_away
from safespace.guard.weighing.redact import Placeholders
from safespace.guard.weighing.sensitivity import of_finding
from tests.unit.guard.any_facts import ANY_FACTS, stricter
from tests.unit.guard.deciding.test_cedar import POLICIES, AnyTask, Twin, ours
from tests.unit.guard.leaving.test_clearance import SCANNER, Guard, errand_of
from tests.unit.guard.weighing.test_redact import WORDS

EXAMPLES: Final = settings(max_examples=120, derandomize=True, deadline=None)


@pytest.fixture(scope="module")
def table() -> Table:
    return Table(RULES, FACTS)


def no_further(strict: Decision, lax: Decision) -> bool:
    """Whether it goes no further, and where it goes as far, is obliged to no less."""
    if strict.route is lax.route:
        return strict.obligations >= lax.obligations
    return strict.route < lax.route


@given(stricter())
@EXAMPLES
def test_p1_a_stricter_fact_never_leads_further_nor_to_fewer_obligations(
    step: tuple[Facts, Facts, str],
) -> None:
    """Sensitivity, findings, topic bans, limits, minors. Exhaustively below, with P2 and P3."""
    lax, strict, _name = step
    assert no_further(decide(strict), decide(lax))


@given(ANY_FACTS)
@EXAMPLES
def test_p2_a_lower_level_never_leads_further(facts: Facts) -> None:
    each = [decide(replace(facts, level=level)) for level in (None, *Level)]
    assert all(no_further(low, high) for low, high in pairwise(each))


@given(ANY_FACTS, st.sampled_from(range(len(RULES))))
@EXAMPLES
def test_p3_an_unknown_fact_or_a_rule_that_throws_never_leads_further(
    facts: Facts, place: int
) -> None:
    def broken(_facts: Facts) -> Ruling:
        raise ZeroDivisionError

    rules: list[Rule] = [*RULES]
    rules[place] = broken
    assert decide(facts, rules).route is Route.HUMAN
    route = decide(facts).route
    for name in Facts.__slots__:
        if name != "card" and not (name == "before" and facts.before is Sensitivity.SECRET):
            assert decide(replace(facts, **{name: getattr(Facts(), name)})).route <= route


def test_p1_p2_p3_in_every_state() -> None:
    proof = prove()
    assert proof.violations == ()
    named = {fact.name for fact in FACTS if fact.stricter_than}
    assert named == {fact.name for fact in FACTS}  # so each fact is made stricter somewhere
    assert proof.edges > proof.states


@given(ANY_FACTS, st.randoms(use_true_random=False), st.sampled_from(Route))
@EXAMPLES
def test_p4_the_order_of_rules_is_irrelevant_and_one_more_never_raises(
    facts: Facts, chance: random.Random, cap: Route
) -> None:
    shuffled = [*RULES]
    chance.shuffle(shuffled)
    one, other = decide(facts), decide(facts, shuffled)
    assert (one.route, one.obligations) == (other.route, other.obligations)
    assert set(one.decisive) == set(other.decisive)
    more = decide(facts, (*shuffled, lambda _facts: Ruling(cap, Reason("test"))))
    assert more.route is min(one.route, cap)


def test_p5_no_secret_and_no_minor_leaves_and_level_0_asks_no_model_in_any_state(
    table: Table,
) -> None:
    made, leaves = table.diagrams, table.reaches[Route.COOP_REDACTED]

    def given_as(name: str, told: Any, reaches: Diagram) -> Diagram:
        """Where `reaches` holds of the states whose fact `name` is `told`."""
        (place,) = [at for at, fact in enumerate(FACTS) if fact.name == name]
        values = [dict(value) for value in FACTS[place].values]
        return made.given(reaches, place, values.index(told))

    secret = {"before": Sensitivity.SECRET, "after": Sensitivity.SECRET}
    assert given_as("sensitivity", secret, leaves) is False
    assert given_as("subject", {"subject": Subject.MINOR}, leaves) is False
    for level in (None, Level.NO_AI):
        assert given_as("level", {"level": level}, table.reaches[Route.LOCAL]) is False
    # The controls: the same of what may leave.
    assert given_as("subject", {"subject": Subject.NOBODY}, leaves) is not False
    assert given_as("level", {"level": Level.COOPERATIVE}, leaves) is not False


_PIECES: Final = (*WORDS, "My daughter is 8.", "my password is Tr0ub4dor&3", "How do cats purr?")


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6), st.integers(0, 5))
@EXAMPLES
def test_p6_more_text_never_lowers_the_class_and_windows_miss_nothing(
    pieces: list[str], place: int
) -> None:
    whole = given_away("\n".join(pieces), SCANNER)
    part = given_away(pieces[place % len(pieces)], SCANNER)
    assert whole.before is not None
    assert part.before is not None
    assert whole.before >= part.before
    long = "\n".join(pieces * 60)
    seen = set(chain.from_iterable(SCANNER.scan(one).all for one in windows.windows(long)))
    kinds = {one.kind for one in seen}
    assert {one.kind for one in SCANNER.scan(long).all if of_finding(one)} <= kinds


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
@EXAMPLES
def test_p7_what_is_redeemed_is_what_was_judged_and_only_once(words: str) -> None:
    """The same over the wire, byte for byte: tests/unit/door and tests/unit/session."""
    guard = Guard()
    errand = errand_of(words)
    shown = guard.open.show(errand)
    try:
        clearance = guard.open.mint(errand, lambda _words: facts_of_any_place(), shown)
    except NotCleared:
        return  # it gives something away by itself
    with pytest.raises(NotCleared):
        guard.open.redeem("0" * 32, clearance.digest)
    assert guard.open.redeem(clearance.number, clearance.digest).errand.body == errand.body
    with pytest.raises(NotCleared):
        guard.open.redeem(clearance.number, clearance.digest)


def facts_of_any_place() -> Facts:
    return replace(facts_at([len(fact.values) - 1 for fact in FACTS]), model="m")


@given(st.lists(st.sampled_from(WORDS), max_size=12))
@EXAMPLES
def test_p8_redacting_is_a_fixed_point_and_comes_back_exactly(words: list[str]) -> None:
    text, known = " ".join(words), Placeholders()
    once = known.redact(text, SCANNER)
    again = known.redact(once.text, SCANNER)
    assert known.restore(again.text) == once.text  # a placeholder that is there is words, too
    left = [of_finding(one) for one in SCANNER.scan(once.text).all]
    assert max(left, default=Sensitivity.NEUTRAL) < Sensitivity.IDENTIFYING
    assert known.restore(once.text) == text


@given(ANY_FACTS)
@EXAMPLES
def test_p9_every_counterfactual_really_flips_the_outcome(facts: Facts) -> None:
    """What can be left out of a text: test_lighter.py. Every state's: `guard.unexplained`."""
    made = dict(within_reach(facts))
    for way in what_would_change(facts):
        changed = facts
        for change in way.changes:
            changed = made[change](changed)
        assert decide(changed).route is way.route > decide(facts).route


def test_p11_a_twin_in_another_language_decides_alike() -> None:
    """50,000 of them: test_cedar.py, `guard.cedar`."""
    tasks = AnyTask(11)
    each = [tasks.draw() for _ in range(500)]
    assert Twin(POLICIES).decide(each) == list(map(ours, each))


@given(ANY_FACTS)
@EXAMPLES
def test_p12_the_same_facts_have_the_same_decision_and_words(facts: Facts) -> None:
    one, other = decide(facts), decide(replace(facts))
    assert one == other
    assert list(map(wording.sentence, one.decisive)) == list(map(wording.sentence, other.decisive))
    assert what_would_change(facts) == what_would_change(replace(facts))
    state = facts_at(indices_of(facts))
    assert (decide(state).route, decide(state).obligations) == (one.route, one.obligations)
