# SPDX-License-Identifier: AGPL-3.0-or-later
"""Until when backups hold what was erased: as long as it takes for newer ones to replace them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from safespace.session.still_in_backups import last_goes, said
from safespace.store.backups.backups import EVERY, KEPT, Backup

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)


def made(*ages: timedelta) -> list[Backup]:
    return [Backup(Path("b"), "a", NOW - age) for age in ages]


def test_without_a_backup_there_is_nothing_to_say() -> None:
    assert last_goes([], NOW) is None
    assert said([], NOW) == ""


def test_the_sentence_counts_and_names_the_day() -> None:
    kept = made(timedelta(hours=3), timedelta(days=1), timedelta(days=2))
    assert "3 backups" in said(kept, NOW)
    assert "2026-05-22" in said(kept, NOW)


@given(st.lists(st.integers(0, 24 * 40), min_size=1, max_size=KEPT))
def test_it_is_when_daily_backups_have_pushed_the_newest_out(hours: list[int]) -> None:
    kept = [backup.made for backup in made(*(timedelta(hours=age) for age in hours))]
    old, clock = set(kept), NOW
    while old & set(kept):  # what `due` and the rotation do, looked at each hour
        if clock - max(kept) >= EVERY:
            kept = sorted([*kept, clock])[-KEPT:]
        clock += timedelta(hours=1)
    backups = made(*(timedelta(hours=age) for age in hours))
    last = last_goes(backups, NOW)
    assert last is not None
    assert abs(last - (clock - timedelta(hours=1))) < timedelta(hours=1)
