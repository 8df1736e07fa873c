# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card with help lines: shown when it should be, and every number with its source."""

import json
import re
import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from safespace import paths
from safespace.guard.reading.distress import Distress

LINES = paths.assets() / "help" / "lines.toml"
DATA = Path(__file__).parents[3] / "data" / "distress"


@pytest.fixture(scope="module")
def distress() -> Distress:
    return Distress(LINES)


@pytest.mark.parametrize("kind", ["self_harm", "abuse", "overdose"])
def test_words_of_distress_are_seen(distress: Distress, kind: str) -> None:
    texts = (DATA / f"{kind}.txt").read_text("utf-8").splitlines()
    assert len(texts) >= 20
    assert [text for text in texts if kind not in distress.seen_in(text)] == []


def test_idioms_and_ordinary_words_bring_up_nothing(distress: Distress) -> None:
    texts = (DATA / "ordinary.txt").read_text("utf-8").splitlines()
    assert len(texts) >= 60
    assert [text for text in texts if distress.card_for(text, "GB")] == []


def test_a_whole_long_text_is_read(distress: Distress) -> None:
    text = "the cat sat on the mat " * 9_000
    assert distress.card_for(text, "DE") is None
    assert distress.card_for(f"{text} I want to die {text}", "DE")


def test_a_german_card_has_german_lines(distress: Distress) -> None:
    card = distress.card_for("Ich will nicht mehr leben", "DE")
    assert card
    assert [line.number for line in card.lines] == ["112", "0800 1110111", "116 123", "116 111"]
    abuse = distress.card_for("Mein Mann schlägt mich", "DE")
    assert abuse
    assert "116 016" in [line.number for line in abuse.lines]


def test_lines_for_one_kind_of_distress_stay_away_from_others(distress: Distress) -> None:
    poison = "1-800-222-1222"
    for text, shown in (("I want to die", False), ("My son took an overdose", True)):
        card = distress.card_for(text, "US")
        assert card
        assert (poison in [line.number for line in card.lines]) is shown


def test_without_a_country_the_european_numbers(distress: Distress) -> None:
    card = distress.card_for("I want to die", None)
    assert card
    assert [line.number for line in card.lines] == ["112", "116 123"]


def test_a_country_without_checked_lines_gets_a_sentence_and_no_number(distress: Distress) -> None:
    card = distress.card_for("I want to die", "JP")
    assert card
    assert card.lines == ()
    assert "emergency number" in card.sentence


def test_a_card_crosses_a_socket(distress: Distress) -> None:
    card = distress.card_for("I want to die", "FR")
    assert card
    assert json.loads(json.dumps(asdict(card)))["lines"][0]["number"] == "112"


def test_every_line_has_its_source_and_the_day_it_was_checked() -> None:
    data = tomllib.loads(LINES.read_text("utf-8"))
    for line in data["lines"]:
        assert re.fullmatch(r"[\d -]{3,}", line["number"]), line
        assert re.match(r"https?://[a-z0-9.-]+\.[a-z]{2,}/", line["source"]), line
        assert date(2026, 1, 1) < date.fromisoformat(line["checked"]), line
        assert line["countries"] == sorted(set(line["countries"])), line
        assert line["name"]


def test_every_country_with_lines_has_an_emergency_number() -> None:
    data = tomllib.loads(LINES.read_text("utf-8"))
    named = {country for line in data["lines"] for country in line["countries"]}
    emergency = {
        country
        for line in data["lines"]
        if line["helps"] == "emergency"
        for country in line["countries"]
    }
    assert named == emergency
