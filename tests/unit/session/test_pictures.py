# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures stay with their document, page and passage; a file that is here comes in only once."""

import stat
from pathlib import Path

import pytest

from safespace.domain import Kind, Reading
from safespace.errors import Usage
from safespace.local_ai.documents import pixels
from safespace.session.documents import here_already, said_of
from safespace.session.session import Session
from safespace.session.turn import asking
from safespace.store.connection import Database
from safespace.store.space import Space
from tests import illustrated, papers
from tests.illustrated import SAYS, picture
from tests.unit.session.test_documents import added
from tests.unit.session.turn.test_sources import go_along


def count(session: Session, table: str) -> int:
    def counted(database: Database) -> int:
        row = database.row(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert row
        return int(row[0])

    return session._space._owner.do(counted)


def test_a_picture_stays_with_its_page(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "birds.pdf", illustrated.pdf(picture("JPEG"), pages=3))
    (one,) = session.documents.pictures(document.id)
    assert (one.page, one.says, one.width, one.height) == (3, SAYS, 120, 80)
    assert one.after == session.documents.text(document.id)[2].id
    assert pixels.read(session.documents.picture(one.id))
    assert said_of(document) == ""


def test_a_picture_stays_behind_its_passage(session: Session, tmp_path: Path) -> None:
    black = picture(colour=(0, 0, 0))
    document = added(session, tmp_path, "birds.docx", illustrated.docx(picture(), black))
    text = {one.id: one.text for one in session.documents.text(document.id)}
    shown = session.documents.pictures(document.id)
    assert [(text[one.after or 0], one.says) for one in shown] == [
        ("Before.", SAYS),
        ("After 0.", ""),
    ]


def test_a_file_that_is_a_picture(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "heron.webp", picture("WEBP"))
    assert document.reading is Reading.WORDLESS
    assert said_of(document) == "It is a picture: only its name is searched."
    assert len(session.documents.pictures(document.id)) == 1
    half = added(session, tmp_path, "half.png", picture()[:90])
    assert session.documents.pictures(half.id) == []
    assert said_of(half).startswith("1 picture in it cannot be shown")


def test_what_cannot_be_shown_is_said(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "b.docx", illustrated.docx(b"x", picture(), b"y"))
    assert document.left_out == 2
    assert said_of(document).startswith("2 pictures in it cannot be shown")
    assert said_of(document).endswith(".")


def test_pictures_go_with_their_document(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "birds.docx", illustrated.docx(picture()))
    (one,) = session.documents.pictures(document.id)
    session.bin.put(Kind.DOCUMENT, document.id)
    with pytest.raises(Usage):
        session.documents.pictures(document.id)
    assert count(session, "picture") == 1
    session.bin.erase(Kind.DOCUMENT, document.id)
    assert count(session, "picture") == 0
    with pytest.raises(Usage):
        session.documents.picture(one.id)
    drawn = (1, None, "", 1, 1, b"")
    assert not session._space.pictures.write(document.id, drawn)


def test_one_is_taken_out_as_a_file(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "birds.docx", illustrated.docx(picture()))
    (one,) = session.documents.pictures(document.id)
    out = tmp_path / "out.png"
    session.documents.take_out_picture(one.id, out)
    assert out.read_bytes() == session.documents.picture(one.id)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(Usage):
        session.documents.take_out_picture(one.id, out)


def test_they_go_along_in_an_export(session: Session, tmp_path: Path) -> None:
    document = added(session, tmp_path, "birds.docx", illustrated.docx(picture()))
    (one,) = session.documents.pictures(document.id)
    folder = session.leaving.export(tmp_path / "out")
    file = folder / f"document-{document.id}-picture-{one.id}.png"
    assert file.read_bytes() == session.documents.picture(one.id)


def test_a_look_that_broke_off_begins_anew(session: Session, tmp_path: Path) -> None:
    space: Space = session._space
    file = tmp_path / "birds.docx"
    file.write_bytes(illustrated.docx(picture()))
    document = space.documents.add(file)
    assert space.pictures.write(document.id, (None, None, "half", 1, 1, b"half"))
    session.documents.tend(lambda: False)
    assert [one.says for one in session.documents.pictures(document.id)] == [SAYS]
    assert space.pictures.unseen() == []


def test_documents_of_before_are_looked_at_and_their_text_stays(
    session: Session, tmp_path: Path
) -> None:
    document = added(session, tmp_path, "birds.docx", illustrated.docx(picture()))
    before = session.documents.text(document.id)
    space: Space = session._space
    space._owner.do(lambda base: base.change("UPDATE document SET left_out = NULL"))
    assert space.pictures.unseen() == [(document.id, document.type)]
    session.documents.tend(lambda: False)
    assert session.documents.text(document.id) == before
    assert len(session.documents.pictures(document.id)) == 1
    assert space.pictures.unseen() == []


def test_a_file_is_taken_in_once(session: Session, tmp_path: Path) -> None:
    first, copy, other = (tmp_path / name for name in ("a.pdf", "copy of a.pdf", "b.pdf"))
    for file in (first, copy):
        file.write_bytes(papers.pdf(["Herons."]))
    other.write_bytes(papers.pdf(["Herans."]))  # as long, another
    kept = session.documents.add(first)
    again = session.documents.add(copy)
    assert (kept.already, again.already) == (False, True)
    assert again.document == kept.document
    assert "“a.pdf”" in here_already(again)
    assert not session.documents.add(other).already
    assert (count(session, "document"), len(session.documents.every())) == (2, 2)
    session.bin.put(Kind.DOCUMENT, kept.document.id)
    assert not session.documents.add(first).already  # what is in the bin is not here


def test_one_that_is_here_unread_is_read_when_it_comes_again(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(papers.pdf(["Herons."]))
    assert session._space.documents.add(file).reading is Reading.UNREAD
    again = session.documents.add(file)
    assert again.already
    assert again.document.reading is Reading.WHOLE


def test_asking_about_a_file_twice_takes_it_in_once(session: Session, tmp_path: Path) -> None:
    go_along(session)
    file = tmp_path / "lease.pdf"
    file.write_bytes(papers.pdf(["The deposit for the flat is 900 euro."]))
    said = [list(asking.ask(session, "How much is the deposit?", document=file)) for _n in range(2)]
    assert [[part["noted"] for part in parts if "noted" in part] for parts in said] == [
        [],
        ["It is here already, as “lease.pdf”: it was not taken in again."],
    ]
    assert count(session, "document") == 1
    (document,) = session.documents.every()
    talks = session.conversations()
    assert len(talks) == 2
    for talk in talks:
        assert session.documents.every(talk.id) == [document]


def test_what_two_conversations_hold_goes_with_the_last(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(papers.pdf(["Herons."]))
    first, second = (session._space.new_conversation(name).id for name in "ab")
    document = session.documents.add(file, first).document
    assert session.documents.add(file, second).already
    assert session.documents.add(file, second).document.id == document.id
    session.bin.put(Kind.CONVERSATION, first)
    assert [one.id for one in session.documents.every()] == [document.id]
    assert [one.id for one in session.documents.every(second)] == [document.id]
    session.bin.erase(Kind.CONVERSATION, first)
    assert [one.id for one in session.documents.every(second)] == [document.id]
    session.bin.put(Kind.CONVERSATION, second)
    assert session.documents.every() == []
    session.bin.erase(Kind.CONVERSATION, second)
    assert (count(session, "document"), count(session, "piece")) == (0, 0)


def test_what_is_added_by_itself_stays_without_its_conversation(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(papers.pdf(["Herons."]))
    talk = session._space.new_conversation("a").id
    document = session.documents.add(file, talk).document
    assert session.documents.add(file).already
    assert [one.id for one in session.documents.every(talk)] == [document.id]
    session.bin.erase(Kind.CONVERSATION, talk)
    assert [one.id for one in session.documents.every()] == [document.id]


def test_asking_about_a_file_that_cannot_be_read_says_so_first(
    session: Session, tmp_path: Path
) -> None:
    go_along(session)
    for name, data, said in (
        ("scan.pdf", papers.pdf([""]), "There is no text in it"),
        ("empty.pdf", b"", "It is empty"),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        parts = list(asking.ask(session, "What does it say?", document=file))
        assert said in parts[0]["noted"]
        assert "outcome" in parts[-1]
