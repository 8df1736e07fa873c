# SPDX-License-Identifier: AGPL-3.0-or-later
"""A damaged space keeps what can still be read, and says how much is lost."""

import random
from pathlib import Path

import pytest

from safespace.domain import Role
from safespace.errors import Damaged
from safespace.store.connection import DATABASE
from safespace.store.proofs.repair import repair
from safespace.store.space import Space
from safespace.store.spaces import NewSpace
from safespace.store.truth.head import PAGE_BYTES
from safespace.store.truth.witness import Wrong
from tests.unit.store.conftest import Share

MESSAGES = 400


@pytest.fixture
def file(new: NewSpace) -> Path:
    """The database of a space with many messages, one conversation and a draft."""
    space = Space(new.info.folder, new.key)
    begun = space.new_conversation("herons").id
    for number in range(MESSAGES):
        space.add_message(begun, None, Role.MEMBER, f"number{number} " + "word " * 100)
    space.save_draft(begun, "a draft")
    space.close()
    return new.info.folder / DATABASE


def messages(space: Space) -> list[str]:
    found = []
    for conversation in space.conversations():
        branch = space.branch(conversation.id)
        ids = branch[0].siblings if branch else ()
        found += [space.message(id_).text.split()[0] for id_ in ids]
    return found


@pytest.mark.torture("space.repairs")
def test_what_can_be_read_is_kept_and_the_rest_is_counted(
    new: NewSpace, file: Path, share: Share
) -> None:
    folder = new.info.folder
    pristine = {path.name: path.read_bytes() for path in folder.iterdir()}
    pages = len(pristine[DATABASE]) // PAGE_BYTES
    for seed in range(share(100)):
        chance = random.Random(seed)  # noqa: S311 - a repeatable place
        for path in folder.iterdir():
            path.unlink()
        for name, data in pristine.items():
            (folder / name).write_bytes(data)
        damaged = bytearray(pristine[DATABASE])
        for page in chance.sample(range(1, pages), chance.choice((1, 2, 5))):
            damaged[page * PAGE_BYTES + chance.randrange(PAGE_BYTES)] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        with pytest.raises(Damaged):
            Space(folder, new.key)
        try:
            done = repair(folder, new.key, None)
        except Damaged:  # a page of the tables' list
            assert file.read_bytes() == damaged
            continue
        assert done.aside.read_bytes() == damaged
        space = Space(folder, new.key)
        found = messages(space)
        kept = set(found)
        assert len(kept) == len(found) == done.kept["message"]
        if done.lost is not None:
            assert done.lost.get("message", 0) == MESSAGES - len(kept)
        for word in list(kept)[:3]:
            assert word in str(space.search(word, 5)), "indexes are made anew"
        assert [finding.kind for finding in space.findings()] == [Wrong.REPAIRED]
        assert space.prove(lambda: False)
        assert len(space.findings()) == 1, "whole from now on"
        space.close()


def test_a_whole_space_loses_nothing_by_a_repair(new: NewSpace, file: Path) -> None:
    done = repair(new.info.folder, new.key, None)
    assert done.lost == {}
    space = Space(new.info.folder, new.key)
    assert len(messages(space)) == MESSAGES
    assert space.draft(space.conversations()[0].id) == "a draft"
    space.close()


def test_nothing_is_changed_where_nothing_can_be_read(new: NewSpace, file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[200] ^= 1
    file.write_bytes(data)
    before = {path.name: path.read_bytes() for path in new.info.folder.iterdir()}
    with pytest.raises(Damaged):
        repair(new.info.folder, new.key, None)
    assert {path.name: path.read_bytes() for path in new.info.folder.iterdir()} == before


def test_a_lost_conversation_gives_its_messages_another(new: NewSpace, file: Path) -> None:
    space = Space(new.info.folder, new.key)

    space._owner.alone(lambda database: database.change("PRAGMA foreign_keys = OFF"))
    space._owner.do(lambda database: database.change("DELETE FROM conversation"))
    space.close()
    repair(new.info.folder, new.key, None)
    space = Space(new.info.folder, new.key)
    (found,) = space.conversations()
    assert found.title == "Found again"
    assert len(messages(space)) == MESSAGES
    space.close()
