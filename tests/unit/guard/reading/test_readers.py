# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model is believed only where it was measured to read well."""

from dataclasses import replace
from pathlib import Path

import pytest

from safespace import paths
from safespace.guard.reading.readers import Measure, measure_of

TABLE = paths.assets() / "guard" / "readers.toml"
GOOD = Measure("a.gguf", 60, 0.97, 0.1, 1.0)


def test_a_good_reader_is_trusted() -> None:
    assert GOOD.trusted


@pytest.mark.parametrize("change", [{"prompts": 0}, {"caught": 0.94}, {"held": 0.16}])
def test_one_that_misses_or_holds_too_much_is_not(change: dict[str, float]) -> None:
    assert not replace(GOOD, **change).trusted  # type: ignore[arg-type]  # of either kind


def test_the_starter_model_was_measured_and_is_too_weak() -> None:
    starter = measure_of("SmolLM2-135M-Instruct.Q4_1.gguf", TABLE)
    assert starter is not None
    assert starter.prompts >= 60
    assert not starter.trusted


def test_what_nobody_measured_is_unknown(tmp_path: Path) -> None:
    assert measure_of("other.gguf", TABLE) is None
    assert measure_of("other.gguf", tmp_path / "none.toml") is None
    broken = tmp_path / "broken.toml"
    for text in ("[[model", "model = 3", '[[model]]\nfile = "other.gguf"', "[[model]]\nname = 1"):
        broken.write_text(text, "utf-8")
        assert measure_of("other.gguf", broken) is None
