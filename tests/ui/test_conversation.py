# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations: nothing typed is lost, failures are said calmly, versions and lists work."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from safespace.domain import Level, Role
from safespace.errors import StorageError
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.rooms.activity import Activity
from safespace.ui.chat.help_lines import HelpLinesCard
from safespace.ui.chat.prose import Prose
from safespace.ui.chat.transcript import FIRST_SHOWN, PAGE
from safespace.ui.chat.why_dialog import WhyDialog
from safespace.ui.kit.theme import Theme
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen


def test_an_answer_carries_its_mark_and_its_why(at_home: Driver) -> None:
    answer = at_home.ask("Tell me something")
    assert answer.text == "Tell me something"
    assert "A demonstration: English only, and it makes things up." in at_home.texts
    at_home.press("Here: why?")
    at_home.until(lambda: "Because" in at_home.texts)
    assert isinstance(at_home.window, WhyDialog)
    assert "Echo answered on this computer. Nothing was sent." in at_home.texts
    assert "in your activity record" in at_home.texts
    assert "Here: At level 1, When I ask, your words stay on this computer." in at_home.texts
    assert "It could go to the cooperative if you go to level 3" in at_home.texts
    at_home.press("Close")


def test_handed_back_and_asked_anyway(at_home: Driver) -> None:
    notice = at_home.ask("Was ist Fotosynthese und wie funktioniert sie?")
    assert notice.role is Role.SAFESPACE
    assert "Echo does not know German" in at_home.texts
    at_home.press("Ask this model anyway, once")
    at_home.until(lambda: at_home.messages[-1].role is Role.MODEL and not at_home.busy)
    assert at_home.messages[-1].siblings == (notice.id, at_home.messages[-1].id)
    assert "It is not made for this question: ask a person who knows." in at_home.texts


def test_help_lines_come_up_at_every_level_and_are_not_kept(at_home: Driver) -> None:
    at_home.ask("I want to kill myself")
    assert seen(at_home.main, HelpLinesCard)
    at_home.main.go_to_level(Level.NO_AI)
    assert len(seen(at_home.main, HelpLinesCard)) == 1  # a change of level takes nothing away
    at_home.type("Your note", "I want to end my life")
    at_home.press("Keep")
    at_home.until(lambda: len(at_home.messages) == 4 and not at_home.busy)
    cards = seen(at_home.main, HelpLinesCard)
    assert cards
    at_home.press("Close this card", cards[-1])
    assert cards[-1].isHidden()
    at_home.press("New conversation")
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: len(at_home.messages) == 4)
    assert not seen(at_home.main, HelpLinesCard)


def test_a_draft_is_there_again(
    echo: Entrance, at_home: Driver, come_in: Callable[[Entrance], Driver]
) -> None:
    at_home.type("Your question", "half a thought")
    at_home.press("Lock")
    at_home.leave()
    again = come_in(echo)
    again.unlock(PASSPHRASE)
    again.until(lambda: again.main.chat.composer.text == "half a thought")


def test_a_draft_is_kept_as_soon_as_typing_pauses(at_home: Driver) -> None:
    at_home.type("Your question", "not sent, and then the power went")
    session = at_home.main._session
    at_home.until(lambda: session.draft(None) == "not sent, and then the power went")


def test_each_conversation_has_its_own_draft(at_home: Driver) -> None:
    at_home.ask("One")
    at_home.type("Your question", "about one")
    at_home.press("New conversation")
    at_home.until(lambda: at_home.main.chat.composer.text == "")
    at_home.type("Your question", "about nothing yet")
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: at_home.main.chat.composer.text == "about one")
    at_home.press("New conversation")
    at_home.until(lambda: at_home.main.chat.composer.text == "about nothing yet")


def test_a_draft_that_the_disk_refuses_is_there_again(
    at_home: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise StorageError("The disk is full.")

    at_home.ask("One")
    composer = at_home.main.chat.composer
    with monkeypatch.context() as disk:
        disk.setattr(Session, "save_draft", full)
        at_home.type("Your question", "about one")
        at_home.press("New conversation")
        at_home.until(lambda: composer.text == "" and "The disk is full." in at_home.texts)
        at_home.main.side.list.setCurrentRow(0)
        at_home.until(lambda: composer.text == "about one")
    at_home.type("Your question", "about one again")
    session, (one,) = at_home.main._session, at_home.main._session.conversations()
    at_home.until(lambda: session.draft(one.id) == "about one again")
    at_home.press("New conversation")
    session.save_draft(one.id, "said elsewhere")
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: composer.text == "said elsewhere")


