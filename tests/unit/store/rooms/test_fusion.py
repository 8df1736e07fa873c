# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rankings as one: what holds of any, and the paper's example of what comes first."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from safespace.store.rooms.fusion import fused

RANKINGS = st.lists(st.lists(st.integers(0, 30), max_size=20, unique=True), max_size=4)


@given(RANKINGS)
def test_all_that_any_has_once(rankings: list[list[int]]) -> None:
    found = fused(rankings)
    assert len(found) == len(set(found))
    assert set(found) == {thing for ranking in rankings for thing in ranking}


@given(st.lists(st.integers(), max_size=20, unique=True))
def test_one_ranking_stays_as_it_is(ranking: list[int]) -> None:
    assert fused([ranking]) == fused([ranking, ranking]) == fused([ranking, []]) == ranking


@given(RANKINGS)
def test_the_order_of_rankings_matters_only_where_things_are_equal(
    rankings: list[list[int]],
) -> None:
    def score(thing: int) -> float:
        return sum(1 / (61 + one.index(thing)) for one in rankings if thing in one)

    found = fused(rankings)
    for earlier, later in pairwise(found):
        assert score(earlier) >= score(later) - 1e-12


@given(RANKINGS, st.integers(0, 30))
def test_a_first_place_more_never_lowers(rankings: list[list[int]], thing: int) -> None:
    before = fused([*rankings, [thing]]).index(thing)
    assert fused([*rankings, [thing], [thing]]).index(thing) <= before


def test_what_two_rankings_have_comes_before_what_one_has() -> None:
    assert fused([["a", "b"], ["c", "b"]]) == ["b", "a", "c"]
