# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours can be read, marks can be told apart, and docs/design.md says what is worn."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel

from safespace import paths
from safespace.domain import Route
from safespace.ui.chat.mark import LOOKS
from safespace.ui.kit.icons import icon, set_icon
from safespace.ui.kit.style_sheet import STYLE_SHEET
from safespace.ui.kit.theme import DARK, LIGHT, Theme, Tones
from tests.ui.driver import Driver

ROOT = Path(__file__).resolve().parents[2]

TEXT = [
    *((tone, ground) for tone in ("text", "quiet") for ground in ("ground", "card", "side")),
    *(("accent", ground) for ground in ("ground", "card", "side", "mine")),
    ("text", "mine"),
    ("text", "hover"),
    ("text", "human_ground"),
    ("text", "here_ground"),
    ("on_accent", "accent"),
    ("quiet", "line"),
    ("here", "here_ground"),
    ("coop", "coop_ground"),
    ("human", "human_ground"),
    ("warn", "warn_ground"),
    ("warn", "ground"),
    ("warn", "card"),
    ("here", "ground"),
    ("human", "ground"),
    ("coop", "ground"),
]
BORDERS = [("edge", "ground"), ("edge", "card"), ("accent", "ground"), ("accent", "card")]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_reckoning_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") < 4.5 < contrast("#767676", "#FFFFFF")


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_can_be_read(tones: Tones) -> None:
    worn = asdict(tones)
    assert {pair: c for pair in TEXT if (c := contrast(*(worn[p] for p in pair))) < 4.5} == {}
    assert {pair: c for pair in BORDERS if (c := contrast(*(worn[p] for p in pair))) < 3} == {}


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_the_page_on_design_names_the_colours_that_are_worn(tones: Tones) -> None:
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    column = 2 if tones.dark else 1
    rows = re.findall(r"^\| (\w+) \| `(#\w{6})` \| `(#\w{6})` \|", page, re.MULTILINE)
    named = {row[0]: row[column] for row in rows}
    worn = asdict(tones)
    assert len(named) >= 11
    assert {role: worn[role] for role in named} == named
    for mark in ("here", "coop", "human"):
        assert f"`{worn[mark]}` on `{worn[mark + '_ground']}`" in page


def test_marks_differ_in_shape_and_word_and_colour() -> None:
    looks = [LOOKS[route] for route in (Route.HUMAN, Route.LOCAL, Route.COOP)]
    for aspect in range(3):
        assert len({look[aspect] for look in looks}) == 3


def test_light_dark_and_back(qapp: QApplication, theme: Theme) -> None:
    for choice, tones in (("dark", DARK), ("light", LIGHT)):
        theme.choose(choice)
        assert theme.tones is tones
        worn = qapp.palette().color(QPalette.ColorRole.Window)
        assert worn.name().upper() == tones.ground
        assert tones.text in qapp.styleSheet()


def test_an_icon_follows_the_theme(theme: Theme) -> None:
    sign = QLabel()
    set_icon(sign, "lock", "text")
    light = sign.pixmap().toImage()
    theme.choose("dark")
    assert sign.pixmap().toImage() != light
    sign.deleteLater()


def test_text_size_reaches_every_role(theme: Theme, qapp: QApplication) -> None:
    usual = theme.font("body").pointSizeF()
    theme.choose(text_size=150)
    assert theme.font("body").pointSizeF() == pytest.approx(1.5 * usual)
    assert f"{1.5 * usual:.2f}pt" in qapp.styleSheet()
    theme.choose(text_size=100)


def test_every_icon_that_is_used_is_there_and_no_other(theme: Theme) -> None:
    folder = paths.assets() / "icons"
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "safespace/ui").rglob("*.py"))
    drawn = {file.stem for file in folder.glob("*.svg")}
    assert {name for name in drawn if f'"{name}"' not in sources} == set()
    for name in drawn:
        assert not icon(name).isNull()
    assert "ISC" in (folder / "LICENSE").read_text("utf-8")


def test_the_style_sheet_names_roles_only() -> None:
    assert re.findall(r"#[0-9A-Fa-f]{6}\b", STYLE_SHEET) == []


def test_the_setting_takes_effect_at_once(at_home: Driver, theme: Theme) -> None:
    at_home.press("Settings")
    at_home.until(lambda: at_home.main.settings.isVisible())
    at_home.choose("Colours", "Dark")
    at_home.until(lambda: theme.tones is DARK)
    at_home.choose("Colours", "Light")
    at_home.until(lambda: theme.tones is LIGHT)