def test_a_question_that_could_not_be_saved_stays_in_the_field(
    at_home: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_names: object) -> None:
        raise StorageError("The disk is full.", "Make room, then try again.")

    at_home.type("Your question", "Do not lose me")
    with monkeypatch.context() as disk:
        disk.setattr(Session, "ask", full)
        at_home.enter()
        at_home.until(lambda: at_home.main.messages.isVisible())
    assert at_home.main.messages.text == "The disk is full. Make room, then try again."
    assert at_home.main.chat.composer.text == "Do not lose me"
    assert "Ask" in at_home.buttons()
    at_home.enter()
    at_home.until(lambda: len(at_home.messages) == 2)


def test_a_worker_that_dies_leaves_its_words_and_the_next_turn_works(at_home: Driver) -> None:
    at_home.type("Your question", "#die in the middle of this")
    at_home.enter()
    at_home.until(lambda: at_home.main.messages.isVisible() and not at_home.busy)
    assert "Traceback" not in at_home.main.messages.text
    kept = at_home.messages[-1]
    if kept.role is Role.MODEL:  # it may die before a word is through
        assert kept.partial
    at_home.main.messages.hide()
    assert at_home.ask("Are you there").text == "Are you there"


def test_a_message_that_is_too_long_offers_what_fits(at_home: Driver) -> None:
    at_home.main.chat.composer.show_text("word " * 1200)
    at_home.enter()
    at_home.until(lambda: at_home.main.messages.isVisible() and not at_home.busy)
    at_home.press("Shorten it to what fits")
    fitting = at_home.main.chat.composer.text
    assert len(fitting.split()) == 1000
    at_home.enter()
    at_home.until(lambda: not at_home.busy and at_home.messages[-1].role is Role.MODEL)


def test_changing_can_be_given_up_and_the_draft_is_there_again(at_home: Driver) -> None:
    at_home.ask("The first wording")
    at_home.type("Your question", "a draft")
    at_home.press("Change")
    assert at_home.main.chat.composer.text == "The first wording"
    at_home.press("Leave it as it was")
    assert at_home.main.chat.composer.text == "a draft"


def test_rename_and_delete(at_home: Driver) -> None:
    at_home.ask("Something to keep")
    at_home.until(lambda: at_home.main.side.list.count() == 1)
    conversations = at_home.main.side.list
    conversations.rename_action.trigger()
    editor = conversations.focusWidget()
    assert editor
    QTest.keyClicks(editor, "A better name")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    at_home.until(lambda: conversations.item(0).text() == "A better name")
    conversations.delete_action.trigger()
    at_home.press("Keep it")
    at_home.until_idle()
    assert conversations.count() == 1
    conversations.delete_action.trigger()
    at_home.press("Delete conversation")
    at_home.until(lambda: conversations.count() == 0)
    assert at_home.messages == ()


def test_shift_enter_makes_a_line_and_copy_copies(at_home: Driver) -> None:
    field = at_home.main.chat.composer.focusProxy()
    assert field
    QTest.keyClicks(field, "one")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(field, "two")
    assert at_home.main.chat.composer.text == "one\ntwo"
    at_home.enter()
    at_home.until(lambda: len(at_home.messages) == 2)
    at_home.press("Copy")
    copied = at_home.main._session.answers.copied(at_home.messages[-1])
    at_home.until(lambda: QGuiApplication.clipboard().text() == copied)
    assert copied.startswith(at_home.messages[-1].text)


def test_another_conversation_can_be_read_while_one_is_answered(at_home: Driver) -> None:
    at_home.ask("A first one")
    first = at_home.main.chat.conversation
    assert first is not None
    at_home.press("New conversation")
    at_home.until_idle()
    at_home.type("Your question", "#slow " + "word " * 60)
    at_home.enter()
    at_home.until(lambda: len(at_home.main.chat.answering.words.split()) > 3)
    at_home.main.side.list.setCurrentRow(at_home.main.side.list.ids().index(first))
    at_home.until(lambda: at_home.main.chat.conversation == first and len(at_home.messages) == 2)
    assert "Stop" not in at_home.buttons()
    at_home.until_idle()
    at_home.main.side.list.setCurrentRow(1 - at_home.main.side.list.ids().index(first))
    at_home.until(lambda: "Stop" in at_home.buttons())
    at_home.until(lambda: not at_home.busy)
    assert len(at_home.messages) == 2
    assert len(at_home.messages[-1].text.split()) == 61


