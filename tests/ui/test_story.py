# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main job, with the real model: from nothing to a conversation that is there again."""

from collections.abc import Callable

import pytest

from safespace.domain import Level, Role, Route
from safespace.session.entrance import Entrance
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver

QUESTION = "Write a short story about a cat and a dog."
CHANGED = "Name three colours."


@pytest.mark.timeout(600)
def test_first_run_to_finding_it_again(
    real: Entrance, come_in: Callable[[Entrance], Driver]
) -> None:
    ada = come_in(real)
    ada.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    _stop_midway(ada)
    _answer_again(ada)
    _change_the_question(ada)
    title = ada.main.side.list.item(0).text()
    ada.press("Lock")
    assert ada.afresh == 1
    ada.leave()

    again = come_in(real)
    assert "Ada" in again.texts
    again.unlock(PASSPHRASE)
    again.until(lambda: again.main.side.list.count() == 1)
    assert again.main.side.list.item(0).text() == title
    again.main.side.list.setCurrentRow(0)
    again.until(lambda: len(again.messages) == 2)
    assert again.messages[0].text == CHANGED
    assert CHANGED in again.texts
    assert again.messages[1].text.split()[-1] in again.texts


def _stop_midway(ada: Driver) -> None:
    """Words come one after the other, and stop when they are told to."""
    ada.type("Your question", QUESTION)
    ada.enter()
    ada.until(lambda: len(ada.main.chat.answering.words.split()) > 5)
    first = ada.main.chat.answering.words
    ada.until(lambda: len(ada.main.chat.answering.words) > len(first))
    assert ada.main.chat.answering.words.startswith(first)
    assert "Stop" in ada.buttons()
    ada.press("Stop")
    ada.until(lambda: not ada.busy)
    stopped = ada.messages[-1]
    assert stopped.role is Role.MODEL
    assert stopped.partial
    assert stopped.text.startswith(first)
    assert stopped.mark is not None
    assert stopped.mark.route is Route.LOCAL
    assert "Not finished" in ada.texts
    assert "A demonstration: English only, and it makes things up." in ada.texts


def _answer_again(ada: Driver) -> None:
    """A further answer stands beside the first, and both can be shown."""
    first = ada.messages[-1]
    ada.press("Answer again")
    ada.until(lambda: len(ada.main.chat.answering.words.split()) > 3)
    ada.press("Stop")
    ada.until(lambda: not ada.busy)
    second = ada.messages[-1]
    assert second.siblings == (first.id, second.id)
    assert "2/2" in ada.texts
    ada.press("Earlier version")
    ada.until(lambda: ada.messages[-1].id == first.id)
    assert "1/2" in ada.texts


def _change_the_question(ada: Driver) -> None:
    """A changed question makes a branch; the old one stays."""
    old = ada.messages[0]
    ada.press("Change")
    assert ada.main.chat.composer.text == QUESTION
    ada.type("Your question", CHANGED)
    ada.enter()
    ada.until(lambda: not ada.busy and ada.messages[0].id != old.id)
    ada.until(lambda: len(ada.messages) == 2)
    assert ada.messages[0].siblings == (old.id, ada.messages[0].id)
    assert ada.messages[1].text
