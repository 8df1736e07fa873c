# SPDX-License-Identifier: AGPL-3.0-or-later
"""While another member's assistant is at work, the window says that this one's waits."""

from safespace import paths
from safespace.session.turn.line import Line
from safespace.session.turn.tickets import Tickets
from tests.ui.driver import Driver

SENTENCE = "Another member's assistant is working on this computer; yours waits its turn."


def test_the_window_says_that_it_waits_and_then_goes_on(at_home: Driver) -> None:
    with Line(Tickets(paths.line())).turn(lambda: None, lambda: False):
        at_home.type("Your question", "hello there")
        at_home.enter()
        at_home.until(lambda: SENTENCE in at_home.texts)
        assert "Stop" in at_home.buttons()
    at_home.until(lambda: not at_home.busy)
    assert at_home.messages[-1].text == "hello there"
    assert SENTENCE not in at_home.texts


def test_the_wait_can_be_stopped(at_home: Driver) -> None:
    with Line(Tickets(paths.line())).turn(lambda: None, lambda: False):
        at_home.type("Your question", "hello there")
        at_home.enter()
        at_home.until(lambda: SENTENCE in at_home.texts)
        at_home.press("Stop")
        at_home.until(lambda: not at_home.busy)
    assert at_home.messages[-1].partial
