# SPDX-License-Identifier: AGPL-3.0-or-later
"""States that wait: which one serves, and which ones go for want of room."""

from safespace.local_ai.worker.aside import Aside, State, common


def state(*tokens: int, size: int = 10) -> State:
    return State(tokens, bytes(size), size)


FOXES, SHIPS = state(1, 2, 3, 4, 5, 6), state(1, 7, 8, 9, 10, 11)


def test_the_one_that_saves_most_serves() -> None:
    aside = Aside(100, 1000)
    assert aside.best([1, 2]) == (None, 0)
    aside.put(FOXES)
    aside.put(SHIPS)
    assert aside.best([1, 7, 8, 20]) == (SHIPS, 3)
    assert aside.best([1, 2, 3, 4, 5, 6, 7]) == (FOXES, 6)
    aside.let_go(FOXES)
    assert aside.best([1, 2, 3, 4]) == (SHIPS, 1)


def test_one_that_goes_on_takes_the_place_of_its_beginning() -> None:
    aside = Aside(100, 1000)
    aside.put(FOXES)
    longer = state(*FOXES.tokens, 7, 8)
    aside.put(longer)
    assert aside.best(FOXES.tokens) == (longer, 6)
    aside.let_go(longer)
    assert aside.best(FOXES.tokens) == (None, 0)


def test_those_that_waited_longest_go_first_and_one_too_large_at_once() -> None:
    aside = Aside(20, 1000)
    for one in (FOXES, SHIPS, state(20, 21, 22)):
        aside.put(one)
    assert aside.best(FOXES.tokens)[1] == 1  # what the ships share with it
    assert aside.best(SHIPS.tokens)[0] is SHIPS
    aside.put(state(30, 31, size=21))
    assert aside.best([30, 31]) == (None, 0)


def test_common_ends_at_the_first_difference() -> None:
    assert common([1, 2, 3], [1, 2, 4]) == 2
    assert common([1, 2], [1, 2, 4]) == 2
    assert common([], [1]) == 0


def test_tokens_are_bounded_too() -> None:
    aside = Aside(1000, 11)
    aside.put(FOXES)
    aside.put(SHIPS)
    assert aside.best(FOXES.tokens)[1] == 1
    assert aside.best(SHIPS.tokens)[0] is SHIPS
