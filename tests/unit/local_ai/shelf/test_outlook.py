# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model would be like here: in memory, on graphics cards, and how fast."""

from dataclasses import replace
from pathlib import Path

import pytest

from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.machine import Card, Machine
from safespace.local_ai.shelf.fit import CARD_WORKING, WEIGHTS_PER_CORE, WORKING
from safespace.local_ai.shelf.outlook import Pace, of_card, of_model, pace_of
from safespace.local_ai.shelf.shelf import ShelfModel
from tests.heads import write_model
from tests.unit.session.conftest import CARD

GIB = 2**30
LARGE = replace(CARD, size=8 * GIB)
PROCESSOR = Machine(16 * GIB, 12 * GIB, 4)
PACE = Pace(8.0 * GIB)


def with_card(total: int, *, shares: bool = False) -> Machine:
    return replace(PROCESSOR, cards=(Card("Some Card", GIB, total + CARD_WORKING, shares),))


def test_without_a_card_all_of_it_takes_memory() -> None:
    seen = of_card(LARGE, PROCESSOR, PACE, free=0)
    assert (seen.on_card, seen.memory) == (0, 8 * GIB + WORKING)
    assert seen.tokens_per_second == 1


def test_what_a_card_takes_needs_no_memory() -> None:
    half = of_card(LARGE, with_card(4 * GIB), PACE, free=0)
    assert (half.on_card, half.memory) == (0.5, 4 * GIB + WORKING)
    whole = of_card(LARGE, with_card(24 * GIB), PACE, free=0)
    assert (whole.on_card, whole.memory) == (1, WORKING)


def test_a_card_that_shares_the_memory_spares_none() -> None:
    seen = of_card(LARGE, with_card(24 * GIB, shares=True), PACE, free=0)
    assert (seen.on_card, seen.memory) == (1, 8 * GIB + WORKING)


def test_a_model_that_finds_leaves_the_card_to_one_that_answers(tmp_path: Path) -> None:
    assert of_card(replace(LARGE, finds=True), with_card(24 * GIB), PACE, free=0).on_card == 0
    file = write_model(tmp_path / "model.gguf", **{"llama.block_count": 3})
    seen = of_model(ShelfModel(file, None, GIB, finds=True), with_card(24 * GIB), PACE, free=0)
    assert (seen.on_card, seen.cards) == (0, ())


def test_nobody_foretells_a_card_by_the_processor() -> None:
    for total, pace, expected in (
        (4 * GIB, PACE, 0),
        (4 * GIB, replace(PACE, wholly=9.0 * 8 * GIB), 0),
        (4 * GIB, replace(PACE, partly=2.0 * 8 * GIB), 2),
        (24 * GIB, replace(PACE, partly=2.0 * 8 * GIB), 0),
        (24 * GIB, replace(PACE, wholly=9.0 * 8 * GIB), 9),
    ):
        assert of_card(LARGE, with_card(total), pace, free=0).tokens_per_second == expected


def test_a_model_on_the_shelf_is_reckoned_by_its_layers(tmp_path: Path) -> None:
    file = write_model(tmp_path / "model.gguf", **{"llama.block_count": 3})
    model = ShelfModel(file, None, 8 * GIB)
    assert of_model(model, PROCESSOR, PACE, free=0).on_card == 0
    assert of_model(model, with_card(24 * GIB), PACE, free=0).on_card == 1
    some = of_model(model, with_card(6 * GIB), PACE, free=0)
    assert some.on_card == 2 / 4  # two of three layers, and not what is beside them
    assert some.memory == 4 * GIB + WORKING


@pytest.fixture
def known(tmp_path: Path) -> Calibration:
    return Calibration(tmp_path / "calibration.json")


def a_model(folder: Path, name: str, size: int) -> ShelfModel:
    file = folder / name
    file.write_bytes(bytes(size))
    return ShelfModel(file, None, size)


def test_each_place_has_the_pace_that_was_measured_there(
    tmp_path: Path, known: Calibration
) -> None:
    models = [a_model(tmp_path, f"{size}.gguf", size) for size in (100, 200, 300, 400)]
    thumb = WEIGHTS_PER_CORE * PROCESSOR.processors
    assert pace_of(models, known, PROCESSOR) == Pace(thumb)
    known.note(models[1].path, 1, 5.0, 10)
    known.note(models[2].path, 1, 30.0, 31, whole=True)
    assert pace_of(models, known, PROCESSOR) == Pace(thumb, False, 200 * 5.0, 300 * 30.0)
    known.note(models[0].path, 1, 20.0)
    assert pace_of(models, known, PROCESSOR) == Pace(100 * 20.0, True, 200 * 5.0, 300 * 30.0)
    known.note(models[3].path, 1, 2.0)
    assert pace_of(models, known, PROCESSOR).weights == 400 * 2.0  # the largest
    assert pace_of(models, known, PROCESSOR, own=models[0]).weights == 100 * 20.0
