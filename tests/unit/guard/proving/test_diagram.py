# SPDX-License-Identifier: AGPL-3.0-or-later
"""A diagram is its truth table, and equal tables are one diagram."""

from itertools import product
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.guard.proving.diagram import Diagram, Diagrams

SIZES = (2, 3, 2, 4)
STATES = list(product(*map(range, SIZES)))
TABLES = st.lists(st.booleans(), min_size=prod(SIZES), max_size=prod(SIZES)).map(tuple)
Bits = tuple[bool, ...]


def drawn(diagrams: Diagrams, table: Bits) -> Diagram:
    def below(state: tuple[int, ...]) -> Diagram:
        place = len(state)
        if place == len(SIZES):
            return table[STATES.index(state)]
        return diagrams.node(place, [below((*state, value)) for value in range(SIZES[place])])

    return below(())


def table_of(diagrams: Diagrams, one: Diagram) -> Bits:
    return tuple(diagrams.holds(one, state) for state in STATES)


@given(TABLES, TABLES)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_is_done_with_diagrams_is_done_with_their_tables(one: Bits, other: Bits) -> None:
    made = Diagrams(SIZES)
    first, second = drawn(made, one), drawn(made, other)
    pairs = list(zip(one, other, strict=True))
    assert table_of(made, first) == one
    assert made.both(first, second) is drawn(made, tuple(a and b for a, b in pairs))
    assert made.either(first, second) is drawn(made, tuple(a or b for a, b in pairs))
    assert made.without(first, second) is drawn(made, tuple(a and not b for a, b in pairs))
    assert made.all((first, second, True)) is made.both(first, second)
    assert made.any((first, second, False)) is made.either(first, second)
    assert made.count(first) == sum(one)


@given(TABLES, st.integers(0, 3), st.integers(0, 1))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_is_given_no_longer_matters(table: Bits, place: int, value: int) -> None:
    made = Diagrams(SIZES)
    fixed = made.given(drawn(made, table), place, value)
    for state in STATES:
        there = (*state[:place], value, *state[place + 1 :])
        assert made.holds(fixed, state) == table[STATES.index(there)]
