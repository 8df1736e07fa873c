# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents through the real walled child: their text comes out, nothing of them gets in."""

import io
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from safespace.domain import Reading
from safespace.local_ai.documents import kinds
from safespace.local_ai.documents.reading import Drawn, Place, Read, Reader
from safespace.store.rooms.kinds_of_file import type_of
from tests import papers

TEXT = "Herons sleep in trees.\nThe plän was made by Ada."
PAGES = ["On the first page are herons.", "On the second page are storks."]
Places = list[tuple[int | None, str]]


def read(
    data: bytes, type_: str | None = None, reader: Reader | None = None
) -> tuple[Places, Reading]:
    """What the child says of a file, which is known by its bytes."""
    found, read = parts(data, type_, reader)
    return [part for part in found if isinstance(part, tuple)], read.text


def parts(
    data: bytes, type_: str | None = None, reader: Reader | None = None
) -> tuple[list[Place | Drawn], Read]:
    """All that the child says of a file."""
    coming = (reader or Reader()).parts(type_ or type_of(data), [data])
    found: list[Place | Drawn] = []
    while True:
        try:
            found.append(next(coming))
        except StopIteration as end:
            return found, end.value


def program(source: str) -> Reader:
    """A reader whose child is a few lines of Python."""
    return Reader([sys.executable, "-I", "-c", source])


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (papers.docx([TEXT]), kinds.DOCX),
        (papers.odt([TEXT]), kinds.ODT),
        (papers.html(TEXT), kinds.HTML),
        (papers.epub([TEXT]), kinds.EPUB),
        (papers.mail(TEXT), kinds.MAIL),
    ],
    ids=["docx", "odt", "html", "epub", "mail"],
)
def test_the_text_comes_out_and_nothing_else(data: bytes, type_: str) -> None:
    assert type_of(data) == type_
    found, how = read(data)
    assert how is Reading.WHOLE
    said = "\n".join(text for _page, text in found).replace("\r", "")
    for line in TEXT.split("\n"):
        assert line in said.replace("\n", " ") or line in said
    assert "unseen" not in said
    assert "color" not in said


@pytest.mark.parametrize(
    "data",
    [papers.pdf(PAGES), papers.docx(PAGES), papers.odt(PAGES)],
    ids=["pdf", "docx", "odt"],
)
def test_pages_are_told_apart(data: bytes) -> None:
    found, how = read(data)
    assert how is Reading.WHOLE
    assert [page for page, _text in found] == [1, 2]
    assert all(page in text for page, (_n, text) in zip(PAGES, found, strict=True))


@pytest.mark.parametrize("make", [papers.docx, papers.odt])
def test_no_word_of_a_long_text_is_lost(make: Callable[[Sequence[str]], bytes]) -> None:
    """The parser reads in pieces: where one ends, what follows an element is not there yet."""
    lines = [f"line {number} of many" for number in range(20_000)]
    found, how = read(make(["\n".join(lines)]))
    assert how is Reading.WHOLE
    assert "".join(text for _page, text in found).split("\n")[:-1] == lines
    assert all(text.endswith((" ", "\n")) for _page, text in found)


def test_text_between_the_parts_of_a_paragraph_counts() -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    inside = "a<t:span>b</t:span>c<!-- no --><t:s/>d<t:note><t:p>e</t:p></t:note>f"
    body = "".join(f"<t:p>{inside}</t:p>" for _times in range(9_000))
    found, how = read(
        papers.packed({"content.xml": f'<o xmlns:t="{office}">{body}</o>'}), kinds.ODT
    )
    assert how is Reading.WHOLE
    assert "".join(text for _page, text in found) == "abc de\nf\n" * 9_000


def test_one_broken_page_does_not_take_the_others_along() -> None:
    whole = papers.pdf([*PAGES, "On the third page are cranes."])
    kids = whole[whole.index(b"/Kids [") : whole.index(b"] /Count")]
    second = kids.split()[4]
    found, how = read(whole.replace(b" %s 0 R" % second, b" 99 0 R", 1))
    assert [page for page, _text in found] == [1, 3]
    assert how is Reading.PARTLY


def test_a_book_is_read_in_its_order() -> None:
    found, _how = read(papers.epub(PAGES))
    assert [page for page, _text in found] == [None, None]
    assert all(page in text for page, (_n, text) in zip(PAGES, found, strict=True))


def test_a_letter_says_who_wrote_what_to_whom() -> None:
    ((_page, text),), _how = read(papers.mail(TEXT))
    for said in ("Ada <ada@example.org>", "Bo", "Subject: Pläne", "plan.c"):
        assert said in text


ENTITIES = """<!DOCTYPE w:document [{entities}]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:p><w:t>before &x; after</w:t></w:p></w:document>"""


def with_entities(entities: str) -> tuple[str, Reading]:
    found, how = read(papers.packed({"word/document.xml": ENTITIES.format(entities=entities)}))
    return "".join(text for _page, text in found), how


def test_no_entity_is_resolved(tmp_path: Path) -> None:
    assert with_entities('<!ENTITY y "planted">')[1] is Reading.DAMAGED  # &x; is not declared
    (tmp_path / "secret").write_text("planted")
    for entities in (
        '<!ENTITY x "planted">',
        f'<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:1/planted">',
    ):
        said, how = with_entities(entities)
        assert how is Reading.WHOLE
        assert "before" in said
        assert "planted" not in said