def test_older_messages_come_when_scrolled_to(at_home: Driver, qtbot: QtBot) -> None:
    one = at_home.ask("One")
    transcript = at_home.main.chat.transcript
    transcript.show_branch([one] * (FIRST_SHOWN + PAGE + 5))
    qtbot.wait(50)
    bar = transcript.verticalScrollBar()
    at_home.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    assert transcript.shown == FIRST_SHOWN
    bar.setValue(0)
    at_home.until(lambda: transcript.shown == FIRST_SHOWN + PAGE)
    at_home.until(lambda: bar.value() > 0)  # what was read stays where it was
    bar.setValue(0)
    at_home.until(lambda: transcript.shown == FIRST_SHOWN + PAGE + 5)


def test_the_end_is_followed_only_from_the_end(at_home: Driver) -> None:
    one = at_home.ask("One")
    transcript = at_home.main.chat.transcript
    transcript.show_branch([one] * 30)
    bar = transcript.verticalScrollBar()
    at_home.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    before = bar.maximum()
    transcript.append(one)
    at_home.until(lambda: bar.maximum() > before and bar.value() == bar.maximum())
    bar.setValue(bar.maximum() // 2)
    middle, before = bar.value(), bar.maximum()
    transcript.append(one)
    at_home.until(lambda: bar.maximum() > before)
    assert bar.value() == middle


def test_what_must_wait_for_an_answer_says_so(at_home: Driver) -> None:
    at_home.type("Your question", "#slow " + "word " * 200)
    at_home.enter()
    at_home.until(lambda: len(at_home.main.chat.answering.words.split()) > 3)
    at_home.until(lambda: at_home.main.side.list.count() == 1)
    at_home.press("Delete conversation…")
    assert "still being written" in at_home.main.messages.text
    at_home.press("New conversation")
    at_home.until_idle()
    at_home.type("Your question", "Another one")
    at_home.enter()
    assert "still being written" in at_home.main.messages.text
    assert at_home.main.chat.composer.text == "Another one"
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: "Stop" in at_home.buttons())
    at_home.press("Stop")
    at_home.until(lambda: not at_home.busy)
    assert at_home.messages[-1].partial


def test_a_failure_elsewhere_leaves_this_conversation_usable(at_home: Driver) -> None:
    at_home.ask("One")
    at_home.press("New conversation")
    at_home.until_idle()
    at_home.type("Your question", "#slow " + "word " * 30)
    at_home.enter()
    at_home.until(lambda: len(at_home.main.chat.answering.words.split()) > 2)
    at_home.main.side.list.setCurrentRow(1)
    at_home.until(lambda: at_home.messages[:1] != () and at_home.messages[0].text == "One")
    at_home.until(lambda: not at_home.busy)
    assert at_home.ask("Two").text == "Two"


def test_a_code_block_wears_the_theme(at_home: Driver, theme: Theme) -> None:
    answer = at_home.ask("One")
    at_home.main.chat.transcript.show_branch([replace(answer, text="```\ncode\n```")])
    QTest.qWait(1)
    ground = _ground_of_code(at_home)
    theme.choose("dark")
    assert _ground_of_code(at_home) != ground


def _ground_of_code(ada: Driver) -> str:
    prose = [prose for prose in seen(ada.main, Prose) if "code" in prose.toPlainText()][-1]
    blocks = prose.document()
    code = next(
        block
        for place in range(blocks.blockCount())
        if "code" in (block := blocks.findBlockByNumber(place)).text()
    )
    return code.blockFormat().background().color().name()


def test_a_question_about_safe_space_is_answered_by_its_help(at_home: Driver) -> None:
    answer = at_home.ask("Who can read what I write here?")
    assert answer.role is Role.SAFESPACE
    assert "This is from the help page" in at_home.texts
    assert "No AI: why?" in at_home.buttons()
    assert "Answer again" not in at_home.buttons()


def test_an_answer_that_was_not_recorded_says_so(
    at_home: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(Activity, "record", full)
    at_home.ask("Tell me something")
    assert "Not recorded." in at_home.texts


def test_what_is_typed_before_the_draft_was_read_stays(
    at_home: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = threading.Event()

    def draft(_session: Session, _conversation: int | None) -> str:
        slowly.wait(60)
        return "older"

    with monkeypatch.context() as disk:
        disk.setattr(Session, "draft", draft)
        at_home.press("New conversation")
        at_home.press("New conversation")  # of two readings, only the newer counts
        at_home.type("Your question", "newer")
        slowly.set()
        at_home.until(lambda: at_home.main.chat.composer.text == "older\n\nnewer")
