# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures that `make bench` reports: each has a goal it can be held to, none is left out."""

import tomllib
from importlib.util import find_spec

import pytest

from bench.ask import Run
from bench.measured import Measured
from bench.run import FIGURES, TORTURE, chosen, row
from bench.tree import MIB, Sample
from tools import torture

ROWS = tomllib.loads(FIGURES.read_text("utf-8"))["figure"]
RATIO = {"id": "a.b", "unit": "ratio", "goal": "<= 1.2", "by": "ask", "how": "as told"}


@pytest.mark.parametrize("figure", ROWS, ids=lambda figure: figure["id"])
def test_a_figure_is_whole(figure: dict[str, str]) -> None:
    assert {"id", "unit", "by", "how"} <= set(figure) <= {"id", "unit", "goal", "by", "how"}
    assert row(figure, Measured(0.0, "seen"), "").holds in (True, False, None)
    if figure["by"].startswith(TORTURE):
        assert figure["id"] == figure["by"].removeprefix(TORTURE)
        assert figure["id"] in torture.ids()
    else:
        assert find_spec(f"bench.{figure['by']}")


def test_ids_are_unique() -> None:
    ids = [figure["id"] for figure in ROWS]
    assert len(ids) == len(set(ids))


def test_no_torture_is_left_out() -> None:
    quoted = {figure["by"].removeprefix(TORTURE) for figure in ROWS}
    assert torture.ids()
    assert set(torture.ids()) <= quoted


def test_prefixes_choose_figures() -> None:
    ids = {figure["id"] for figure in chosen(["engine.", "shelf."])}
    assert {each.partition(".")[0] for each in ids} == {"engine", "shelf"}
    assert chosen([]) == ROWS


@pytest.mark.parametrize(("value", "holds"), [(1.2, True), (1.21, False)])
def test_a_goal_holds_or_not(value: float, holds: bool) -> None:
    made = row(RATIO, Measured(value, "ours 1, theirs 1"), "machine")
    assert made.holds is holds
    assert made.how == "as told. Here: ours 1, theirs 1"


def test_what_was_not_measured_neither_holds_nor_fails() -> None:
    made = row(RATIO, None, "machine")
    assert (made.value, made.holds) == (None, None)


def test_an_absolute_goal_is_read_beside_the_machine() -> None:
    assert "machine" in row({**RATIO, "unit": "s"}, Measured(1.0, "seen"), "machine").how


def test_memory_counts_from_the_end_of_the_derivation() -> None:
    deriving = [Sample(20 * MIB, 20 * MIB), Sample(300 * MIB, 280 * MIB)]
    answering = [Sample(180 * MIB, 40 * MIB), Sample(190 * MIB, 45 * MIB)]
    run = Run(1.0, 0.5, 80, [*deriving, *answering])
    assert run.peak == 300 * MIB
    assert run.peak_after_derivation == 190 * MIB


def test_without_a_derivation_everything_counts() -> None:
    run = Run(1.0, 0.0, 80, [Sample(200 * MIB, 200 * MIB), Sample(10 * MIB, 10 * MIB)])
    assert run.peak_after_derivation == run.peak == 200 * MIB
