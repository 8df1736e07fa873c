# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of a model's pace on this computer."""

from pathlib import Path

import pytest

from safespace.local_ai.client.calibration import Calibrated, Calibration
from safespace.local_ai.machine import processors
from tests.heads import write_model

HERE = processors()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model.gguf")


def test_what_was_noted_is_known_after_a_restart(tmp_path: Path, model: Path) -> None:
    file = tmp_path / "state" / "calibration.json"
    assert Calibration(file).of(model) is None
    Calibration(file).note(model, 1, 33.33)
    assert Calibration(file).of(model) == Calibrated(1, 33.3, HERE)


def test_only_news_is_written(tmp_path: Path, model: Path) -> None:
    calibration = Calibration(tmp_path / "calibration.json")
    calibration.note(model, 1, 30.0)
    calibration.note(model, 1, 34.0)
    assert calibration.of(model) == Calibrated(1, 30.0, HERE)
    calibration.note(model, 1, 40.0)
    assert calibration.of(model) == Calibrated(1, 40.0, HERE)
    calibration.note(model, HERE, 41.0)
    assert calibration.of(model) == Calibrated(HERE, 41.0, HERE)


def test_another_file_of_the_same_name_is_another_model(tmp_path: Path, model: Path) -> None:
    calibration = Calibration(tmp_path / "calibration.json")
    calibration.note(model, 1, 30.0)
    model.write_bytes(model.read_bytes() + b"more")
    assert calibration.of(model) is None
    model.unlink()
    assert calibration.of(model) is None


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"KEY": {"threads": Infinity, "tokens_per_s": 3, "processors": HERE}}',
        '{"KEY": 7}',
        '{"KEY": {"threads": 1}}',
        '{"KEY": {"threads": 0, "tokens_per_s": 3, "processors": HERE}}',
        '{"KEY": {"threads": 1, "tokens_per_s": 0, "processors": HERE}}',
        '{"KEY": {"threads": 1, "tokens_per_s": "x", "processors": HERE}}',
        '{"KEY": {"threads": 1, "tokens_per_s": 3, "processors": 4096}}',
    ],
)
def test_what_is_not_for_here_counts_as_unknown(tmp_path: Path, model: Path, kept: str) -> None:
    file = tmp_path / "calibration.json"
    key = f"{model.name} {model.stat().st_size}"
    file.write_text(kept.replace("KEY", key).replace("HERE", str(HERE)))
    assert Calibration(file).of(model) is None


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path, model: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    calibration = Calibration(tmp_path / "state" / "calibration.json")
    calibration.note(model, 1, 30.0)
    assert calibration.of(model) is None
