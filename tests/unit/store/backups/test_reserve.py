# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a full disk, deleting works and nothing that was acknowledged is lost."""

from contextlib import suppress
from pathlib import Path

import pytest

from safespace.domain import Kind, Message, Role
from safespace.errors import StorageError
from safespace.store.backups import reserve
from safespace.store.space import Space
from safespace.store.spaces import Spaces
from tests.unit.store.conftest import CHEAP, PASSPHRASE, Share, SmallDisk


def test_the_reserve_is_made_once_and_takes_up_room(tmp_path: Path) -> None:
    reserve.keep(tmp_path)
    made = (tmp_path / reserve.FILE).stat()
    assert made.st_size == reserve.SIZE
    assert made.st_blocks * 512 >= reserve.SIZE  # a hole would hold nothing free
    reserve.keep(tmp_path)
    assert (tmp_path / reserve.FILE).stat().st_ino == made.st_ino
    assert reserve.release(tmp_path)
    assert not reserve.release(tmp_path)


def test_a_small_disk_is_not_filled_with_it(small_disk: SmallDisk) -> None:
    disk = small_disk(24 * 1024)
    reserve.keep(disk)
    assert not list(disk.iterdir())


def fill(disk: Path) -> Path:
    """A file that takes up all room there is."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as filling:
        while True:
            filling.write(bytes(4096))
    return ballast


def written_until_refused(space: Space, conversation: int) -> list[Message]:
    """Messages that were acknowledged before the disk had no room for one more."""
    acknowledged = []
    with suppress(StorageError):
        for _ in range(100):
            acknowledged.append(space.add_message(conversation, None, Role.MEMBER, "word " * 9000))
    assert len(acknowledged) < 100
    return acknowledged


@pytest.mark.torture("space.full_disk")
def test_deleting_works_on_a_full_disk(small_disk: SmallDisk, share: Share) -> None:
    disk = small_disk(48 * 1024)
    for turn in range(share(20)):
        new = Spaces(disk / str(turn)).create("Ada", PASSPHRASE, CHEAP)
        reserve.keep(new.info.folder)
        space = Space(new.info.folder, new.key)
        begun = [space.new_conversation(title).id for title in ("kept", "gone")]
        acknowledged = [
            space.add_message(
                begun[number % 2], None, Role.MEMBER, f"{turn} {number} " + "word " * 9000
            )
            for number in range(20)
        ]
        ballast = fill(disk)
        acknowledged += written_until_refused(space, begun[0])
        assert (new.info.folder / reserve.FILE).exists()  # writing goes on with what there is
        space.bin.erase(Kind.CONVERSATION, begun[1])
        assert not (new.info.folder / reserve.FILE).exists()
        left = [message for message in acknowledged if message.conversation == begun[0]]
        assert [space.message(message.id).text for message in left] == [
            message.text for message in left
        ]
        space.close()
        ballast.unlink()

        reserve.keep(new.info.folder)
        assert (new.info.folder / reserve.FILE).exists()
        space = Space(new.info.folder, new.key)
        assert [found.title for found in space.conversations()] == ["kept"]
        assert len(space.branch(begun[0])[0].siblings) == len(left)
        space.close()
        for file in new.info.folder.iterdir():
            file.unlink()
