# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on how far AI goes: levels, what a step changes, what stops, models put away."""

from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from safespace.domain import Level
from safespace.guard import wording
from safespace.guard.wording import steps
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.ui.engagement.level_cards import LevelCards
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.ui.family import Family
from tests.ui.test_a11y import nameless
from tests.unit.session.conftest import CARD


def open_page(ada: Driver) -> None:
    menu = ada.main.level_button.menu()
    menu.aboutToShow.emit()
    (entry,) = [action for action in menu.actions() if action.text() == "How far AI goes…"]
    entry.trigger()
    ada.until(ada.main.engagement.isVisible)


def ways(ada: Driver) -> list[str]:
    """The levels that can be gone to."""
    return [name for name in ada.buttons(ada.main.engagement) if name.startswith("Go to level")]


def test_levels_are_chosen_there_and_worn_at_once(at_home: Driver) -> None:
    open_page(at_home)
    assert nameless(at_home.main) == []
    assert ways(at_home) == [f"Go to level {number}" for number in (0, 2, 3, 4)]
    assert all(wording.level_meaning(level) in at_home.texts for level in Level)
    at_home.press("Go to level 0")
    assert at_home.main.level is Level.NO_AI
    assert ways(at_home) == [f"Go to level {number}" for number in (1, 2, 3, 4)]
    assert set(steps.stops()) <= set(at_home.texts.splitlines())


def test_up_says_what_changes_and_how_much_is_missed(at_home: Driver, echo: Entrance) -> None:
    missed = echo.computer.missed
    assert missed
    open_page(at_home)
    for level, measured in ((2, False), (3, True), (4, True)):
        at_home.press(f"Go to level {level}", at_home.main.engagement)
        assert wording.level_meaning(Level(level)) in at_home.texts
        assert (f"{missed.percent} %" in at_home.texts) is measured
        assert (f"of {missed.texts} test texts" in at_home.texts) is measured
        at_home.press("Stay where I am")
    assert at_home.main.level is Level.WHEN_I_ASK


def test_models_are_put_out_of_memory_and_deleted(at_home: Driver, home: Path) -> None:
    at_home.ask("Tell me something")
    open_page(at_home)
    at_home.press("Put it out of memory now")
    at_home.until(lambda: "No model is in memory now." in at_home.texts)
    at_home.press("Go to level 0")
    assert "Put it out of memory now" not in at_home.buttons()
    at_home.press(f"Delete {CARD.name}…")
    at_home.press("Keep it")
    assert (home / "models" / CARD.file).exists()
    at_home.press(f"Delete {CARD.name}…")
    at_home.press("Delete it")
    at_home.until(lambda: f"{CARD.name} was deleted." in at_home.texts)
    assert not (home / "models" / CARD.file).exists()


def test_levels_above_the_limits_cannot_be_chosen(family: Family) -> None:
    family.agree()
    kim = family.limits_of("Kim")
    open_page(kim)
    assert ways(kim) == ["Go to level 0"]
    (cards,) = seen(kim.main, LevelCards)
    assert [label.text() for label in seen(cards, QLabel)].count("Above your limits.") == 3
    greyed = [one for one in seen(cards, QPushButton) if not one.isEnabled()]
    assert len(greyed) == 3


def test_what_is_kept_from_ai_is_kept(at_home: Driver, echo: Entrance) -> None:
    open_page(at_home)
    at_home.press("I do these myself: A letter")
    at_home.until_idle()
    at_home.press("Lock")
    session: Session = echo.unlock(echo.find("Ada"), PASSPHRASE)
    assert session.get("guard.reserved_tasks") == ("letter",)
    session.close()


def test_hours_without_ai_may_go_over_midnight(at_home: Driver, echo: Entrance) -> None:
    open_page(at_home)
    at_home.press("Add hours", at_home.main.engagement)
    at_home.type("From", "22:30")
    at_home.type("To", "7:00")
    at_home.type("From", "late")  # no time: what was kept holds
    at_home.until_idle()
    at_home.press("Lock")
    session: Session = echo.unlock(echo.find("Ada"), PASSPHRASE)
    kept = session.get("guard.hours_without_ai")
    session.close()
    assert kept == ("22:30-07:00",)


def test_hours_without_ai_are_said_while_they_are(at_home: Driver) -> None:
    open_page(at_home)
    told = "These are your hours without AI: no model is asked now."
    assert told not in at_home.texts
    at_home.main._session.set("guard.hours_without_ai", ("00:00-24:00",))
    at_home.press("Back", at_home.main.engagement)
    answer = at_home.ask("Tell me something")
    assert answer.mark is not None
    assert [reason.code for reason in answer.mark.reasons] == ["hours.resting"]
    open_page(at_home)
    at_home.until(lambda: told in at_home.texts)
    assert [field.text() for field in seen(at_home.main.engagement, QLineEdit)] == [
        "00:00",
        "24:00",
    ]
