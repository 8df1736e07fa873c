# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every reason and every way on has its words."""

import re
from dataclasses import replace

from safespace.domain import (
    Condition,
    Level,
    LimitsTime,
    Reason,
    Route,
    Sensitivity,
    TaskKind,
    Topic,
)
from safespace.guard import wording
from safespace.guard.deciding.decision import Change, Way, decide, what_would_change
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.finding import Kind
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.weighing.sensitivity import _BY_KIND
from safespace.guard.wording import names, ways
from tests.unit.guard.space_of_facts import some_states

_HOLE = re.compile(r"[{}]")


def test_every_reason_has_a_sentence_and_every_code_is_used() -> None:
    joined = Facts(cooperative=True)
    states = [replace(joined, unmet=frozenset({condition})) for condition in Condition]
    states += [replace(joined, limits_time=time) for time in LimitsTime]
    states += some_states(10_000)
    rulings = [ruling for facts in states for ruling in decide(facts).rulings]
    reasons = {ruling.reason for ruling in rulings if ruling.reason}
    for reason in reasons:
        assert not _HOLE.search(wording.sentence(reason) + wording.way_on(reason))
        assert wording.sentence(reason).endswith(".")
    elsewhere = {"rule.failed", "help.page"}
    of_rules = {code for code in wording.REASONS if not code.startswith("answer.")} - elsewhere
    assert {reason.code for reason in reasons} == of_rules


def test_the_codes_that_no_rule_gives_have_words_too() -> None:
    assert "level" in wording.sentence(Reason("rule.failed", (("rule", "level"),)))
    assert "Who?" in wording.sentence(Reason("help.page", (("page", "Who?"),)))


def test_every_way_has_words() -> None:
    seen = set()
    lax = facts_at([len(fact.values) - 1 for fact in FACTS])
    unmet = [replace(lax, unmet=frozenset({condition})) for condition in Condition]
    work = frozenset({Topic.WORK})
    here = [replace(lax, topics_here=None), replace(lax, topics=work, topics_here=work)]
    alone = replace(lax, cooperative=False)
    for facts in (*unmet, *here, alone, *some_states(1000)):
        for way in what_would_change(facts):
            assert not _HOLE.search(wording.way(way))
            seen |= {change.code for change in way.changes}
    assert seen == set(ways.CHANGES) - {"leave_out"}
    assert set(names._MET) == set(Condition)
    for kind in Kind:
        if _BY_KIND[kind] >= Sensitivity.IDENTIFYING:
            assert kind in names._FOUND
        assert wording.found_name(kind)
    shortened = Way((Change("ask"),), Route.COOP_REDACTED)
    assert wording.way(shortened).startswith("It could go to the cooperative, shortened, if ")
    left_out = Way((Change("leave_out", (("kinds", "IBAN,PHONE"),)),), Route.COOP)
    assert wording.way(left_out).endswith("leave out an account number and a telephone number.")


def test_a_plain_sentence_says_where_and_why() -> None:
    reason = Reason("level.here", (("level", "2"),))
    assert wording.plain(Route.LOCAL, [reason, Reason("cooperative.none")]) == (
        "Here: At level 2, At my side, your words stay on this computer."
    )
    assert wording.plain(Route.COOP, []) == "Cooperative: Nothing in it has to stay here."


def test_names() -> None:
    named = [
        *map(wording.level_name, Level),
        *map(wording.level_meaning, Level),
        *map(wording.route_name, Route),
        *map(wording.kind_name, TaskKind),
        *map(wording.topic_name, Topic),
    ]
    assert all(named)
    assert len(set(named)) == len(named)
    assert wording.language_name("de") == "German"
    assert wording.language_name("xx") == "xx"


def test_topics_are_listed_as_people_list_them() -> None:
    reason = Reason("topic.kept", (("topics", "health,legal,money"),))
    assert "health, the law and money" in wording.sentence(reason)


def test_a_counterfactual_reads_as_one_sentence() -> None:
    way = Way((Change("level", (("level", "1"),)), Change("override")), Route.LOCAL)
    assert wording.way(way) == (
        "It would be answered here if you go to level 1, When I ask "
        "and you ask the model anyway, for this one question."
    )


def test_a_reason_of_another_version_is_said_to_be_one() -> None:
    unknown = Reason("brass.band")
    assert "version" in wording.sentence(unknown)
    assert wording.way_on(unknown) == ""
