# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents in the window: their text by page, a place of it marked, answers that draw on it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton

from safespace.domain import Document, Kind, Level, Role, Source
from safespace.ui.holdings.reading_sheet import AT_ONCE, ReadingSheet, _in_utf16
from tests import papers
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless
from tests.ui.test_search import results
from tests.unit.store.formats import MARK

PAGES = ["Herons sleep in trees.", "Storks clatter on roofs.", "Herons eat fish."]


def kept(ada: Driver, folder: Path, pages: list[str]) -> Document:
    (folder / "birds.pdf").write_bytes(papers.pdf(pages))
    return ada.main._session.documents.add(folder / "birds.pdf").document


def sheet(ada: Driver) -> ReadingSheet:
    """The sheet that is open, once it shows something."""
    found: list[ReadingSheet] = []

    def there() -> bool:
        found[:] = [
            one for one in ada.main.findChildren(ReadingSheet) if one.isVisible() and one._passages
        ]
        return bool(found)

    ada.until(there)
    return found[0]


def marked(shown: ReadingSheet) -> list[str]:
    return [one.cursor.selectedText() for one in shown.text.extraSelections()]


def test_a_hit_opens_its_passage(at_home: Driver, tmp_path: Path) -> None:
    kept(at_home, tmp_path, PAGES)
    at_home.type("Search everything you keep", "storks")
    at_home.until(lambda: len(results(at_home)) == 1)
    at_home.main.side.found.results.itemActivated.emit(at_home.main.side.found.results.item(0))
    shown = sheet(at_home)
    assert marked(shown) == [PAGES[1]]
    assert "— page 2 —" in shown.text.toPlainText()
    assert nameless(shown) == []
    shown.accept()


def test_a_long_document_is_shown_a_stretch_at_a_time(at_home: Driver, tmp_path: Path) -> None:
    document = kept(at_home, tmp_path, [f"Page of {n} herons." for n in range(2 * AT_ONCE + 1)])
    passages = at_home.main._session.documents.text(document.id)
    session, ops = at_home.main._session, at_home.main.ops
    place = passages[AT_ONCE + 3].id
    ReadingSheet(at_home.main, session, ops, document.id, place, "23 herons").open()
    shown = sheet(at_home)
    assert marked(shown) == ["23 herons"]
    assert "Page of 19 herons" not in shown.text.toPlainText()
    at_home.press("Later", shown)
    assert "Page of 40 herons" in shown.text.toPlainText()
    assert marked(shown) == []
    assert "Later" not in at_home.buttons(shown)
    at_home.press("Earlier", shown)
    at_home.press("Earlier", shown)
    assert "Page of 0 herons" in shown.text.toPlainText()
    shown.accept()


def test_one_without_text_says_why(at_home: Driver, tmp_path: Path) -> None:
    at_home.press("Documents")
    (tmp_path / "scan.pdf").write_bytes(papers.pdf([""]))
    at_home.main.documents.add(tmp_path / "scan.pdf")
    at_home.until(lambda: "perhaps because it was scanned" in at_home.texts)
    (line,) = at_home.main.documents.list.lines
    assert line.text.endswith(", by name alone")


def test_an_answer_names_its_sources_and_opens_them(at_home: Driver, tmp_path: Path) -> None:
    document = kept(at_home, tmp_path, PAGES)
    session = at_home.main._session
    passage = session.documents.text(document.id)[2]
    source = Source(document.id, passage.id, 7, len(passage.text))
    space = session._space
    mark = replace(MARK, reasons=(), sought=True)
    begun = space.new_conversation("Herons").id
    asked = space.add_message(begun, None, Role.MEMBER, "What do herons eat?").id
    first = space.add_message(
        begun, asked, Role.MODEL, "Fish.", mark=replace(mark, sources=(source,))
    ).id
    again = space.add_message(begun, first, Role.MEMBER, "And storks?").id
    space.add_message(begun, again, Role.MODEL, "Frogs?", mark=mark)
    at_home.main.chat.show_conversation(begun)
    at_home.until(lambda: "“eat fish.”" in at_home.texts)
    assert at_home.texts.count("Nothing about it is in your documents.") == 1
    name = "Source [1] birds.pdf, page 3: open it"
    (open_,) = [
        one for one in at_home.main.findChildren(QAbstractButton) if one.accessibleName() == name
    ]
    assert nameless(at_home.main) == []
    shown = _why(at_home, 0)
    assert "From your documents: [1] birds.pdf, page 3" in shown
    assert "nothing in them fitted" not in shown
    assert "Your documents were looked through, and nothing in them fitted." in _why(at_home, 1)
    open_.click()
    sheet_ = sheet(at_home)
    assert marked(sheet_) == ["eat fish."]
    sheet_.accept()
    assert at_home.main.chat.isVisible()  # whoever looked at a source goes on reading the answer
    session.bin.put(Kind.DOCUMENT, document.id)
    open_.click()
    at_home.until(lambda: "That document is no longer there." in at_home.texts)
    at_home.press("Close")


def _why(at_home: Driver, answer: int) -> str:
    """What is said of how one of the answers came about."""
    buttons = [
        one
        for one in at_home.main.findChildren(QAbstractButton)
        if one.accessibleName().endswith(": why?")
    ]
    buttons[answer].click()
    at_home.until(lambda: "The model read, beside your words" in at_home.texts)
    said = at_home.texts
    at_home.press("Close")
    return said


def test_documents_are_read_without_ai(at_home: Driver, tmp_path: Path) -> None:
    document = kept(at_home, tmp_path, PAGES)
    at_home.main.go_to_level(Level.NO_AI)
    at_home.press("Documents")
    at_home.until(lambda: len(at_home.main.documents.list.lines) == 1)
    at_home.main.documents._mark(document.id)
    at_home.press("Read")
    assert PAGES[0] in sheet(at_home).text.toPlainText()


def test_places_are_counted_as_qt_does() -> None:
    assert _in_utf16("🪶a", 1) == 2
    assert _in_utf16("ab", 1) == 1
