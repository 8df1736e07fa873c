# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents come out as they went in, are known by what is in them, and leave nothing half done."""

import hashlib
import io
import re
import stat
import threading
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.domain import Kind
from safespace.errors import StorageError, Usage
from safespace.store.connection import Database
from safespace.store.rooms import documents, going, kinds_of_file, plain_text
from safespace.store.rooms.documents import LARGEST
from safespace.store.space import Space
from safespace.store.spaces import NewSpace

PIECE = documents._PIECE


def count(space: Space, table: str) -> int:
    def counted(database: Database) -> int:
        row = database.row(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert row
        return int(row[0])

    return space._owner.do(counted)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_bytes_come_out_as_they_went_in(space: Space, tmp_path: Path, size: int) -> None:
    data = bytes(number * 7 % 251 for number in range(size))
    file = tmp_path / "picture of ä.bin"
    file.write_bytes(data)
    added = space.documents.add(file)
    assert (added.title, added.size) == (file.name, size)
    assert added.sha256 == hashlib.sha256(data).hexdigest()
    assert space.documents.every() == [added]
    out = tmp_path / "out.bin"
    space.documents.take_out(added.id, out)
    assert out.read_bytes() == data
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(Usage):
        space.documents.take_out(added.id, out)
    assert out.read_bytes() == data
    assert not list(out.parent.glob(".*"))


@given(text=st.text("abc äöü\n學校ก", max_size=200), times=st.integers(1, 900))
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_passages_are_the_text_in_pieces(text: str, times: int) -> None:
    data = (text * times).encode()
    start = data[:PIECE]
    reader = plain_text.PlainText(start)
    pieces = [data[place : place + 1000] for place in range(0, len(data), 1000)] or [b""]
    found = [
        passage
        for number, piece in enumerate(pieces)
        for passage in reader.passages(piece, last=number == len(pieces) - 1)
    ]
    assert "".join(found) == text * times
    assert all(0 < len(passage) <= plain_text.LONGEST for passage in found)


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("start", "type_"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (zipped("word/document.xml"), kinds_of_file._IN_ZIP[0][1]),
        (zipped("a.txt"), "application/zip"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b"name,age\nAda,36\n", "text/plain"),
        ("Grüße".encode(), "text/plain"),
        ("Grüße".encode("cp1252"), "text/plain"),
        ("Grüße".encode("utf-16"), "text/plain"),
        (b"", "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
        (b"\xff\xfe\x00\x01", "text/plain"),
        ("é".encode() * 5000, "text/plain"),
    ],
)
def test_the_content_says_what_it_is(start: bytes, type_: str) -> None:
    assert kinds_of_file.type_of(start) == type_


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_plain_text_is_found_wherever_in_it_it_stands(
    space: Space, tmp_path: Path, encoding: str
) -> None:
    lines = [f"line {number} über nothing much" for number in range(60_000)]
    lines[40_000] += " with a quokka"
    file = tmp_path / "misleading.png"
    file.write_text("\n".join(lines), encoding)
    added = space.documents.add(file)
    assert (added.type, added.searchable) == ("text/plain", True)
    assert len(space.search("quokka über", 9)) == 1
    (hit,) = space.search("quokka", 9)
    assert (hit.kind, hit.id, hit.title) == (Kind.DOCUMENT, added.id, file.name)
    assert "line 40000 über nothing much with a quokka" in hit.excerpt
    assert len(space.search("über", 9)) == 1  # once, however often it is in it
    (named,) = space.search("misleading", 9)
    assert named.in_title


def test_what_is_no_plain_text_is_kept_and_found_by_its_name(space: Space, tmp_path: Path) -> None:
    (tmp_path / "heron.txt").write_bytes(b"%PDF-1.7 quokka")
    added = space.documents.add(tmp_path / "heron.txt")
    assert (added.type, added.searchable) == ("application/pdf", False)
    assert space.search("quokka", 9) == []
    assert [hit.id for hit in space.search("heron", 9)] == [added.id]


def test_an_attachment_goes_where_its_conversation_goes(space: Space, tmp_path: Path) -> None:
    begun = space.new_conversation("Herons").id
    (tmp_path / "a.txt").write_text("quokka")
    attached = space.documents.add(tmp_path / "a.txt", begun)
    assert space.documents.every(begun) == [attached]
    space.delete_conversation(begun)
    assert space.documents.every() == []
    assert space.search("quokka", 9) == []
    assert [heading.kind for heading in space.bin.every()] == [Kind.CONVERSATION]
    with pytest.raises(Usage):
        space.documents.add(tmp_path / "a.txt", begun)
    space.bin.restore(Kind.CONVERSATION, begun)
    assert space.documents.every() == [attached]
    assert len(space.search("quokka", 9)) == 1
    space.bin.erase(Kind.CONVERSATION, begun)
    assert [count(space, table) for table in ("document", "piece", "passage")] == [0, 0, 0]


def test_what_cannot_be_taken_in_leaves_nothing(
    space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    for no_file in (large, tmp_path, tmp_path / "nowhere"):
        with pytest.raises((Usage, StorageError)):
            space.documents.add(no_file)
    grows = tmp_path / "grows"
    grows.write_text("word " * PIECE)
    monkeypatch.setattr(documents, "_read", broken_after(documents._read, 3))
    with pytest.raises(StorageError):
        space.documents.add(grows)
    assert [count(space, table) for table in ("document", "piece", "passage")] == [0, 0, 0]


def broken_after(read: object, times: int) -> object:
    done = []

    def reading(source: object, name: str) -> bytes:
        done.append(name)
        if len(done) > times:
            raise documents._unreadable(name)
        data = read(source, name)  # type: ignore[operator]
        assert isinstance(data, bytes)
        return data

    return reading


def test_what_a_kill_left_half_done_is_cleared_at_the_next_unlock(
    new: NewSpace, space: Space, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("quokka " * PIECE)
    whole = space.documents.add(tmp_path / "a.txt")
    half = space._owner.do(documents.begin, "b", "text/plain", None)
    space._owner.do(documents.append, half, b"wombat", ["wombat"])
    assert space.documents.every() == [whole]
    assert space.search("wombat", 9) == []
    space._owner.do(going.let_go, "id = ?", whole.id)
    space._owner.do(going.sweep)
    assert space.documents.every() == []
    space.close()
    space = Space(new.info.folder, new.key)
    try:
        space.documents.sweep()
        assert [count(space, table) for table in ("document", "piece", "passage")] == [0, 0, 0]
    finally:
        space.close()


def test_a_document_erased_while_it_comes_in_does_not_come_back(
    space: Space, tmp_path: Path
) -> None:
    begun = space.new_conversation("a").id
    half = space._owner.do(documents.begin, "b", "text/plain", begun)
    space.bin.erase(Kind.CONVERSATION, begun)
    with pytest.raises(Usage):
        space._owner.do(documents.append, half, b"wombat", [])
    with pytest.raises(Usage):
        space._owner.do(documents.complete, half, 6, "")


def memory_kib() -> int:
    """What this process has for itself; mapped files are not."""
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"RssAnon:\s*(\d+) kB", status)
    if not found:
        pytest.skip("this system does not tell")
    return int(found[1])


def test_a_hundred_megabytes_neither_keep_anyone_waiting_nor_fill_the_memory(
    space: Space, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    block = bytes(range(256)) * 4096
    with large.open("wb") as file:
        for _ in range(LARGEST // len(block)):
            file.write(block)
    before = memory_kib()
    adding = threading.Thread(target=space.documents.add, args=(large,))
    adding.start()
    kept, most = 0, before
    while adding.is_alive():
        space.notes.keep(None, "", "written meanwhile")
        kept += 1
        most = max(most, memory_kib())
    adding.join()
    (added,) = space.documents.every()
    assert added.size == LARGEST
    assert kept > LARGEST // PIECE // 4  # served in between, not after
    digest = hashlib.sha256()
    for piece in space.documents.read(added.id):
        digest.update(piece)
    assert digest.hexdigest() == added.sha256
    space.bin.erase(Kind.DOCUMENT, added.id)
    assert most - before < (64 << 10) + (30 << 10)  # the page cache, and some pieces
