# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders in the window, and files kept with a conversation."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from safespace.domain import Kind, Level
from safespace.session.entrance import Entrance
from safespace.store.rooms import codec
from safespace.ui.holdings.folders_screen import FoldersScreen
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless

ComeIn = Callable[[Entrance], Driver]

pytestmark = pytest.mark.usefixtures("no_daily_backup")


def open_folders(ada: Driver) -> FoldersScreen:
    ada.press("Folders")
    ada.until(lambda: ada.main.folders.isVisibleTo(ada.main))
    return ada.main.folders


def make(ada: Driver, name: str) -> None:
    screen = open_folders(ada)
    before = len(screen.list.lines)
    ada.press("New folder")
    ada.until(lambda: len(screen.list.lines) == before + 1)
    ada.type("Name of the folder", name)
    QTest.keyClick(screen.name, Qt.Key.Key_Return)
    ada.until(lambda: name in [line.text for line in screen.list.lines])


def put_into(ada: Driver, name: str) -> None:
    ada.choose("Folder", name)
    ada.press("Put it there")
    ada.until(lambda: "Which folder?" not in ada.texts)


def contents(screen: FoldersScreen) -> list[str]:
    return [line.text for line in screen.contents.lines]


def test_a_note_a_document_and_a_conversation_lie_in_a_folder_until_they_are_taken_out(
    at_home: Driver, tmp_path: Path
) -> None:
    at_home.ask("Plums, how long?")
    session = at_home.main._session
    session.notes.keep(None, "Cake", "500 g plums")
    file = tmp_path / "recipe.txt"
    file.write_text("A quokka bakes.")
    session.documents.add(file)
    make(at_home, "Recipes")
    assert "It is empty." in at_home.texts
    assert nameless(at_home.main) == []

    at_home.press("Back", at_home.main.folders)
    at_home.press("Put conversation into a folder…")
    at_home.until(lambda: "Which folder?" in at_home.texts)
    assert nameless(at_home.window) == []
    put_into(at_home, "Recipes")
    at_home.press("Notes")
    notes = at_home.main.notes
    at_home.until(lambda: notes.isVisibleTo(at_home.main))
    notes.list.setCurrentIndex(notes.list.model().index(0, 0, QModelIndex()))
    at_home.until(lambda: "Folder…" in at_home.buttons(notes))
    at_home.press("Folder…", notes)
    at_home.until(lambda: "Which folder?" in at_home.texts)
    put_into(at_home, "Recipes")
    at_home.press("Documents")
    documents = at_home.main.documents
    at_home.until(lambda: documents.isVisibleTo(at_home.main))
    documents.list.setCurrentIndex(documents.list.model().index(0, 0, QModelIndex()))
    at_home.press("Folder…", documents)
    at_home.until(lambda: "Which folder?" in at_home.texts)
    at_home.choose("Folder", "In a new folder")
    assert "Put it there" not in at_home.buttons()
    at_home.type("Name of the new folder", "recipes")
    at_home.press("Put it there")
    at_home.until(lambda: "folder of that name already" in at_home.texts)
    at_home.type("Name of the new folder", "Animals")
    at_home.press("Put it there")
    at_home.until(lambda: "Which folder?" not in at_home.texts)

    screen = open_folders(at_home)
    at_home.until(lambda: len(screen.list.lines) == 2)
    screen.list.setFocus()
    screen.list.setCurrentIndex(screen.list.model().index(0, 0, QModelIndex()))
    at_home.until(lambda: contents(screen) == ["Document   recipe.txt"])
    screen.list.setCurrentIndex(screen.list.model().index(1, 0, QModelIndex()))
    at_home.until(lambda: len(contents(screen)) == 2)
    assert set(contents(screen)) == {"Conversation   Plums, how long?", "Note   Cake"}

    place = contents(screen).index("Note   Cake")
    screen.contents.setCurrentIndex(screen.contents.model().index(place, 0, QModelIndex()))
    at_home.press("Open", screen)
    at_home.until(lambda: notes.isVisibleTo(at_home.main) and notes.title.text() == "Cake")
    open_folders(at_home)
    at_home.until(lambda: len(contents(screen)) == 2)
    place = contents(screen).index("Note   Cake")
    screen.contents.setCurrentIndex(screen.contents.model().index(place, 0, QModelIndex()))
    at_home.press("Take out of the folder", screen)
    at_home.until(lambda: contents(screen) == ["Conversation   Plums, how long?"])
    at_home.press("Remove folder…", screen)
    at_home.press("Remove folder")
    at_home.until(lambda: [line.text for line in screen.list.lines] == ["Animals"])
    assert [found.title for found in session.conversations()] == ["Plums, how long?"]


def test_what_lies_in_a_folder_for_its_days_goes_to_the_bin_at_the_next_unlock(
    at_home: Driver, echo: Entrance, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = at_home.main._session
    cake = session.notes.keep(None, "Cake", "500 g plums")
    make(at_home, "Recipes")
    (folder,) = session.folders.every()
    session.folders.put(Kind.NOTE, cake, folder.id)
    screen = at_home.main.folders
    at_home.choose("How long things are kept here", "Kept for 30 days")
    screen.days.activated.emit(screen.days.currentIndex())
    at_home.until(lambda: session.folders.every()[0].days == 30)
    assert "another 30 days" in at_home.texts
    at_home.leave()
    now = codec.now
    monkeypatch.setattr(codec, "now", lambda: now() + timedelta(days=29))
    ada = come_in(echo)
    ada.unlock(PASSPHRASE)
    assert [heading.title for heading in ada.main._session.notes.every()] == ["Cake"]
    ada.leave()
    monkeypatch.setattr(codec, "now", lambda: now() + timedelta(days=31))
    ada = come_in(echo)
    ada.unlock(PASSPHRASE)
    assert ada.main._session.notes.every() == []
    assert [heading.title for heading in ada.main._session.bin.every()] == ["Cake"]


def test_folders_need_no_ai(at_home: Driver) -> None:
    at_home.main.go_to_level(Level.NO_AI)
    make(at_home, "Recipes")
    assert nameless(at_home.main) == []


def test_a_file_is_attached_to_a_conversation_and_shown_from_there(
    at_home: Driver, tmp_path: Path
) -> None:
    assert "Attach a file…" not in at_home.buttons()  # there is nothing to attach it to
    at_home.ask("Plums, how long?")
    at_home.until(lambda: "Attach a file…" in at_home.buttons())
    file = tmp_path / "recipe.txt"
    file.write_text("A quokka bakes.")
    at_home.main.chat.attachments.attach(file)
    at_home.until(lambda: "Attached: recipe.txt" in at_home.buttons())
    at_home.until(lambda: "No model reads it." in at_home.texts)
    assert nameless(at_home.main) == []
    session = at_home.main._session
    (conversation,) = session.conversations()
    (document,) = session.documents.every()
    assert document.conversation == conversation.id

    at_home.press("New conversation")
    assert "Attached: recipe.txt" not in at_home.buttons()
    at_home.main._show(conversation.id)
    at_home.until(lambda: "Attached: recipe.txt" in at_home.buttons())
    at_home.press("Attached: recipe.txt")
    at_home.until(lambda: at_home.main.documents.isVisibleTo(at_home.main))
    assert at_home.main.documents.list.current == document.id
    at_home.main._show(conversation.id)
    at_home.main.chat.attachments.attach(tmp_path / "nowhere.txt")
    at_home.until(lambda: "is no file" in at_home.texts)

    session.delete_conversation(conversation.id)
    assert session.documents.every() == []  # it went to the bin with its conversation
