# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bookmarks serve one model alone, stay in their room, and go for good with their conversation."""

from pathlib import Path

import pytest

from safespace.domain import Kind, Role
from safespace.store.backups.backups import make
from safespace.store.rooms.bookmarks import Bookmark, forget_files
from safespace.store.space import Space
from safespace.store.spaces import NewSpace

ROOM = 1 << 20
FOXES = Bookmark(700, b"what was made of foxes " * 40)
SHIPS = Bookmark(900, b"what was made of ships " * 40)


@pytest.fixture
def begun(space: Space) -> tuple[int, int]:
    """Two conversations with a bookmark each."""
    foxes, ships = (space.new_conversation(title).id for title in ("Foxes", "Ships"))
    space.add_message(foxes, None, Role.MEMBER, "Where do foxes live?")
    space.bookmarks.keep(foxes, "a model", FOXES, ROOM)
    space.bookmarks.keep(ships, "a model", SHIPS, ROOM)
    return foxes, ships


def files(new: NewSpace) -> list[Path]:
    return sorted(new.info.folder.glob("*.bookmark"))


def test_it_opens_after_a_restart_for_the_same_model_alone(
    space: Space, new: NewSpace, begun: tuple[int, int]
) -> None:
    space.close()
    again = Space(new.info.folder, new.key)
    try:
        assert again.bookmarks.open(begun[0], "a model") == FOXES
        assert again.bookmarks.tokens(begun[0], "a model") == 700
        assert again.bookmarks.open(begun[0], "another") is None
        assert again.bookmarks.tokens(begun[0], "another") == 0
        assert again.bookmarks.open(99, "a model") is None
    finally:
        again.close()


def test_a_later_one_takes_the_place_of_the_earlier(
    space: Space, new: NewSpace, begun: tuple[int, int]
) -> None:
    space.bookmarks.keep(begun[0], "a model", SHIPS, ROOM)
    assert space.bookmarks.open(begun[0], "a model") == SHIPS
    assert len(files(new)) == 2


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "exchanged"])
def test_a_file_that_is_not_as_it_was_serves_nobody(
    space: Space, new: NewSpace, begun: tuple[int, int], damage: str
) -> None:
    first, second = files(new)
    for file in (first, second) if damage != "exchanged" else ():
        whole = file.read_bytes()
        if damage == "gone":
            file.unlink()
        else:
            file.write_bytes(whole[:-1] if damage == "cut" else b"x" + whole[1:])
    if damage == "exchanged":
        one, other = first.read_bytes(), second.read_bytes()
        first.write_bytes(other)
        second.write_bytes(one)
    assert [space.bookmarks.open(each, "a model") for each in begun] == [None, None]


def test_nothing_of_it_can_be_read_from_its_file(new: NewSpace, begun: tuple[int, int]) -> None:
    assert begun
    planted = new.info.folder / "planted.bookmark"
    planted.write_bytes(FOXES.state)
    seen = [b"made of" in file.read_bytes() for file in (planted, *files(new))]
    assert seen[0]  # the look finds what is there
    planted.unlink()
    assert not any(b"made of" in file.read_bytes() for file in files(new))


def test_erasing_a_conversation_erases_its_bookmark_and_key(
    space: Space, new: NewSpace, begun: tuple[int, int]
) -> None:
    space.delete_conversation(begun[0])
    assert len(files(new)) == 2  # it may come back
    space.bin.erase(Kind.CONVERSATION, begun[0])
    assert len(files(new)) == 1
    kept = space._owner.do(lambda database: database.rows("SELECT conversation FROM bookmark"))
    assert kept == [(begun[1],)]
    space.bookmarks.keep(begun[0], "a model", FOXES, ROOM)  # an answer that ended too late
    assert len(files(new)) == 1


@pytest.mark.parametrize("what", ["document", "memory", "changed memory", "instructions"])
def test_what_a_model_read_beside_a_conversation_goes_from_its_bookmark(
    space: Space, new: NewSpace, begun: tuple[int, int], what: str, tmp_path: Path
) -> None:
    (tmp_path / "lease.txt").write_text("The deposit is 900 euro.")
    document = space.documents.add(tmp_path / "lease.txt").id
    line = space.memory.keep(None, "Ada likes plums.")
    assert len(files(new)) == 2
    if what == "document":
        space.bin.erase(Kind.DOCUMENT, document)
    elif what == "memory":
        space.bin.erase(Kind.MEMORY, line)
    elif what == "changed memory":
        space.memory.keep(line, "Ada likes pears.")
    else:
        space.words.instruct(None, "Answer in rhymes.")
    assert [space.bookmarks.open(each, "a model") for each in begun] == [None, None]
    space.bookmarks.sweep()
    assert files(new) == []


def test_what_was_erased_while_a_model_answered_is_in_no_bookmark(
    space: Space, new: NewSpace, begun: tuple[int, int]
) -> None:
    line = space.memory.keep(None, "Ada likes plums.")
    before = space.bookmarks.forgotten()
    space.bookmarks.keep(begun[0], "a model", SHIPS, ROOM, before)
    assert space.bookmarks.open(begun[0], "a model") == SHIPS
    space.bin.erase(Kind.MEMORY, line)
    space.bookmarks.keep(begun[0], "a model", FOXES, ROOM, before)
    assert space.bookmarks.open(begun[0], "a model") is None
    assert files(new) == []
    space.bookmarks.keep(begun[0], "a model", FOXES, ROOM, space.bookmarks.forgotten())
    assert space.bookmarks.open(begun[0], "a model") == FOXES


def test_those_used_longest_ago_make_way(space: Space, new: NewSpace) -> None:
    conversations = [space.new_conversation(str(number)).id for number in range(4)]
    size = len(FOXES.state) + 16
    for conversation in conversations[:3]:
        space.bookmarks.keep(conversation, "a model", FOXES, 3 * size)
    assert space.bookmarks.open(conversations[0], "a model")
    space.bookmarks.keep(conversations[3], "a model", FOXES, 3 * size)
    kept = [bool(space.bookmarks.open(each, "a model")) for each in conversations]
    assert kept == [True, False, True, True]
    space.bookmarks.keep(conversations[0], "a model", Bookmark(1, bytes(4 * size)), 3 * size)
    assert space.bookmarks.tokens(conversations[0], "a model") == 700  # too large: the old one
    space.bookmarks.shrink(0)
    assert files(new) == []


def test_a_file_whose_key_is_gone_goes_at_the_next_opening(
    space: Space, new: NewSpace, begun: tuple[int, int]
) -> None:
    assert begun
    space.close()
    (new.info.folder / "0123456789abcdef.bookmark").write_bytes(b"left by a kill")
    Space(new.info.folder, new.key).close()
    assert len(files(new)) == 2
    forget_files(new.info.folder)
    assert files(new) == []


def test_a_backup_holds_none(
    space: Space, new: NewSpace, begun: tuple[int, int], tmp_path: Path
) -> None:
    assert begun
    (tmp_path / "backups").mkdir()
    made = make(space, new.key, new.info, tmp_path / "backups", keep=1)
    assert made.file.stat().st_size > 0
    space.bookmarks.keep(begun[0], "a model", Bookmark(700, bytes(1 << 19)), ROOM)
    again = make(space, new.key, new.info, tmp_path / "backups", keep=1)
    assert again.file.stat().st_size < 1 << 19
