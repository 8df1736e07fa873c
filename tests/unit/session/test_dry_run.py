# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safespace guard check` answers, line by line."""

from typing import Any

import pytest

from safespace import paths
from safespace.domain import Level
from safespace.errors import Usage
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.session.dry_run import Checker, outcome

FOLDER = paths.assets() / "guard"
KEYS = {
    "id", "route", "sensitivity", "findings", "topics", "subject", "obligations", "reasons",
    "counterfactual", "redacted", "ms",
}  # fmt: skip


def said(level: int, text: str, **fields: Any) -> dict[str, Any]:
    checker = Checker(Reader(FOLDER), Scanner(FOLDER), Level(level), None)
    return outcome("a", checker.check({"id": "a", "text": text, **fields}))


NEUTRAL = "How do cats purr?"
CONTACT = "Please write to ada@example.org about the meeting."


def test_every_key_is_there() -> None:
    for level in range(5):
        assert set(said(level, CONTACT)) == KEYS


@pytest.mark.parametrize(
    ("text", "level", "route", "sensitivity"),
    [
        (NEUTRAL, 0, "human", "S0"),
        (NEUTRAL, 1, "local", "S0"),
        (NEUTRAL, 2, "local", "S0"),
        (NEUTRAL, 3, "coop", "S0"),
        (NEUTRAL, 4, "coop", "S0"),
        (CONTACT, 2, "local", "S2"),
        (CONTACT, 4, "coop_redacted", "S2"),
        ("What helps against a headache?", 4, "local", "S3"),
        ("My daughter likes dinosaurs.", 4, "local", "S3"),
        ("my password is Tr0ub4dor&3", 4, "local", "S4"),
        ("ねこはなぜ のどを鳴らす", 4, "local", "UNKNOWN"),
    ],
)
def test_routes(text: str, level: int, route: str, sensitivity: str) -> None:
    answer = said(level, text)
    assert (answer["route"], answer["sensitivity"]) == (route, sensitivity)
    assert bool(answer["reasons"]) is (route != "coop")


def test_offsets_are_of_the_text_alone_and_history_counts() -> None:
    answer = said(4, NEUTRAL, history=[{"role": "user", "text": CONTACT}, "my secret: no"])
    assert answer["findings"] == []
    assert answer["sensitivity"] == "S2"
    assert answer["route"] == "coop_redacted"
    (found,) = said(4, CONTACT)["findings"]
    assert CONTACT[found["start"] : found["end"]] == "ada@example.org"
    assert found["type"] == "EMAIL"


def test_what_goes_redacted_is_shown() -> None:
    answer = said(4, CONTACT)
    assert answer["obligations"] == ["preview", "redact"]
    assert answer["redacted"] == "Please write to [Email 1] about the meeting."
    assert said(2, CONTACT)["redacted"] is None


@pytest.mark.parametrize(
    "field", ["consent", "budget", "network", "trusted_site", "healthy", "record_writable"]
)
def test_a_condition_that_does_not_hold_keeps_it_here(field: str) -> None:
    answer = said(4, NEUTRAL, **{field: False})
    assert answer["route"] == "local"
    assert answer["counterfactual"].startswith("It could go to the cooperative if ")
    assert said(4, NEUTRAL, cooperative=False)["route"] == "local"


def test_topic_rules_close_and_never_open() -> None:
    health = "What helps against a headache?"
    assert said(4, health, topic_rules={"health": "human"})["route"] == "human"
    assert said(4, health, topic_rules={"health": "coop"})["route"] == "local"
    assert said(4, NEUTRAL, topic_rules={"health": "human"})["route"] == "coop"
    assert said(4, NEUTRAL, topic_rules={"stars": "human"})["route"] == "human"
    assert said(4, NEUTRAL, topic_rules={"stars": "local"})["route"] == "local"
    assert said(4, health, topic_rules={"health": "?"})["route"] == "human"


def test_a_counterfactual_is_a_sentence() -> None:
    assert said(1, NEUTRAL)["counterfactual"] == (
        "It could go to the cooperative if you go to level 3, Ask me each time."
    )


@pytest.mark.parametrize("line", [{}, {"text": 1}, {"text": "a", "history": [1]}])
def test_a_line_that_is_none_is_said(line: dict[str, Any]) -> None:
    checker = Checker(Reader(FOLDER), Scanner(FOLDER), Level.COOPERATIVE, "DE")
    with pytest.raises(Usage):
        checker.check(line)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I cry in the shower so nobody hears it", True),
        ("seit dem Umzug liege ich nur noch im Bett und weine", True),
        ("My tomato plants have yellow leaves, why?", False),
        ("Unser Drucker druckt leere Seiten.", False),
    ],
)
def test_somebodys_own_case_is_asked_about_though_no_list_knows_its_words(
    text: str, asked: bool
) -> None:
    answer = said(4, text)
    assert answer["route"] == "coop"
    assert answer["subject"] == ("own" if asked else "nobody")
    assert ("ask" in answer["obligations"]) is asked
