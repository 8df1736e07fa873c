# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searching in the window: results take the list's place, and lead to the message."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidgetItem

from safespace.domain import Level, Role
from safespace.ui.chat.transcript import FIRST_SHOWN
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless

FIELD = "Search everything you keep"


def results(ada: Driver) -> list[str]:
    """What is shown in place of the list."""
    found = ada.main.side.found.results
    if not found.isVisibleTo(ada.main):
        return []
    return [found.item(place).text() for place in range(found.count())]


def first(ada: Driver) -> QListWidgetItem:
    return ada.main.side.found.results.item(0)


def test_results_take_the_place_of_the_list_and_escape_brings_it_back(at_home: Driver) -> None:
    at_home.ask("Where do herons sleep?")
    at_home.press("New conversation")
    at_home.until_idle()
    at_home.ask("Something about storks")
    at_home.main.go_to_level(Level.NO_AI)
    at_home.type(FIELD, "hero")
    at_home.until(lambda: len(results(at_home)) == 3)  # the title, the question and the echo
    assert "3 places found" in at_home.texts
    assert not at_home.main.side.list.isVisibleTo(at_home.main)
    assert nameless(at_home.main) == []

    QTest.keyClick(at_home.main.side.search, Qt.Key.Key_Down)
    found = at_home.main.side.found.results
    assert found.currentRow() == 0
    QTest.keyClick(found, Qt.Key.Key_Return)
    at_home.until(lambda: at_home.messages[0].text == "Where do herons sleep?")
    assert results(at_home)

    at_home.type(FIELD, "quokka")
    at_home.until(lambda: results(at_home) == [])
    assert "Nothing found" in at_home.texts
    at_home.press("Clear the search")
    assert at_home.main.side.list.isVisibleTo(at_home.main)
    assert at_home.main.side.list.title_of(at_home.main.chat.conversation) is not None


@pytest.mark.parametrize("hidden", [False, True])
def test_a_hit_opens_its_message_on_its_branch(at_home: Driver, hidden: bool) -> None:
    space = at_home.main._session._space
    begun = space.new_conversation("Long").id
    parent = None
    aim = 0
    for number in range(FIRST_SHOWN * 2):
        text = "the quokka sleeps" if number == 3 else f"{number} words " * 30
        parent = space.add_message(begun, parent, Role.MEMBER, text).id
        aim = parent if number == 3 else aim
    if hidden:
        space.add_message(begun, None, Role.MEMBER, "another beginning")
    at_home.type(FIELD, "quokka")
    at_home.until(lambda: len(results(at_home)) == 1)
    at_home.main.side.found.results.itemActivated.emit(first(at_home))
    transcript = at_home.main.chat.transcript
    at_home.until(lambda: aim in [message.id for message in at_home.messages])
    assert transcript.shown >= FIRST_SHOWN * 2 - 3

    def in_sight() -> bool:
        place = [message.id for message in at_home.messages].index(aim)
        bubble = transcript._bubbles[place - transcript._first]
        top = bubble.mapTo(transcript.viewport(), bubble.rect().topLeft()).y()
        return 0 <= top < transcript.viewport().height() // 2

    at_home.until(in_sight)
    QTest.qWait(100)
    assert in_sight()
    transcript.follow()
    assert not in_sight()


def test_ctrl_f_goes_to_the_field_and_escape_clears_it(at_home: Driver) -> None:
    at_home.main.activateWindow()
    at_home.main._find()
    at_home.until(lambda: at_home.main.focusWidget() is at_home.main.side.search)
    QTest.keyClicks(at_home.main.side.search, "x")
    at_home.main._escape()
    assert at_home.main.side.search.text() == ""


def test_renaming_a_found_conversation_brings_the_list_back(at_home: Driver) -> None:
    at_home.ask("Where do herons sleep?")
    at_home.type(FIELD, "herons")
    at_home.until(lambda: len(results(at_home)) == 3)
    at_home.press("Rename conversation")
    conversations = at_home.main.side.list
    assert conversations.isVisibleTo(at_home.main)
    editor = conversations.focusWidget()
    assert editor
    QTest.keyClicks(editor, "Birds")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    at_home.until(lambda: conversations.item(0).text() == "Birds")


def test_a_result_that_was_deleted_leaves_the_results(at_home: Driver) -> None:
    at_home.ask("Where do herons sleep?")
    at_home.type(FIELD, "herons")
    at_home.until(lambda: len(results(at_home)) == 3)
    at_home.press("Delete conversation…")
    at_home.press("Delete conversation")
    at_home.until(lambda: "Nothing found" in at_home.texts)
