# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record in words and weeks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from safespace.domain import Level, Reason, Route, TaskKind
from safespace.guard.deciding.rules import Obligation
from safespace.session import timeline
from safespace.session.timeline import Week
from safespace.store.rooms.activity import (
    ActivityEntry,
    Day,
    Evidence,
    Exit,
    Line,
    Outcome,
    Removed,
    Way,
)
from safespace.store.rooms.log import Verdict

NOON: Final = datetime(2030, 5, 8, 12, tzinfo=UTC)  # a Wednesday
MONDAY: Final = date(2030, 5, 6)
HERE: Final = ActivityEntry(
    NOON,
    TaskKind.CHAT,
    Level.WHEN_I_ASK,
    Route.LOCAL,
    (Reason("level.here", (("level", "1"),)), Reason("cooperative.none")),
    "Echo",
    overridden=True,
    obligations=tuple(Obligation),
    size=7,
    outcome=Outcome.ANSWERED,
    id=1,
)
SENT: Final = replace(
    HERE, route=Route.COOP, topics=("work", "unknown"), destination="the North", sent=70, id=2,
    evidence=(Evidence("IBAN", 3, "00"), Evidence("IBAN", 9, "01")),
)  # fmt: skip
DAY: Final = Day(date(2030, 4, 25), ((Route.LOCAL, 5), (Route.HUMAN, 2)), 3)
LINES: Final[list[Line]] = [
    Removed(MONDAY, 1, 6), Exit(NOON, Way.EXPORT, 5), HERE, SENT, DAY,
]  # fmt: skip


def test_each_line_is_a_sentence_and_every_fact_has_words() -> None:
    assert timeline.sentence(HERE) == (
        "Here: a conversation. At level 1, When I ask, your words stay on this computer."
    )
    assert timeline.sentence(DAY) == "5 here, 2 without AI"
    assert timeline.sentence(LINES[0]) == "You removed 1 entry."
    for way in Way:
        assert timeline.sentence(Exit(NOON, way, 1)).endswith(".")
    told = list(timeline.details(SENT))
    assert "70 bytes left, to the North." in told
    assert "About: what stays inside a company and something unknown." in told
    assert "Found in it, and not kept: IBAN × 2." in told
    assert len(timeline._OBLIGATIONS) == len(Obligation)
    assert set(timeline._OUTCOMES) == set(Outcome)
    assert list(timeline.details(DAY)) == []
    nothing = ActivityEntry(NOON, None, None, Route.HUMAN)
    assert timeline.sentence(nothing) == "No AI: a task."
    assert timeline.when(DAY) == "2030-04-25"
    later = replace(nothing, reasons=(Reason("of.a.later.version"),))
    assert timeline.sentence(later).endswith("one that this version does not know.")


def test_what_left_is_told_in_one_sentence() -> None:
    assert timeline.what_left([HERE, DAY]) == "Nothing left this computer."
    assert timeline.what_left(LINES) == (
        "1 task left this computer, 70 bytes in all. Something left by your own hand 1 time."
    )
    assert timeline.what_left([LINES[1]]) == "Something left by your own hand 1 time."
    assert [timeline.left(line) for line in LINES] == [False, True, False, True, False]


def test_lines_are_filtered_by_route() -> None:
    local = [line for line in LINES if timeline.went(line, Route.LOCAL)]
    assert local == [HERE, DAY]
    assert not timeline.went(DAY, Route.COOP)


def test_what_a_member_kept_here_when_asked_is_told_and_counts_for_nothing() -> None:
    declined = replace(SENT, sent=0, destination=None, outcome=Outcome.HANDED_BACK)
    assert timeline.sentence(declined) == "You were asked, and kept it here: a conversation."
    assert "Nothing left this computer." in list(timeline.details(declined))
    assert "It was handed back to you." not in list(timeline.details(declined))
    assert not timeline.left(declined)
    assert not timeline.went(declined, *Route)
    assert timeline.weeks([declined], NOON.date(), 8) == [Week(MONDAY, 0, 0, 0)]


def test_weeks_count_what_was_told_apart_and_what_was_not() -> None:
    today = NOON.date()
    assert timeline.weeks(LINES, today, 8) == [
        Week(MONDAY - timedelta(weeks=2), 5, 0, 2),
        Week(MONDAY - timedelta(weeks=1), 0, 0, 0),
        Week(MONDAY, 1, 1, 0),
    ]
    assert timeline.weeks(LINES, today, 1) == [Week(MONDAY, 1, 1, 0)]
    assert timeline.weeks([], today, 8) == [Week(MONDAY, 0, 0, 0)]
    ahead = replace(HERE, at=NOON + timedelta(days=70))  # the clock was set back since
    assert timeline.weeks([ahead], today, 8) == [Week(MONDAY, 0, 0, 0)]


def test_a_line_stands_where_it_happened() -> None:
    assert timeline.in_order([DAY, HERE, LINES[0]]) == [HERE, LINES[0], DAY]
    assert timeline.in_numbers({}) == "nothing"
    assert timeline.week_in_numbers(Week(MONDAY, 0, 3, 1)) == "3 by the cooperative, 1 without AI"


def test_what_a_check_found_is_told() -> None:
    assert "whole" in timeline.found(Verdict(3, 1, ()))
    assert "entries 4, 9." in timeline.found(Verdict(3, 1, (4, 9)))
