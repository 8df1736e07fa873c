# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes, documents and memory in the window: kept as typed, found, deleted, at level 0 too."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from safespace.domain import Kind, Level
from safespace.errors import StorageError
from safespace.session.meaning import Progress
from safespace.ui.holdings.documents_screen import DocumentsScreen
from safespace.ui.holdings.meaning_line import MeaningLine
from safespace.ui.holdings.notes_screen import NotesScreen
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless
from tests.ui.test_search import results

FIELD = "Search everything you keep"


@pytest.fixture
def notes(at_home: Driver) -> NotesScreen:
    at_home.main.go_to_level(Level.NO_AI)
    at_home.press("Notes")
    at_home.until(lambda: at_home.main.notes.isVisibleTo(at_home.main))
    return at_home.main.notes


@pytest.fixture
def documents(at_home: Driver) -> DocumentsScreen:
    at_home.press("Documents")
    at_home.until(lambda: at_home.main.documents.isVisibleTo(at_home.main))
    return at_home.main.documents


def kept(ada: Driver) -> list[tuple[str, str]]:
    store = ada.main._session.notes
    found = [store.note(heading.id) for heading in store.every()]
    return [(note.title, note.text) for note in found]


def refuse(disk: pytest.MonkeyPatch, ada: Driver, problem: StorageError) -> None:
    def keep(*_: object) -> int:
        raise problem

    disk.setattr(ada.main._session.notes, "keep", keep)


def shown(screen: NotesScreen | DocumentsScreen) -> list[str]:
    return [line.text for line in screen.list.lines]


def test_a_note_is_kept_as_it_is_typed_once_and_found_again(
    at_home: Driver, notes: NotesScreen
) -> None:
    assert "No note yet." in at_home.texts
    assert nameless(at_home.main) == []
    at_home.type("Title of the note", "Plum cake")
    at_home.until(lambda: kept(at_home) == [("Plum cake", "")])
    at_home.type("Text of the note", "500 g **plums**")
    at_home.until(lambda: kept(at_home) == [("Plum cake", "500 g **plums**")])
    assert shown(notes) == ["Plum cake"]

    at_home.press("New note")
    at_home.type("Text of the note", "Trees to plant")
    at_home.until(lambda: shown(notes) == ["Trees to plant", "Plum cake"])
    assert nameless(at_home.main) == []
    notes.list.setFocus()
    QTest.keyClick(notes.list, Qt.Key.Key_Down)
    at_home.until(lambda: notes.title.text() == "Plum cake")
    at_home.press("Read")
    assert "500 g plums" in at_home.texts
    at_home.press("Write")

    at_home.press("Back", notes)
    at_home.type(FIELD, "plum")
    at_home.until(lambda: len(results(at_home)) == 1)
    assert results(at_home) == ["Note: Plum cake: 500 g **plums**"]
    at_home.main.side.found.results.itemActivated.emit(at_home.main.side.found.results.item(0))
    at_home.until(lambda: notes.isVisibleTo(at_home.main) and notes.title.text() == "Plum cake")


def test_what_was_typed_last_is_kept_at_a_lock(at_home: Driver, notes: NotesScreen) -> None:
    QTest.keyClicks(notes.text, "never lost")
    at_home.main._flush()
    at_home.until_idle()
    assert kept(at_home) == [("", "never lost")]
    notes.flush()
    at_home.until_idle()
    assert len(kept(at_home)) == 1


