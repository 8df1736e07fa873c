# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several guardians' limits in one space permit what each of them permits, minute by minute."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings

from safespace.domain import NO_LIMITS, Level, Limits
from safespace.session.limits.document import Document
from safespace.session.limits.together import narrowest, together

from .test_document import LIMITS

NOW = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
DAY = range(0, 24 * 60, 7)


def open_at(limits: Limits, minute: int) -> bool:
    """Whether a model may work at a minute of the day, none having worked yet."""
    in_hours = not limits.hours or any(begin <= minute < end for begin, end in limits.hours)
    return in_hours and limits.minutes != 0


@given(LIMITS, LIMITS)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_what_holds_is_what_both_permit(one: Limits, other: Limits) -> None:
    both = narrowest(one, other)
    assert both == narrowest(other, one)
    assert both.highest == min(one.highest, other.highest)
    assert both.topics == one.topics | other.topics
    for minute in DAY:
        assert open_at(both, minute) == (open_at(one, minute) and open_at(other, minute))
    for limits in (one, other):
        assert both.models is None or limits.models is None or both.models <= limits.models
        assert limits.models is None or both.models is not None
        assert limits.minutes is None or (both.minutes or 0) <= limits.minutes
        assert limits.cooperative or not both.cooperative
        assert limits.override or not both.override


@given(LIMITS)
@settings(max_examples=50, derandomize=True, deadline=None)
def test_no_limits_and_the_same_ones_change_nothing(limits: Limits) -> None:
    assert narrowest(limits, NO_LIMITS).highest == limits.highest
    assert open_at(narrowest(limits, NO_LIMITS), 600) == open_at(limits, 600)
    assert narrowest(limits, limits).models == limits.models


def test_together_they_are_read_as_one() -> None:
    mum = Document("s", 3, "Mum", b"m", True, date(2030, 1, 1), Limits(Level.WHEN_I_ASK))
    dad = Document(
        "household", 1, "Dad", b"d", False, None, NO_LIMITS,
        today=Limits(Level.NO_AI), until=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert together([mum], NOW) is mum
    both = together([mum, dad], NOW)
    assert (both.guardian, both.adult, both.ends) == ("Mum, Dad", False, None)
    assert both.at(NOW).highest is Level.NO_AI
    assert together([mum, dad], NOW + timedelta(hours=1)).limits.highest is Level.WHEN_I_ASK
