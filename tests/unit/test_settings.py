# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of a computer: kept in one file that several windows and a person write to."""

from pathlib import Path

import pytest

from safespace.errors import Usage
from safespace.settings import TABLE, ComputerSettings, Setting, find, window


def test_what_another_window_kept_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    one, other = ComputerSettings(file), ComputerSettings(file)
    one.set("appearance.theme", "dark")
    other.set("appearance.text_size", 120)
    assert ComputerSettings(file).get("appearance.theme") == "dark"
    assert ComputerSettings(file).get("appearance.text_size") == 120


def test_a_person_may_write_it_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for by_hand in ('[appearance]\ntheme = "dark"', 'appearance.theme = "dark"'):
        file.write_text(by_hand)
        assert ComputerSettings(file).get("appearance.theme") == "dark"


def test_a_slip_in_the_file_keeps_nobody_out(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for slip in (
        "appearance.theme = 'pink'",
        "appearance = 3",
        "theme = [",
        "\xff",
        "a = " + "[" * 9_999,
    ):
        file.write_text(slip, "latin-1")
        assert ComputerSettings(file).get("appearance.theme") == "system"


def test_what_a_person_wrote_by_hand_is_put_aside_and_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("appearance.theme = dark  # forgot the quotes")
    ComputerSettings(file).set("appearance.theme", "light")
    assert ComputerSettings(file).get("appearance.theme") == "light"
    assert "forgot" in (tmp_path / "settings.unreadable").read_text()


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.key)
def test_every_default_fits_and_reads_back(setting: Setting) -> None:
    assert setting.parse(setting.show(setting.default)) == setting.default
    assert setting.check(setting.default) == setting.default


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("appearance.theme", "pink"),
        ("appearance.text_size", "10"),
        ("appearance.text_size", "large"),
        ("assistant.temperature", "nan"),
        ("guard.reserved_tasks", "letter, cooking"),
        ("guard.hours_without_ai", "10:75-12:00"),
        ("guard.hours_without_ai", "10:00-11:60"),
        ("guard.hours_without_ai", "-1:00-12:00"),
        ("guard.hours_without_ai", "24:01-12:00"),
        ("guard.hours_without_ai", "9:00-9:00"),
        ("guard.hours_without_ai", "9-17"),
        ("guard.hours_without_ai", "١٠:00-12:00"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(key: str, text: str) -> None:
    with pytest.raises(Usage) as refusal:
        find(key).parse(text)
    assert refusal.value.way_on


def test_hours_may_go_over_midnight_and_end_with_the_day() -> None:
    assert window("22:00-07:00") == (22 * 60, 7 * 60)
    assert window(" 9:5 - 24:00") == (9 * 60 + 5, 24 * 60)


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(Usage) as refusal:
        find("apearance.teme")
    assert "appearance.theme" in refusal.value.way_on