def test_entities_within_entities_come_to_nothing() -> None:
    levels = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 9))
    said, _how = with_entities(f'<!ENTITY b0 "planted">{levels}<!ENTITY x "&b8;">')
    assert "planted" not in said


def bomb(kind: str) -> bytes:
    flood = b"<p>" + b" " * (200 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if kind == "epub":
            whole = papers.epub(["x"] * 3)
            with zipfile.ZipFile(io.BytesIO(whole)) as book:
                for name in book.namelist():
                    archive.writestr(
                        name,
                        flood[: 60 << 20] if name.endswith("xhtml") else book.read(name),
                        zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED,
                    )
        else:
            archive.writestr("word/document.xml", flood)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["docx", "epub"])
def test_a_zip_bomb_ends_as_too_much(kind: str) -> None:
    data = bomb(kind)
    assert len(data) < 2 << 20
    _found, how = read(data)
    assert how in (Reading.TOO_MUCH, Reading.PARTLY)


def test_a_pdf_whose_stream_is_a_bomb_ends() -> None:
    import zlib

    page = papers.pdf(["herons"])
    stream = zlib.compress(zlib.compress(b"(x) Tj " * (8 << 20), 1), 1)
    start = page.index(b"<< /Length")
    end = page.index(b"endstream") + len(b"endstream")
    packed = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
    data = page[:start] + packed % (len(stream), stream) + page[end:]
    assert len(data) < 1 << 20
    _found, how = read(data)
    assert how is not Reading.UNREAD


@pytest.mark.parametrize("type_", sorted(kinds.READ))
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7\n" + b"\xff" * 99, b"\0" * 9])
def test_nonsense_is_damaged_or_wordless(type_: str, data: bytes) -> None:
    found, how = read(data, type_)
    assert how in (Reading.DAMAGED, Reading.WORDLESS, Reading.WHOLE)
    assert how is Reading.WHOLE or not found


CUT = {
    "pdf": papers.pdf(PAGES),
    "docx": papers.docx(PAGES),
    "epub": papers.epub(PAGES),
}


@pytest.mark.parametrize("kind", CUT)
def test_half_a_file_ends_in_some_way(kind: str) -> None:
    whole = CUT[kind]
    _found, how = read(whole[: len(whole) // 2], type_of(whole))
    assert how in (Reading.DAMAGED, Reading.PARTLY, Reading.WHOLE, Reading.WORDLESS)


ATTEMPTS = """
import os, socket, sys
from safespace.local_ai.documents import formats, reader
from pathlib import Path

def tries(untrusted):
    def connect():
        socket.create_connection(("127.0.0.1", 1))
    for name, attempt in {
        "socket": connect,
        "fork": os.fork,
        "read": lambda: Path("/etc/passwd").read_text(),
        "write": lambda: Path("/tmp/made-by-the-child").write_text("x"),
        "memory": lambda: bytearray(3 << 30),
    }.items():
        try:
            attempt()
            yield None, name + " done"
        except (PermissionError, MemoryError):
            yield None, name + " refused"

formats.READERS["text/html"] = tries
sys.argv = ["reader", "text/html"]
reader.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")
def test_the_child_has_walls_and_bounds() -> None:
    found, how = read(b"<p>", kinds.HTML, program(ATTEMPTS))
    assert how is Reading.WHOLE
    said = [text for _page, text in found]
    assert said == [f"{name} refused" for name in ("socket", "fork", "read", "write", "memory")]


CHILDREN: Sequence[tuple[str, Reading]] = [
    ("print('{')", Reading.DAMAGED),
    ('print(\'{"page": "1", "text": 2}\')', Reading.DAMAGED),
    ('print(\'{"end": "fine"}\')', Reading.DAMAGED),
    ("print('x' * (3 << 20))", Reading.DAMAGED),
    ("print('[' * 100000)", Reading.DAMAGED),
    ("import os; os.abort()", Reading.DAMAGED),
    ("import os; os.kill(os.getpid(), 9)", Reading.TOO_MUCH),
    ('print(\'{"page": 1, "text": "x"}\')', Reading.PARTLY),
    ('print(\'{"page": 1, "text": "x"}\\n{"end": "too_much", "pictures": 0}\')', Reading.PARTLY),
]


@pytest.mark.parametrize(("source", "how"), CHILDREN)
def test_a_child_that_goes_wrong_is_no_error(source: str, how: Reading) -> None:
    assert read(b"x", kinds.HTML, program(source))[1] is how


def test_one_that_never_ends_is_ended() -> None:
    reader = Reader([sys.executable, "-I", "-c", "while True: pass"], 0.1)
    assert read(b"x" * 300_000, kinds.HTML, reader) == ([], Reading.TOO_MUCH)


def test_what_is_stopped_is_still_unread() -> None:
    reader = program('import sys; print(\'{"page": 1, "text": "x"}\', flush=True)\nwhile 1: pass')
    texts = reader.parts(kinds.HTML, [b"x"])
    assert next(texts) == (1, "x")
    reader.stop()
    with pytest.raises(StopIteration) as end:
        next(texts)
    assert end.value.value == Read(Reading.UNREAD)
    assert read(b"<p>x", kinds.HTML, reader) == ([], Reading.UNREAD)
