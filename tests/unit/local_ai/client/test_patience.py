# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a worker may be silent, in what it computes: no clock is asked."""

import pytest

from safespace.local_ai.client.patience import (
    BEGINNING,
    BETWEEN,
    LOADING,
    LOOKS,
    PER_TOKEN,
    Patience,
)
from safespace.local_ai.engine import Begun, ChatTurn, Done, Generation
from safespace.local_ai.protocol import Describe, Load, Loaded, Piece, Reply, Request

ASKED = Generation((ChatTurn("user", "hello"),), 8)


def allowed(request: Request, *replies: Reply) -> float:
    """Seconds that may be computed before the next reply."""
    patience = Patience()
    patience.asked(request)
    for reply in replies:
        patience.heard(reply)
    seconds = 0.0
    while not patience.over(seconds):
        seconds += 1
        if seconds > 10**5:
            return float("inf")
    return seconds - 1


@pytest.mark.parametrize(
    ("expected", "request_", "replies"),
    [
        (LOADING, Load("m", 1), ()),
        (BEGINNING, ASKED, ()),
        (BEGINNING, Describe(), ()),
        (BETWEEN + 40 * PER_TOKEN, ASKED, (Begun(40, 0),)),
        (BETWEEN, ASKED, (Begun(40, 0), Piece("a", 1))),
    ],
)
def test_each_step_has_its_own_allowance(
    expected: float, request_: Request, replies: tuple[Reply, ...]
) -> None:
    assert allowed(request_, *replies) == expected


@pytest.mark.parametrize("end", [Loaded(8), Done(1, 0.0, 0.0, "complete")])
def test_of_whom_nothing_is_asked_nothing_is_expected(end: Reply) -> None:
    patience = Patience()
    assert not any(patience.over(0.0) for _look in range(10 * LOOKS))
    patience.asked(ASKED)
    patience.heard(end)
    assert not any(patience.over(0.0) for _look in range(10 * LOOKS))


def test_one_that_does_nothing_is_given_up() -> None:
    patience = Patience()
    patience.asked(ASKED)
    looks = [patience.over(5.0) for _look in range(LOOKS + 1)]
    assert looks == [False] * (LOOKS - 1) + [True] * 2


def test_one_that_computes_now_and_then_is_not() -> None:
    patience = Patience()
    patience.asked(ASKED)
    computed = 0.0
    for _time in range(20):
        computed += 0.01
        for _look in range(LOOKS - 1):
            assert not patience.over(computed)


def test_each_word_begins_a_new_wait() -> None:
    patience = Patience()
    patience.asked(ASKED)
    for said in range(1, 10):
        for _look in range(LOOKS - 1):
            assert not patience.over(0.0)
        patience.heard(Piece("word", said))
