# SPDX-License-Identifier: AGPL-3.0-or-later
"""The choice of threads, on computers that are only reckoned."""

from collections.abc import Callable

import pytest

from safespace.local_ai.worker.pace import ROUNDS, SETTLED, STRETCH, Pace, ladder


def run(pace: Pace, seconds: Callable[[int], float], stretches: int) -> list[int]:
    """The counts of so many stretches on a computer that takes `seconds(count)` per token."""
    counts = []
    for _stretch in range(stretches):
        counts.append(pace.count)
        for _token in range(STRETCH):
            pace.note(1, seconds(pace.count))
    return counts


def idle(count: int) -> float:
    return 1 / min(count, 4)


def busy(count: int) -> float:
    return float(count)


@pytest.mark.parametrize("begin", [0, 1, 2, 4, 8])
def test_it_finds_the_best_count_from_anywhere(begin: int) -> None:
    pace = Pace(8, begin)
    run(pace, idle, 4 * SETTLED)
    assert pace.count == 4  # eight are no faster, and the others are somebody else's


def test_each_count_is_tried_as_often_and_then_one_is_settled() -> None:
    pace = Pace(2)
    assert run(pace, idle, 2 * ROUNDS) == [1, 2] * ROUNDS
    assert pace.settled
    assert set(run(pace, idle, SETTLED - 1)) == {2}


def test_a_change_of_load_is_noticed_both_ways() -> None:
    pace = Pace(2)
    run(pace, idle, 2 * ROUNDS + 4)
    assert pace.count == 2
    run(pace, busy, 2 + 2 * ROUNDS)
    assert (pace.count, pace.settled) == (1, True)
    run(pace, idle, SETTLED + 2 * ROUNDS)
    assert (pace.count, pace.settled) == (2, True)


def test_one_slow_stretch_is_no_change() -> None:
    pace = Pace(2)
    run(pace, idle, 2 * ROUNDS)
    run(pace, lambda _count: 9.0, 1)
    assert pace.settled
    run(pace, idle, 1)
    run(pace, lambda _count: 9.0, 1)
    assert pace.settled


def test_what_was_best_the_last_time_comes_first() -> None:
    assert Pace(8, 8).count in (4, 8)
    assert Pace(8, 1).count in (1, 2)


def test_one_processor_leaves_no_choice() -> None:
    pace = Pace(1)
    assert set(run(pace, idle, 3 * SETTLED)) == {1}
    assert pace.settled


def test_the_ladder_ends_with_all_there_are() -> None:
    assert [ladder(most) for most in (1, 2, 6, 8)] == [(1,), (1, 2), (1, 2, 4, 6), (1, 2, 4, 8)]
