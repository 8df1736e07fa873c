# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a guess costs: never below the floor, and more on a faster computer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from safespace.store.keys import price as price_module
from safespace.store.keys.header import decode
from safespace.store.keys.header_copies import HEADERS
from safespace.store.keys.price import GUESS_S, price
from safespace.store.keys.wraps import MOST_PASSES, STANDARD, Cost
from safespace.store.spaces import Spaces
from tests.unit.store.conftest import PASSPHRASE


class ScriptedComputer:
    """A double for the derivation and its clock: each pass takes as long as it is told."""

    def __init__(self, *per_pass: float) -> None:
        self.tried: list[int] = []
        self._per_pass = per_pass

    def __call__(self, cost: Cost) -> float:
        assert (cost.memory_kib, cost.lanes) == (STANDARD.memory_kib, STANDARD.lanes)
        self.tried.append(cost.passes)
        return cost.passes * self._per_pass[len(self.tried) % len(self._per_pass)]


def test_a_slow_computer_keeps_the_floor() -> None:
    computer = ScriptedComputer(0.4)
    assert price(computer) == STANDARD
    assert computer.tried == [3, 3, 3]


def test_a_fast_computer_adds_passes_until_the_time_is_there() -> None:
    computer = ScriptedComputer(0.05)
    assert price(computer).passes == 10
    assert computer.tried == [3] * 3 + [10] * 3


def test_slow_derivations_of_three_count_for_nothing() -> None:
    assert price(ScriptedComputer(9.0, 9.0, 0.05)).passes == 10


def test_passes_rise_again_where_they_turn_out_too_few() -> None:
    steps = iter([0.2] * 3 + [0.45] * 3 + [0.49] * 3 + [0.5] * 3)
    tried: list[int] = []

    def took(cost: Cost) -> float:
        tried.append(cost.passes)
        return next(steps)

    assert price(took).passes == 10
    assert tried == [3] * 3 + [8] * 3 + [9] * 3 + [10] * 3


@pytest.mark.parametrize("per_pass", [0.0, 1e-9, GUESS_S / 1000])
def test_the_passes_have_an_end_that_a_header_can_still_be_read_with(per_pass: float) -> None:
    assert price(ScriptedComputer(per_pass)).passes == MOST_PASSES


def test_a_space_that_a_person_makes_costs_at_least_the_floor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Cost] = []
    measured: Callable[[Cost], float] = price_module._measured

    def counted(cost: Cost) -> float:
        asked.append(cost)
        return measured(cost)

    monkeypatch.setattr(price_module, "_measured", counted)
    new = Spaces(tmp_path).create("Ada", PASSPHRASE)
    cost = decode((new.info.folder / HEADERS[0]).read_bytes()).cost
    assert cost.memory_kib >= 256 * 1024
    assert cost.passes >= STANDARD.passes
    assert cost.lanes == 2
    assert asked.count(cost) == 3  # it is the last one whose three were measured
    assert Spaces(tmp_path).unlock(new.info, PASSPHRASE).key == new.key.key
