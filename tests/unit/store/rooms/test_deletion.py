# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bin keeps for 30 days; what is erased is in no page, no log and no index any more."""

from datetime import timedelta

import pytest

from safespace.domain import Kind, Role
from safespace.errors import Usage
from safespace.store.connection import Database
from safespace.store.rooms import codec
from safespace.store.rooms.deletion import KEPT
from safespace.store.space import Space
from safespace.store.spaces import NewSpace
from tests.unit.store.pages import decrypted

SENTENCE = "Quokkas nibble jacarandas at zwielicht"
CHINESE = "紫色袋鼠喜欢蓝花楹"
TITLE = "Wombatgeheimnis"
DRAFT = "perhaps numbats too"


def planted() -> list[bytes]:
    """The sentence, and what the indexes make of it: words without their shared beginnings."""
    words = [word.casefold()[3:] for word in (*SENTENCE.split(), TITLE) if len(word) > 6]
    trigrams = [CHINESE[place : place + 3] for place in range(len(CHINESE) - 2)]
    return [text.encode() for text in (SENTENCE, CHINESE, TITLE, DRAFT, *words, *trigrams)]


def fill(space: Space) -> int:
    """A conversation with all that is planted, among others that stay."""
    other = space.new_conversation("Herons").id
    for number in range(40):
        space.add_message(other, None, Role.MEMBER, f"{number} herons nest in quiet reeds 青鹭")
    begun = space.new_conversation(TITLE).id
    question = space.add_message(begun, None, Role.MEMBER, SENTENCE)
    space.add_message(begun, question.id, Role.MODEL, CHINESE)
    space.save_draft(begun, DRAFT)
    for number in range(40):
        space.add_message(other, None, Role.MEMBER, f"{number} storks nest on chimneys 白鹳")
    return begun


def put_back_in_time(space: Space, conversation: int, by: timedelta) -> None:
    def write(database: Database) -> None:
        at = codec.moment_to_column(codec.now() - by)
        database.change("UPDATE conversation SET deleted = ? WHERE id = ?", at, conversation)

    space._owner.do(write)


def test_what_is_erased_is_in_no_page_and_no_frame(new: NewSpace, space: Space) -> None:
    begun = fill(space)
    space.update_message(space.branch(begun)[1].id, CHINESE, partial=False, mark=None)
    before = decrypted(new.info.folder, new.key)
    assert [needle for needle in planted() if needle not in before] == []

    space.delete_conversation(begun)
    space.bin.erase(Kind.CONVERSATION, begun)
    after = decrypted(new.info.folder, new.key)
    assert [needle for needle in planted() if needle in after] == []
    assert "herons nest in quiet reeds 青鹭".encode() in after
    assert space.search("zwielicht", 9) == space.search("袋鼠喜", 9) == []


def test_the_whole_bin_is_erased_alike(new: NewSpace, space: Space) -> None:
    space.delete_conversation(fill(space))
    assert SENTENCE.encode() in decrypted(new.info.folder, new.key)
    space.bin.empty()
    after = decrypted(new.info.folder, new.key)
    assert [needle for needle in planted() if needle in after] == []
    assert [found.title for found in space.conversations()] == ["Herons"]


def test_the_index_agrees_with_the_text_after_every_kind_of_change(space: Space) -> None:
    begun = fill(space)
    space.rename(begun, "改名 Renamed")
    for message in space.branch(begun):
        space.update_message(message.id, message.text[::-1], partial=False, mark=None)
    space.bin.erase(Kind.CONVERSATION, begun)

    def check(database: Database) -> None:
        for name in ("conversation", "message"):
            for index in (f"{name}_words", f"{name}_trigrams"):
                into = f"INSERT INTO {index} ({index}, rank)"
                database.change(f"{into} VALUES ('integrity-check', 1)")

    space._owner.do(check)


def test_a_deleted_conversation_waits_in_the_bin_and_comes_back_whole(space: Space) -> None:
    begun = fill(space)
    shown = space.branch(begun)
    space.delete_conversation(begun)
    assert [found.title for found in space.conversations()] == ["Herons"]
    (binned,) = space.bin.every()
    assert binned.title == TITLE
    assert binned.deleted is not None
    with pytest.raises(Usage):
        space.add_message(begun, None, Role.MEMBER, "to nobody")
    assert space.search("quokkas", 9) == space.search(TITLE, 9) == []
    exported = space.export()["conversations"]
    assert isinstance(exported, list)
    assert [one["title"] for one in exported if one["deleted"]] == [TITLE]

    space.bin.restore(Kind.CONVERSATION, begun)
    assert space.bin.every() == []
    assert space.branch(begun) == shown
    assert space.draft(begun) == DRAFT
    assert len(space.search("quokkas", 9)) == 1
    with pytest.raises(Usage):
        space.bin.restore(Kind.CONVERSATION, begun)


def test_deleting_again_does_not_begin_the_30_days_anew(space: Space) -> None:
    begun = space.new_conversation("a").id
    space.delete_conversation(begun)
    (before,) = space.bin.every()
    space.delete_conversation(begun)
    assert space.bin.every() == [before]


def test_what_lay_in_the_bin_for_30_days_is_erased_at_unlock(new: NewSpace, space: Space) -> None:
    old, young, kept = fill(space), space.new_conversation("Young").id, fill(space)
    for conversation in (old, young):
        space.delete_conversation(conversation)
    put_back_in_time(space, old, KEPT + timedelta(minutes=1))
    put_back_in_time(space, young, KEPT - timedelta(minutes=1))
    space.bin.erase(Kind.CONVERSATION, kept)
    assert SENTENCE.encode() in decrypted(new.info.folder, new.key)
    space.close()

    space = Space(new.info.folder, new.key)
    try:
        assert [found.title for found in space.bin.every()] == ["Young"]
        after = decrypted(new.info.folder, new.key)
        assert [needle for needle in planted() if needle in after] == []
    finally:
        space.close()
