# SPDX-License-Identifier: AGPL-3.0-or-later
"""One list of purposes; each has its own switch, and all are off at first."""

from pathlib import Path

from safespace.domain import Purpose
from safespace.door.purposes import ON, PURPOSES, row_of
from safespace.settings import TABLE, Scope, find

ROOT = Path(__file__).resolve().parents[3]


def test_every_purpose_has_a_switch_of_its_own_that_is_off() -> None:
    assert {row.purpose for row in PURPOSES} == set(Purpose)
    switches = [row.switch for row in PURPOSES]
    assert len(set(switches)) == len(Purpose)
    assert set(switches) == {one.key for one in TABLE if one.key.startswith("door.")}
    for purpose in Purpose:
        setting = find(row_of(purpose).switch)
        assert setting.scope is Scope.SPACE
        assert setting.default != ON
        assert ON in setting.choices


def test_the_page_names_every_purpose() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    for row in PURPOSES:
        assert row.switch in page
        assert row.sent in page
