# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pin of a conversation: set beside its title, obeyed by the next question, kept."""

from PySide6.QtGui import QAction

from safespace.domain import Route
from safespace.guard.wording.pins import pin_meaning, pin_name
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless


def entries(ada: Driver) -> list[QAction]:
    menu = ada.main.heading.pin.menu()
    menu.aboutToShow.emit()
    return menu.actions()


def choose(ada: Driver, pin: Route) -> None:
    (entry,) = [entry for entry in entries(ada) if entry.text() == pin_name(pin)]
    entry.trigger()
    ada.until(lambda: ada.main.heading.pin.accessibleDescription() == pin_meaning(pin))
    ada.until_idle()


def test_a_pinned_conversation_goes_no_further(at_home: Driver) -> None:
    at_home.ask("Tell me something")
    assert entries(at_home)[0].text() == f"{pin_name(Route.COOP)} (now)"
    choose(at_home, Route.HUMAN)
    assert nameless(at_home.main) == []
    at_home.type("Your note", "Tell me something else")
    assert "Keep" in at_home.buttons()
    assert "Ask" not in at_home.buttons()
    assert "This conversation is without AI: what you write is kept" in at_home.texts
    answer = at_home.ask("Tell me something else", "Your note")
    assert answer.mark is not None
    assert answer.mark.route is Route.HUMAN
    assert "You keep this conversation without AI." in at_home.texts
    choose(at_home, Route.LOCAL)
    answer = at_home.ask("And something else")
    assert answer.mark is not None
    assert answer.mark.route is Route.LOCAL


def test_a_pin_stays_with_its_conversation(at_home: Driver) -> None:
    at_home.ask("One")
    choose(at_home, Route.HUMAN)
    at_home.press("New conversation")
    at_home.until_idle()
    answer = at_home.ask("Two")
    assert answer.mark is not None
    assert answer.mark.route is Route.LOCAL
    at_home.until(lambda: at_home.main.side.list.count() == 2)
    for row, pin in ((1, Route.HUMAN), (0, Route.COOP)):
        at_home.main.side.list.setCurrentRow(row)
        at_home.until_idle()
        assert at_home.main.heading.pin.accessibleDescription() == pin_meaning(pin)


def test_without_ai_an_answer_that_is_being_written_stops(at_home: Driver) -> None:
    at_home.type("Your question", "#slow " + "word " * 600)
    at_home.enter()
    at_home.until(lambda: len(at_home.main.chat.answering.words.split()) > 5)
    at_home.until(at_home.main.heading.pin.isVisible)
    choose(at_home, Route.HUMAN)
    at_home.until(lambda: not at_home.busy)
    assert at_home.messages[-1].partial
    assert len(at_home.messages[-1].text.split()) < 600


def test_a_pin_that_cannot_be_read_is_shown_as_the_strictest(at_home: Driver) -> None:
    at_home.main.heading.pin.show_pin(None)
    assert at_home.main.heading.pin.accessibleDescription() == pin_meaning(Route.HUMAN)


def test_a_conversation_can_begin_with_a_pin(at_home: Driver) -> None:
    assert "A model on this computer answers." in at_home.texts
    assert at_home.main.chat.composer.tasks.isVisible()
    choose(at_home, Route.HUMAN)
    assert "A model on this computer answers." not in at_home.texts
    assert not at_home.main.chat.composer.tasks.isVisible()
    answer = at_home.ask("Tell me something", "Your note")
    assert answer.mark is not None
    assert answer.mark.route is Route.HUMAN
    at_home.until(lambda: at_home.main.side.list.count() == 1)
    at_home.until_idle()
    assert at_home.main.heading.pin.accessibleDescription() == pin_meaning(Route.HUMAN)
    at_home.press("New conversation")
    at_home.until_idle()
    assert at_home.main.heading.pin.accessibleDescription() == pin_meaning(Route.COOP)
    answer = at_home.ask("Tell me something else")
    assert answer.mark is not None
    assert answer.mark.route is Route.LOCAL
