# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a step between levels changes, and the measured share of what the guard misses."""

from pathlib import Path
from typing import Any

import pytest

from bench.guard_unasked import measure
from safespace import i18n, paths
from safespace.domain import Level
from safespace.guard import wording
from safespace.guard.wording.missed import FILE, Missed, read_missed
from safespace.guard.wording.steps import gains

MISSED = Missed(400, 3)


def test_a_step_names_what_comes_with_it() -> None:
    for now in Level:
        for to in Level:
            said = gains(now, to, MISSED, joined=False)
            if to > now:
                assert wording.level_meaning(to) in said
            assert ("0.8 %" in " ".join(said)) is (to >= Level.ASK_EACH_TIME)
    from_nothing = gains(Level.NO_AI, Level.COOPERATIVE, MISSED, joined=False)
    assert wording.level_meaning(Level.WHEN_I_ASK) in from_nothing


def test_a_share_is_written_as_the_language_writes_it() -> None:
    i18n.use(paths.assets() / "locale", "de")
    try:
        said = " ".join(gains(Level.NO_AI, Level.COOPERATIVE, MISSED, joined=False))
        assert "0,8 %" in said
        assert i18n.decimal(7) == "7"
    finally:
        i18n.use(paths.assets() / "locale", "en")


def test_who_joined_a_cooperative_is_not_told_otherwise() -> None:
    for joined in (False, True):
        said = " ".join(gains(Level.WHEN_I_ASK, Level.ASK_EACH_TIME, MISSED, joined=joined))
        assert ("joined no cooperative" in said) is not joined


def test_what_was_not_measured_is_not_claimed() -> None:
    said = " ".join(gains(Level.WHEN_I_ASK, Level.COOPERATIVE, None, joined=False))
    assert "was not measured" in said
    assert "%" not in said


def test_the_figure_of_this_guard_can_be_read() -> None:
    assert read_missed(paths.assets() / "guard")


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{}", '{"texts": 0, "missed": 0}', '{"texts": 3, "missed": 4}', '{"texts": "9"}',
     '{"texts": true, "missed": true}', '{"texts": 9, "missed": 1.5}', "\0"],
)  # fmt: skip
def test_a_file_that_makes_no_sense_counts_as_none(tmp_path: Path, written: str) -> None:
    (tmp_path / FILE).write_text(written, "utf-8")
    assert read_missed(tmp_path) is None
    assert read_missed(tmp_path / "elsewhere") is None


def test_only_what_passes_unasked_is_counted() -> None:
    marked = [{"entity_type": "PERSON"}]
    samples: list[dict[str, Any]] = [
        {"full_text": "Write to anna.berg@example.org about the tomatoes.", "spans": marked},
        {"full_text": "How do tomatoes grow on a balcony?", "spans": marked},
        {"full_text": "How do tomatoes grow on a balcony?", "spans": []},
        {"full_text": "How do tomatoes grow?", "spans": [{"entity_type": "DATE_TIME"}]},
    ]
    assert measure(samples) == Missed(2, 1)
