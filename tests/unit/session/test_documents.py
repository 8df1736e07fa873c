# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents are read once they are in, found by page, and read anew where that broke off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safespace.domain import Document, Kind, Reading
from safespace.session import documents
from safespace.session.documents import said_of
from safespace.session.session import Session
from safespace.store.space import Space
from tests import papers

PAGES = ["Herons sleep in trees.", "Storks clatter on roofs.", "Herons eat fish."]


def added(session: Session, folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return session.documents.add(folder / name).document


def test_a_pdf_is_found_by_page(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "birds.pdf", papers.pdf(PAGES))
    assert (document.reading, document.searchable, said_of(document)) == (Reading.WHOLE, True, "")
    assert [(one.page, one.text) for one in session.documents.text(document.id)] == [
        (1, PAGES[0]), (2, PAGES[1]), (3, PAGES[2]),
    ]  # fmt: skip
    (hit,) = session.search("storks")
    assert (hit.kind, hit.id, hit.page, hit.message) == (Kind.DOCUMENT, document.id, 2, None)
    assert hit.passage == session.documents.text(document.id)[1].id
    (by_name,) = session.search("birds")
    assert (by_name.passage, by_name.page) == (None, None)


def test_plain_text_is_found_without_pages(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "birds.txt", b"Storks clatter.")
    assert document.reading is Reading.WHOLE
    (hit,) = session.search("storks")
    assert hit.passage
    assert hit.page is None


@pytest.mark.parametrize(
    ("name", "data", "how"),
    [
        ("scan.pdf", papers.pdf([""]), Reading.WORDLESS),
        ("half.pdf", b"%PDF-1.4\n\xff\xfe", Reading.DAMAGED),
        ("half.docx", papers.docx(PAGES)[:60] + b"word/", Reading.DAMAGED),
        ("picture.png", b"\x89PNG\r\n\x1a\n", Reading.WORDLESS),
        ("nothing", b"", Reading.OTHER),
    ],
)
def test_what_cannot_be_read_is_kept_and_said(
    session: Session, tmp_path: Path, name: str, data: bytes, how: Reading
) -> None:
    document = added(session, tmp_path, name, data)
    assert document.reading is how
    assert not document.searchable
    assert said_of(document)
    assert session.documents.every() == [document]
    assert [hit.id for hit in session.search(name.partition(".")[0])] == [document.id]


def test_every_reading_but_a_whole_one_has_its_sentence() -> None:
    assert set(documents._SAID) == set(Reading) - {Reading.WHOLE}


def test_a_reading_that_broke_off_begins_anew(session: Session, tmp_path: Path) -> None:
    space: Space = session._space
    file = tmp_path / "birds.pdf"
    file.write_bytes(papers.pdf(PAGES))
    document = space.documents.add(file)
    assert space.passages.unread() == [(document.id, document.type)]
    assert space.passages.begin(document.id)
    assert space.passages.write(document.id, [(1, "half of a herring")])
    session.documents.tend(lambda: False)
    assert space.passages.unread() == []
    assert [one.text for one in session.documents.text(document.id)] == PAGES
    assert session.search("herring") == []
    assert len(session.search("storks")) == 1
    assert not space.passages.begin(document.id)
    session.documents._read(document.id, document.type)  # as another thread may, at once
    assert [one.text for one in session.documents.text(document.id)] == PAGES


def test_one_that_is_erased_while_it_is_read_keeps_no_other_from_being_read(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space: Space = session._space
    numbers = []
    for name in ("gone.pdf", "birds.pdf"):
        (tmp_path / name).write_bytes(papers.pdf(PAGES))
        numbers.append(space.documents.add(tmp_path / name).id)
    read = space.documents.read

    def erased_first(document: int) -> Iterator[bytes]:
        if document == numbers[0]:
            session.bin.erase(Kind.DOCUMENT, document)
        return read(document)

    monkeypatch.setattr(space.documents, "read", erased_first)
    session.documents.tend(lambda: False)
    assert [one.text for one in session.documents.text(numbers[1])] == PAGES


def test_a_closed_session_leaves_it_unread(session: Session, tmp_path: Path) -> None:
    session.documents.close()
    document = added(session, tmp_path, "birds.pdf", papers.pdf(PAGES))
    assert document.reading is Reading.UNREAD
    assert said_of(document)


def test_what_was_erased_meanwhile_stays_away(session: Session, tmp_path: Path) -> None:
    space: Space = session._space
    file = tmp_path / "birds.pdf"
    file.write_bytes(papers.pdf(PAGES))
    document = space.documents.add(file)
    space.bin.put(Kind.DOCUMENT, document.id)
    session.documents.tend(lambda: False)  # in the bin it may come back, so it is read
    assert session.search("storks") == []
    space.bin.restore(Kind.DOCUMENT, document.id)
    assert len(session.search("storks")) == 1
    space.bin.put(Kind.DOCUMENT, document.id)
    space.bin.erase(Kind.DOCUMENT, document.id)
    assert not space.passages.write(document.id, [(1, "planted")])
    assert session.search("planted") == []
