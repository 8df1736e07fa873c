# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would leave is seen first, readable and byte for byte; a no keeps it here."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from safespace.coop.site import Site
from safespace.domain import Destination, Level, Route
from safespace.session.entrance import Entrance
from safespace.store.spaces import Spaces
from safespace.ui.chat.outgoing import OutgoingPanel
from safespace.ui.chat.prose import Prose
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.ui.inviting import inviting
from tests.ui.test_a11y import nameless
from tests.unit.door.far_side import FarSide, far_side, tells
from tests.unit.session.conftest import CARD, CHEAP

QUESTION = "Write to Maria Schneider about the garden."
KEEP, SEND = "Answer it here instead", "Send exactly this"


@pytest.fixture
def side() -> Iterator[FarSide]:
    with far_side(tells("Dear [Person 1], see [this](https://x.example/).")) as side:
        yield side


@pytest.fixture
def ada(side: FarSide, echo: Entrance, come_in: Callable[[Entrance], Driver]) -> Driver:
    """A member of a cooperative, at level 3."""
    far = replace(CARD, name="Far model", file="far", demonstration=False)
    site = Site(Destination(side.url, "A site"), far)
    there = Entrance(replace(echo.computer, site=site), Spaces(echo._spaces.root), CHEAP)
    driver = come_in(there)
    driver.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    driver.main._session.set_level(Level.ASK_EACH_TIME, confirmed=True)
    return driver


def wait_for_panel(ada: Driver) -> OutgoingPanel:
    ada.type("Your question", QUESTION)
    ada.enter()
    ada.until(lambda: bool(seen(ada.main, OutgoingPanel)))
    (panel,) = seen(ada.main, OutgoingPanel)
    return panel


def shown(panel: OutgoingPanel) -> str:
    (text,) = seen(panel, QPlainTextEdit)
    return text.toPlainText()


def test_exactly_what_is_seen_is_sent(ada: Driver, side: FarSide) -> None:
    panel = wait_for_panel(ada)
    assert nameless(ada.main) == []
    assert "A site" in ada.texts
    assert "1 name or number is left out" in ada.texts
    assert "Write to [Person 1] about the garden." in shown(panel)
    ada.press("Show it byte for byte")
    exact = shown(panel)
    assert "Schneider" not in exact
    assert side.lines == 0
    ada.press(SEND)
    ada.until_idle()
    ada.until(lambda: not ada.busy)
    assert side.heard[0].partition(b"\r\n\r\n")[2].decode() == exact
    answer = ada.messages[-1]
    assert answer.mark
    assert answer.mark.route is Route.COOP_REDACTED
    prose = seen(ada.main, Prose)[-1]
    assert prose.toPlainText() == "Dear Maria Schneider, see this (https://x.example/)."
    assert "href" not in prose.toHtml()
    assert not seen(ada.main, OutgoingPanel)


def test_a_no_has_it_answered_here(ada: Driver, side: FarSide) -> None:
    wait_for_panel(ada)
    ada.press(KEEP)
    ada.until(lambda: not ada.busy)
    assert ada.messages[-1].text == QUESTION
    assert side.lines == 0


def test_it_waits_while_another_conversation_is_looked_at(ada: Driver, side: FarSide) -> None:
    wait_for_panel(ada)
    conversation = ada.main.chat.conversation
    ada.main.new_conversation()
    ada.until_idle()
    assert not seen(ada.main, OutgoingPanel)
    ada.main.chat.show_conversation(conversation)
    ada.until(lambda: bool(seen(ada.main, OutgoingPanel)))
    ada.press(SEND)
    ada.until(lambda: not ada.busy)
    assert side.lines == 1


def test_stopping_sends_nothing(ada: Driver, side: FarSide) -> None:
    wait_for_panel(ada)
    ada.main.chat.stop()
    ada.until(lambda: not ada.busy)
    assert side.lines == 0
    assert not seen(ada.main, OutgoingPanel)


def test_no_ai_takes_the_question_away_at_once_and_for_good(ada: Driver, side: FarSide) -> None:
    ada.main.gate.turn(Level.ASK_EACH_TIME)
    wait_for_panel(ada)
    assert SEND in inviting(ada.main)
    ada.main.go_to_level(Level.NO_AI)
    assert inviting(ada.main) == set()
    ada.until(lambda: not ada.busy)
    ada.main.go_to_level(Level.WHEN_I_ASK)
    ada.press("Go to level 1")
    ada.until(lambda: ada.main.level is Level.WHEN_I_ASK)
    assert not seen(ada.main, OutgoingPanel)
    assert side.lines == 0
