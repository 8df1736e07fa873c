# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counterfactuals about a text: done as they say, the guard really decides otherwise."""

from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace import paths
from safespace.domain import Level, Route, Sensitivity
from safespace.guard import wording
from safespace.guard.deciding.decision import Change, decide, what_would_change
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.lighter import leaving_out
from safespace.guard.weighing.sensitivity import of_finding
from safespace.guard.weighing.weigh import weigh
from safespace.session.dry_run import Checked, Checker

FOLDER: Final = paths.assets() / "guard"
NEUTRAL: Final = "How do herons sleep in winter?"
PIECES: Final = (
    NEUTRAL,
    "Call +49 30 901820 about the garden.",
    "The account is DE89 3704 0044 0532 0130 00.",
    "Write to ada@example.org, please.",
    "My password is Tr0ub4dor&3xyz.",
    "My daughter likes dinosaurs.",
    "What helps against a headache?",
    "Her church asks whom to vote for.",
    "Mr Holger Brandt lives at 12 Elm Street.",
    "Wie spät ist es in Japan?",
)


@cache
def parts() -> tuple[Reader, Scanner]:
    return Reader(FOLDER), Scanner(FOLDER)


def check(level: Level, line: dict[str, Any]) -> Checked:
    return Checker(*parts(), level, None).check(line)


LINES = st.fixed_dictionaries(
    {
        "text": st.lists(st.sampled_from(PIECES), min_size=1, max_size=4, unique=True).map(
            "\n".join
        ),
        "history": st.lists(st.sampled_from(PIECES), max_size=2),
    },
    optional={
        "cooperative": st.booleans(),
        "consent": st.booleans(),
        "record_writable": st.booleans(),
        "explicit": st.booleans(),
        "resting": st.booleans(),
        "pin": st.sampled_from([route.key for route in Route]),
        "topic_rules": st.sampled_from([{"health": "human"}, {"work": "local"}, {}]),
    },
)
_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "ask": {"explicit": True},
    "hours": {"resting": False},
    "unpin": {"pin": "coop"},
    "allow_topics": {"topic_rules": {}},
    "allow_all_topics": {"topic_rules": {}},
    "send_topics": {"topic_rules": {}},
    "send_all_topics": {"topic_rules": {}},
    "join": dict.fromkeys(
        ("cooperative", "consent", "budget", "network", "healthy", "record_writable"), True
    ),
    "conditions": {"consent": True, "record_writable": True},
}


def done(change: Change, level: Level, line: dict[str, Any]) -> tuple[Level, dict[str, Any]]:
    """What a person does about their text and their choices when they follow a change."""
    values = dict(change.values)
    if change.code == "level":
        return Level(int(values["level"])), line
    if change.code == "leave_out":
        kinds = frozenset(values["kinds"].split(","))
        said = [without(turn, kinds) for turn in line["history"]]
        return level, {**line, "text": without(line["text"], kinds), "history": said}
    return level, {**line, **_FIELDS[change.code]}


def without(text: str, kinds: frozenset[str]) -> str:
    """The text without what is found in it of these kinds, from the last to the first."""
    for _again in range(3):
        found = [one for one in parts()[1].scan(text, None).all if one.kind in kinds]
        for one in sorted(found, reverse=True):
            if of_finding(one) >= Sensitivity.IDENTIFYING:
                text = text[: one.start] + text[one.end :]
    return text


@given(st.sampled_from(list(Level)), LINES)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_every_way_really_takes_the_text_further(level: Level, line: dict[str, Any]) -> None:
    checked = check(level, line)
    for way in checked.ways:
        if {change.code for change in way.changes} & {"override", "model", "limits"}:
            continue  # nothing that a line of a check can say
        then_level, then = level, line
        for change in way.changes:
            then_level, then = done(change, then_level, then)
        after = check(then_level, then)
        assert after.decision.route is way.route > checked.decision.route, wording.way(way)


def test_the_ways_of_the_property_are_of_every_kind() -> None:
    """A property of nothing would hold as well."""
    codes: set[str] = set()
    for level in Level:
        for text in PIECES:
            for fields in ({}, {"cooperative": False}, {"explicit": False}, {"consent": False}):
                line = {"text": f"{text}\nWrite to ada@example.org, please.", **fields}
                ways = check(level, line).ways
                codes |= {change.code for way in ways for change in way.changes}
    assert {"level", "leave_out", "join", "ask", "conditions"} <= codes


@pytest.mark.parametrize(
    ("level", "text", "told"),
    [
        (
            2,
            "My password is Tr0ub4dor&3xyz.",
            "you go to level 3, Ask me each time and you leave out a password or key.",
        ),
        (4, "My daughter likes dinosaurs.", "you leave out something about a child."),
        (4, "Write to ada@example.org, please.", "you leave out an e-mail address."),
    ],
)
def test_what_would_have_to_go_is_named(level: int, text: str, told: str) -> None:
    ways = [wording.way(way) for way in check(Level(level), {"text": text}).ways]
    assert f"It could go to the cooperative if {told}" in ways


def test_the_gravest_alone_may_be_enough() -> None:
    text = "My password is Tr0ub4dor&3xyz.\nWrite to ada@example.org, please."
    ways = check(Level.COOPERATIVE, {"text": text}).ways
    assert [(way.changes[0].values, way.route) for way in ways] == [
        ((("kinds", "SECRET"),), Route.COOP_REDACTED)
    ]


def test_protected_topics_have_no_way() -> None:
    checked = check(Level.COOPERATIVE, {"text": "What helps against a headache?"})
    assert (checked.decision.route, checked.ways) == (Route.LOCAL, ())


def test_where_something_else_raised_the_class_nothing_is_promised() -> None:
    reader, scanner = parts()
    seen = weigh("Write to ada@example.org, please.", [], reader, scanner)
    assert leaving_out(Facts(before=seen.all.before), seen, reader, scanner)
    raised = Facts(before=Sensitivity.PROTECTED)
    assert leaving_out(raised, seen, reader, scanner) == ()
    assert what_would_change(raised, leaving_out=()) == what_would_change(raised)
    assert decide(raised).route is Route.HUMAN
