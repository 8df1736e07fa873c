# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guesses from what was said before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.local_ai.worker.lookup import ALIKE, MOST, REST, TRIED, Lookup


def test_what_followed_before_is_guessed_again() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert lookup.guess(8) == []
    for token in (1, 2):
        lookup.add(token)
    assert lookup.guess(8) == []
    lookup.add(3)
    assert lookup.guess(8) == [4, 5, 6, 7]
    assert lookup.guess(2) == [4, 5]
    assert lookup.guess(0) == []


def test_right_guesses_grow_and_wrong_ones_shrink() -> None:
    lookup = Lookup([*range(20), 0, 1, 2])
    lookup.note(0, 0, 1.0)
    lookup.note(4, 4, 1.0)
    assert len(lookup.guess(20)) == MOST
    lookup.note(8, 3, 1.0)
    assert len(lookup.guess(20)) == 3


def test_what_does_not_pay_rests_for_a_while() -> None:
    lookup = Lookup([*range(20), 0, 1, 2])
    lookup.note(0, 0, 1.0)
    for _guess in range(TRIED - 1):
        lookup.note(4, 0, 3.0)
        assert lookup.guess(8)
    lookup.note(4, 0, 3.0)
    assert lookup.guess(8) == []
    for _step in range(REST):
        lookup.note(0, 0, 1.0)
    assert lookup.guess(8)


def test_one_slow_moment_is_not_held_against_it() -> None:
    lookup = Lookup([*range(20), 0, 1, 2])
    lookup.note(0, 0, 1.0)
    for seconds in (2.0, 9.0, 2.0, 2.0):
        lookup.note(4, 4, seconds)
    assert lookup.guess(8)


@settings(derandomize=True, max_examples=60)
@given(st.lists(st.integers(0, 3), max_size=60), st.integers(0, 12))
def test_a_guess_stood_behind_the_same_tokens_before(said: list[int], most: int) -> None:
    guess = Lookup(said).guess(most)
    assert len(guess) <= min(most, MOST)
    if guess:
        last = said[-ALIKE:]
        assert any(
            said[place : place + ALIKE] == last
            and said[place + ALIKE : place + ALIKE + len(guess)] == guess
            for place in range(len(said))
        )
