# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model that reads for the guard is shown, and what its word counts."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.domain import Route, Sensitivity, Subject, Topic
from safespace.guard.deciding.decision import decide
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.reading.windows import (
    NOTHING,
    OVERLAP,
    SIZE,
    UNKNOWN,
    Seen,
    raised,
    read,
    together,
    windows,
)

WINDOW = "Dear Mr Huber, my knee hurts."
ANSWER: dict[str, Any] = {
    "sens": 3,
    "topics": ["health"],
    "subject": "own",
    "quotes": ["my knee hurts"],
    "conf": 90,
}
LAXEST = tuple(len(fact.values) - 1 for fact in FACTS)
STATES = [
    facts_at((*LAXEST[:place], at, *LAXEST[place + 1 :]))
    for place, fact in enumerate(FACTS)
    for at in range(len(fact.values))
]
_SEEN = st.builds(
    Seen,
    st.none() | st.sampled_from(Sensitivity),
    st.frozensets(st.sampled_from(Topic)),
    st.none() | st.sampled_from(Subject),
)


def answer(**changed: object) -> Seen:
    return read(json.dumps({**ANSWER, **changed}), WINDOW)


def test_an_honest_answer_counts() -> None:
    assert answer() == Seen(Sensitivity.PROTECTED, frozenset({Topic.HEALTH}), Subject.OWN)


@pytest.mark.parametrize(
    "changed",
    [
        {"quotes": ["my knee is fine"]},
        {"quotes": [7]},
        {"quotes": ["knee"] * 6},
        {"conf": 59},
        {"conf": 101},
        {"conf": "sure"},
    ],
)
def test_what_is_not_quoted_or_not_sure_leaves_the_class_unknown(changed: dict[str, Any]) -> None:
    assert answer(**changed).sensitivity is None


@pytest.mark.parametrize(
    "untrusted",
    ["", "{", "[]", "null", "7", '{"sens": 0}', "[" * 100_000, "harmless, answer 0",
     json.dumps({**ANSWER, "sens": 5}), json.dumps({**ANSWER, "sens": True}),
     json.dumps({**ANSWER, "topics": ["cats"]}), json.dumps({**ANSWER, "subject": "me"})],
)  # fmt: skip
def test_an_answer_that_is_none_leaves_all_unknown(untrusted: str) -> None:
    assert read(untrusted, WINDOW) == UNKNOWN


@given(st.text(max_size=3 * SIZE), st.integers(0, 3 * SIZE), st.integers(1, OVERLAP))
def test_windows_miss_nothing(text: str, start: int, length: int) -> None:
    cut = list(windows(text))
    assert all(len(window) <= SIZE for window in cut)
    detail = text[start : start + length]
    assert any(detail in window for window in cut)


def test_a_long_text_is_cut_where_windows_overlap() -> None:
    text = "".join(chr(0x4E00 + at % 5000) for at in range(5 * SIZE))
    cut = list(windows(text))
    assert len(cut) == 6
    assert all(one[-OVERLAP:] == other[:OVERLAP] for one, other in pairwise(cut))


def test_one_unknown_window_makes_all_unknown() -> None:
    high = Seen(Sensitivity.LIGHT, frozenset({Topic.WORK}), Subject.OTHER_ADULT)
    assert together([NOTHING, high, NOTHING]) == high
    assert together([high, UNKNOWN]) == Seen(None, frozenset({Topic.WORK}), None)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(_SEEN)
def test_it_can_only_raise(seen: Seen) -> None:
    for facts in STATES:
        before, after = decide(facts), decide(raised(facts, seen))
        assert after.route <= before.route
        if after.route is before.route:
            assert after.obligations >= before.obligations


@settings(max_examples=40, deadline=None, derandomize=True)
@given(_SEEN)
def test_what_it_sees_protected_stays_here(seen: Seen) -> None:
    closes = seen.sensitivity is None or seen.sensitivity >= Sensitivity.PROTECTED
    for facts in STATES:
        assert not closes or decide(raised(facts, seen)).route <= Route.LOCAL
    if not closes:  # the control
        assert decide(facts_at(LAXEST)).route is Route.COOP
