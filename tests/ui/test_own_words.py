# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member tells the assistant, in the window: tasks, instructions, saved prompts, memory."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QMenu

from safespace.domain import Level, TaskKind
from safespace.session.turn.tasks import FORMS
from safespace.ui.chat.instructions_sheet import InstructionsSheet
from safespace.ui.chat.prompts_sheet import PromptsSheet
from tests.lora import write_adapter
from tests.ui.driver import Driver, seen
from tests.ui.test_a11y import nameless

S = TypeVar("S", bound=QDialog)


def sheet_of(ada: Driver, kind: type[S]) -> S:
    """The sheet of this kind, once it is in front."""
    ada.until(lambda: isinstance(ada.window, kind))
    assert isinstance(ada.window, kind)
    return ada.window


def pick(menu: QMenu, name: str) -> None:
    """Choose an entry, as a person who opened the menu."""
    menu.aboutToShow.emit()
    (entry,) = [action for action in menu.actions() if action.text() == name]
    entry.trigger()


def test_a_task_is_chosen_beside_the_question_and_goes_with_it(at_home: Driver) -> None:
    composer = at_home.main.chat.composer
    assert "What to do: Just ask" in at_home.buttons()
    pick(composer.tasks.menu, FORMS[TaskKind.TRANSLATION].name)
    assert nameless(at_home.main) == []
    at_home.type("Into which language", "French")
    answer = at_home.ask("The plum tree had much fruit.")
    question = at_home.messages[-2]
    assert question.task is TaskKind.TRANSLATION
    assert (
        question.text == "Translate this text. Language: French.\n\nThe plum tree had much fruit."
    )
    assert answer.text.endswith("much fruit.")
    assert (composer.text, composer.task) == ("", None)
    at_home.ask("And the pear tree?")
    assert at_home.messages[-2].task is None


def test_a_text_stays_when_its_task_is_changed_back(at_home: Driver) -> None:
    composer = at_home.main.chat.composer
    at_home.type("Your question", "Plums")
    pick(composer.tasks.menu, FORMS[TaskKind.SUMMARY].name)
    assert composer.asked == "Summarise this text:\n\nPlums"
    pick(composer.tasks.menu, "Just ask")
    assert composer.asked == "Plums"


def test_at_level_0_there_is_no_task_and_a_note_stays_a_note(at_home: Driver) -> None:
    composer = at_home.main.chat.composer
    pick(composer.tasks.menu, FORMS[TaskKind.SUMMARY].name)
    at_home.main.go_to_level(Level.NO_AI)
    assert not composer.tasks.isVisibleTo(at_home.main)
    assert composer.task is None
    assert "What to do: Summarise" not in at_home.buttons()


def test_instructions_are_kept_for_all_and_for_one_conversation(at_home: Driver) -> None:
    words = at_home.main._session.words
    at_home.ask("Say it again please")
    conversation = at_home.main.chat.conversation
    at_home.press("How I want to be answered here…")
    sheet = sheet_of(at_home, InstructionsSheet)
    at_home.until(sheet.text.isEnabled)
    assert nameless(sheet) == []
    sheet.text.setPlainText("x" * 1501)
    assert "Keep" not in at_home.buttons(sheet)
    sheet.text.setPlainText("Call me Captain.")
    at_home.press("Keep", sheet)
    at_home.until(lambda: words.instructions(conversation) == "Call me Captain.")
    at_home.main.show_settings()
    at_home.until(lambda: "How I want to be answered…" in at_home.buttons())
    at_home.press("How I want to be answered…")
    sheet = sheet_of(at_home, InstructionsSheet)
    at_home.until(sheet.text.isEnabled)
    assert sheet.text.toPlainText() == ""
    sheet.text.setPlainText("Be brief.")
    at_home.press("Keep", sheet)
    at_home.until(lambda: words.instructions(None) == "Be brief.")
    assert words.instructions(conversation) == "Call me Captain."


def test_prompts_are_saved_taken_and_deleted(at_home: Driver) -> None:
    chat, words = at_home.main.chat, at_home.main._session.words
    at_home.type("Your question", "Plan my week.")
    pick(chat.composer.tasks.menu, "Saved prompts…")
    sheet = sheet_of(at_home, PromptsSheet)
    assert nameless(sheet) == []
    assert sheet.text.toPlainText() == "Plan my week."
    sheet.title.setText("Week")
    at_home.press("Save", sheet)
    at_home.until(lambda: [prompt.title for prompt in words.prompts()] == ["Week"])
    at_home.until(lambda: [line.text for line in sheet.list.lines] == ["Week"])
    at_home.press("Close", sheet)
    chat.composer.accept()
    pick(chat.composer.tasks.menu, "Week")
    assert chat.composer.text == "Plan my week."
    pick(chat.composer.tasks.menu, "Saved prompts…")
    sheet = sheet_of(at_home, PromptsSheet)
    at_home.until(lambda: bool(sheet.list.lines))
    sheet.list.setFocus()
    QTest.keyClick(sheet.list, Qt.Key.Key_Down)
    assert sheet.title.text() == "Week"
    at_home.press("Delete", sheet)
    at_home.until(lambda: not words.prompts())
    at_home.press("Close", sheet)


def test_memory_is_turned_on_and_an_answer_says_what_was_read(at_home: Driver) -> None:
    session = at_home.main._session
    session.memory.keep(None, "Ada likes plums.")
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    at_home.press("Memory")
    at_home.until(lambda: at_home.main.memory.isVisibleTo(at_home.main))
    at_home.main.memory.goes_along.click()
    at_home.until(lambda: session.get("assistant.memory") == "on")
    at_home.press("Back", at_home.main.memory)
    at_home.ask("Say it again please")
    assert "It read 1 line of your memory." in at_home.texts
    at_home.press("Here: why?")
    at_home.until(lambda: "From your memory: Ada likes plums." in at_home.texts)


def test_an_answer_is_saved_with_its_mark(at_home: Driver, tmp_path: Path) -> None:
    at_home.ask("Say it again please")
    at_home.press("Save as a file…")
    assert "The copy is not encrypted" in at_home.texts
    at_home.press("Choose a folder…")
    dialog = sheet_of(at_home, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    at_home.until(lambda: "Written to" in at_home.texts)
    (file,) = tmp_path.glob("*.md")
    assert "trainedAlgorithmicMedia" in file.read_text("utf-8")


def test_an_adapter_is_added_and_chosen(at_home: Driver, tmp_path: Path) -> None:
    at_home.main.show_settings()
    at_home.until(lambda: "Add an adapter…" in at_home.buttons())
    at_home.press("Add an adapter…")
    dialog = sheet_of(at_home, QFileDialog)
    dialog.fileSelected.emit(str(write_adapter(tmp_path / "poet.gguf")))
    dialog.close()
    at_home.until(lambda: "poet" in options(at_home, "Adapter"))
    at_home.choose("Adapter", "poet")
    session = at_home.main._session
    at_home.until(lambda: session.get("assistant.adapter") == "poet.gguf")


def options(ada: Driver, name: str) -> list[str]:
    """What can be chosen in the visible list called `name`; nothing while there is none."""
    return [
        box.itemText(place)
        for box in seen(ada.main, QComboBox)
        if box.accessibleName() == name
        for place in range(box.count())
    ]
