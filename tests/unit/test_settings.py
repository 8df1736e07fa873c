# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of a computer: kept in one file that several windows and a person write to."""

from pathlib import Path

from safespace.settings import ComputerSettings


def test_what_another_window_kept_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    one, other = ComputerSettings(file), ComputerSettings(file)
    one.set("appearance.theme", "dark")
    other.set("appearance.text_size", 120)
    assert ComputerSettings(file).get("appearance.theme") == "dark"
    assert ComputerSettings(file).get("appearance.text_size") == 120


def test_a_slip_in_the_file_keeps_nobody_out(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for slip in ('"appearance.theme" = "pink"', "theme = [", "\xff"):
        file.write_text(slip, "latin-1")
        assert ComputerSettings(file).get("appearance.theme") == "system"