def test_what_the_disk_refuses_stays_in_the_editor(
    at_home: Driver, notes: NotesScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home.type("Text of the note", "Herons")
    at_home.until(lambda: shown(notes) == ["Herons"])
    at_home.press("New note")
    with monkeypatch.context() as disk:
        refuse(disk, at_home, StorageError("The disk is full."))
        QTest.keyClicks(notes.text, "nowhere else")
        notes.show_note(notes.list.lines[0].id)
        at_home.until(lambda: "The disk is full." in at_home.texts)
        at_home.until_idle()
        assert notes.text.toPlainText() == "nowhere else"
        at_home.press("New note")
        at_home.until(lambda: notes.text.toPlainText() == "nowhere else")
        at_home.until_idle()
    QTest.keyClicks(notes.text, "!")
    at_home.until(lambda: ("", "!nowhere else") in kept(at_home))
    notes.show_note(notes.list.lines[1].id)
    at_home.until(lambda: notes.text.toPlainText() == "Herons")


def test_a_note_that_is_gone_while_it_is_written_is_kept_as_a_new_one(
    at_home: Driver, notes: NotesScreen
) -> None:
    at_home.type("Text of the note", "Herons")
    at_home.until(lambda: shown(notes) == ["Herons"])
    at_home.main._session.bin.put(Kind.NOTE, notes.list.lines[0].id)
    QTest.keyClicks(notes.text, " fly")
    at_home.until(lambda: "That note is no longer there." in at_home.texts)
    QTest.keyClicks(notes.text, " far")
    at_home.until(lambda: [text for _title, text in kept(at_home)] == ["Herons fly far"])


def test_a_deleted_note_goes_to_the_bin_and_comes_back(at_home: Driver, notes: NotesScreen) -> None:
    at_home.type("Text of the note", "Herons")
    at_home.until(lambda: shown(notes) == ["Herons"])
    at_home.press("Delete note…")
    at_home.press("Keep it")
    at_home.press("Delete note…")
    at_home.press("Delete")
    at_home.until(lambda: shown(notes) == [])
    assert notes.text.toPlainText() == ""
    at_home.press("Bin")
    at_home.until(lambda: at_home.main.bin.isVisibleTo(at_home.main))
    at_home.press("Restore “Herons”")
    at_home.until(lambda: "The bin is empty." in at_home.texts)
    at_home.press("Notes")
    at_home.until(lambda: shown(notes) == ["Herons"])


def test_ten_thousand_notes_are_shown(at_home: Driver, notes: NotesScreen) -> None:
    space = at_home.main._session._space

    def many(database: object) -> None:
        for number in range(10_000):
            database.change(  # type: ignore[attr-defined]
                "INSERT INTO note (title, text, changed) VALUES (?, 'x', ?)",
                f"Note {number}",
                f"2026-01-01T00:00:00.{number:06}+00:00",
            )

    space._owner.do(many)
    notes.read()
    at_home.until(lambda: len(notes.list.lines) == 10_000)
    assert shown(notes)[0] == "Note 9999"


def test_how_far_finding_by_meaning_is_stands_below_the_documents(
    at_home: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing where no model finds; looked at anew while the page is open."""
    meaning = at_home.main._session.meaning
    progress: list[Progress | None] = [None]
    looks = []

    def look() -> Progress | None:
        looks.append(1)
        return progress[0]

    monkeypatch.setattr(meaning, "progress", look)
    at_home.press("Documents")
    at_home.until(lambda: bool(looks))
    assert not [text for text in at_home.texts if "by what they mean" in text]
    progress[0] = Progress("Finds", 3, 9)
    said = "3 of 9 passages can be found by what they mean, with Finds."
    line = at_home.main.documents.findChild(MeaningLine)
    assert isinstance(line, MeaningLine)
    line._look()
    at_home.until(lambda: said in at_home.texts)


def test_a_document_is_taken_in_found_taken_out_and_deleted(
    at_home: Driver, documents: DocumentsScreen, tmp_path: Path
) -> None:
    assert nameless(at_home.main) == []
    assert "Delete document…" not in at_home.buttons()
    file = tmp_path / "quokka.txt"
    file.write_text("They live on Rottnest.")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    documents.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    at_home.until(lambda: len(documents.list.lines) == 1)
    assert "quokka.txt is in your space now." in at_home.texts
    assert shown(documents)[0].startswith("quokka.txt")
    assert nameless(at_home.main) == []

    at_home.type(FIELD, "rottnest")
    at_home.until(lambda: len(results(at_home)) == 1)
    at_home.press("Clear the search")
    at_home.press("Take a copy out…")
    assert "not encrypted" in at_home.texts
    at_home.press("Leave it in")
    (found,) = at_home.main._session.documents.every()
    out = tmp_path / "out"
    out.mkdir()
    documents.take_out(found, out)
    at_home.until(lambda: "Written to" in at_home.texts)
    assert (out / "quokka.txt").read_bytes() == file.read_bytes()
    documents.take_out(found, out)
    at_home.until(lambda: "is there already" in at_home.texts)

    at_home.press("Delete document…")
    at_home.press("Delete")
    at_home.until(lambda: documents.list.lines == [])
    assert [heading.kind for heading in at_home.main._session.bin.every()] == [Kind.DOCUMENT]


def test_a_file_that_cannot_be_taken_in_is_said(
    at_home: Driver, documents: DocumentsScreen, tmp_path: Path
) -> None:
    documents.add(tmp_path / "nowhere.txt")
    at_home.until(lambda: "is no file" in at_home.texts)


def test_memory_is_written_changed_and_deleted_by_hand(at_home: Driver) -> None:
    at_home.press("Memory")
    memory = at_home.main.memory
    at_home.until(lambda: memory.isVisibleTo(at_home.main))
    assert nameless(at_home.main) == []
    assert "Remember it" not in at_home.buttons()
    for line in ("Ada likes plums", "and pears"):
        at_home.type("The line", line)
        at_home.press("Remember it")
        at_home.until(lambda: memory.field.text() == "")
    memory.list.setFocus()
    QTest.keyClick(memory.list, Qt.Key.Key_Down)
    at_home.type("The line", "Ada likes cherries")
    at_home.press("Change this line")
    at_home.until(lambda: memory.list.lines[0].text == "Ada likes cherries")
    assert nameless(at_home.main) == []
    at_home.press("Delete line…")
    at_home.press("Delete")
    at_home.until(lambda: [line.text for line in memory.list.lines] == ["and pears"])


def test_erasing_says_until_when_backups_hold_it_and_renews_them(at_home: Driver) -> None:
    session = at_home.main._session
    number = session.notes.keep(None, "Secret", "violet")
    session.backups.make()
    session.bin.put(Kind.NOTE, number)
    at_home.press("Bin")
    at_home.until(lambda: at_home.main.bin.isVisibleTo(at_home.main))
    assert "Renew the backups now" not in at_home.buttons()
    at_home.press("Delete “Secret” for ever…")
    at_home.press("Delete for ever")
    at_home.until(lambda: "may still hold it" in at_home.texts)
    assert nameless(at_home.main) == []
    before = session.backups.kept()
    at_home.press("Renew the backups now")
    at_home.until(lambda: "The only backup there is now" in at_home.texts)
    (only,) = session.backups.kept()
    assert only not in before
