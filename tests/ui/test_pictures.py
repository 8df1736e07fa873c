# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of a document beside its text, large on a press, and out of the space as a copy."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from safespace.domain import Document, Passage, Picture
from safespace.session.documents import named, stands_at
from safespace.ui.holdings.picture_strip import PictureSheet
from safespace.ui.holdings.reading_sheet import AT_ONCE, ReadingSheet
from tests import illustrated
from tests.illustrated import RED, SAYS, picture
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless
from tests.ui.test_reading import sheet

_DATA = Qt.ItemDataRole.UserRole
_NAME = Qt.ItemDataRole.AccessibleTextRole


def kept(ada: Driver, folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return ada.main._session.documents.add(folder / name).document


def opened(ada: Driver, document: Document, passage: int = 0) -> ReadingSheet:
    ada.main.documents.open_at(document.id, passage)
    found: list[ReadingSheet] = []

    def there() -> bool:
        found[:] = [
            one
            for one in ada.main.findChildren(ReadingSheet)
            if one.isVisible() and one._title.text()
        ]
        return bool(found)

    ada.until(there)
    return found[0]


def names(shown: ReadingSheet) -> list[str]:
    strip = shown.pictures
    return [strip.item(place).data(_NAME) for place in range(strip.count())]


def middle(shown: ReadingSheet) -> tuple[int, int, int]:
    icon = shown.pictures.item(0).icon().pixmap(shown.pictures.iconSize()).toImage()
    colour = icon.pixelColor(icon.width() // 2, icon.height() // 2)
    return colour.red(), colour.green(), colour.blue()


def test_a_picture_stands_below_the_text_and_opens(at_home: Driver, tmp_path: Path) -> None:
    document = kept(at_home, tmp_path, "birds.docx", illustrated.docx(picture()))
    shown = opened(at_home, document)
    assert shown.text.isVisible()
    assert shown.pictures.isVisible()
    assert names(shown) == [SAYS]
    at_home.until(lambda: middle(shown) == RED)
    assert nameless(shown) == []
    shown.pictures.itemActivated.emit(shown.pictures.item(0))
    shown.pictures.itemClicked.emit(shown.pictures.item(0))  # one press may say both
    (large,) = shown.findChildren(PictureSheet)
    at_home.until(lambda: not large._shown.pixmap().isNull())
    assert large._shown.pixmap().toImage().pixelColor(9, 9).red() == RED[0]
    assert nameless(large) == []
    large.take_out(tmp_path)
    at_home.until(lambda: "It is not encrypted." in large._said.text())
    (file,) = tmp_path.glob("picture-*.png")
    large.take_out(tmp_path)
    at_home.until(lambda: "is there already" in large._said.text())
    assert file.read_bytes().startswith(b"\x89PNG")
    large.accept()
    shown.accept()


def test_each_stretch_shows_its_own(at_home: Driver, tmp_path: Path) -> None:
    pages = AT_ONCE + 3
    document = kept(at_home, tmp_path, "b.pdf", illustrated.pdf(picture("JPEG"), pages=pages))
    shown = opened(at_home, document)
    assert not shown.pictures.isVisible()
    at_home.press("Later", shown)
    assert names(shown) == [f"{SAYS}, page {pages}"]
    assert shown.pictures.isVisible()
    shown.accept()


def test_a_file_that_is_a_picture_is_shown_without_text(at_home: Driver, tmp_path: Path) -> None:
    document = kept(at_home, tmp_path, "heron.png", picture())
    shown = opened(at_home, document)
    assert not shown.text.isVisible()
    assert names(shown) == ["Picture"]
    assert "It is a picture: only its name is searched." in at_home.texts
    shown.accept()


def test_a_document_without_pictures_has_no_row_of_them(at_home: Driver, tmp_path: Path) -> None:
    kept(at_home, tmp_path, "heron.txt", b"Herons.")
    at_home.press("Documents")
    at_home.until(lambda: len(at_home.main.documents.list.lines) == 1)
    at_home.main.documents._mark(at_home.main.documents.list.lines[0].id)
    at_home.press("Read")
    shown = sheet(at_home)
    assert not shown.pictures.isVisible()
    assert shown.text.isVisible()
    shown.accept()


def test_a_file_that_is_here_is_said_to_be(at_home: Driver, tmp_path: Path) -> None:
    at_home.press("Documents")
    for _time in range(2):
        (tmp_path / "heron.txt").write_bytes(b"Herons.")
        at_home.main.documents.add(tmp_path / "heron.txt")
        at_home.until(lambda: at_home.main.documents._adding == 0)
    at_home.until(
        lambda: "It is here already, as “heron.txt”: it was not taken in again." in at_home.texts
    )
    assert len(at_home.main.documents.list.lines) == 1


_PAGES = st.lists(st.integers(1, 5) | st.none(), max_size=9)


@given(pages=_PAGES, page=st.integers(1, 6) | st.none(), after=st.integers(-1, 9) | st.none())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_every_picture_stands_somewhere(
    pages: list[int | None], page: int | None, after: int | None
) -> None:
    passages = [Passage(n, 1, one, "x") for n, one in enumerate(pages)]
    one = Picture(1, 1, page, after, "", 9, 9)
    place = stands_at(one, passages)
    assert 0 <= place <= max(0, len(passages) - 1)
    if after is not None and 0 <= after < len(passages):
        assert place == after
    assert named(one)
