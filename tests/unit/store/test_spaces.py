# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making, finding and unlocking spaces, and what befalls their files."""

import os
import random
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safespace.errors import (
    Damaged,
    NewerSpace,
    NoSuchSpace,
    StorageError,
    Usage,
    WaitFirst,
    WrongPassphrase,
)
from safespace.store.keys import attempts, header
from safespace.store.keys.header_copies import HEADERS
from safespace.store.spaces import NewSpace, Spaces

from .conftest import CHEAP, PASSPHRASE, Clock, Share, SmallDisk, remount_read_only


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def damage(file: Path, position: int) -> None:
    data = bytearray(file.read_bytes())
    data[position] ^= 0xFF
    file.write_bytes(data)


def test_a_new_space_is_found_and_unlocked(spaces: Spaces) -> None:
    new = spaces.create("  Ada ", PASSPHRASE, CHEAP)
    assert spaces.list() == [new.info]
    assert new.info.name == "Ada"
    assert "Ada" not in str(new.info.folder.relative_to(new.info.folder.parents[1]))
    for key in (
        spaces.unlock(new.info, PASSPHRASE),
        spaces.unlock_with_recovery(new.info, new.recovery_code),
    ):
        assert (key.key, key.salt, key.mended) == (new.key.key, new.key.salt, None)
        assert key.derivation_ms > 0
    assert new.recovery_code not in repr(new)


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_everything_is_private_under_an_open_umask(tmp_path: Path) -> None:
    with umask(0o022):
        new = Spaces(tmp_path / "deep" / "spaces").create("Ada", PASSPHRASE, CHEAP)
    assert {stat.S_IMODE(file.stat().st_mode) for file in new.info.folder.iterdir()} == {0o600}
    for folder in (new.info.folder, new.info.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_there_is_nothing_before_the_first_space(spaces: Spaces) -> None:
    assert spaces.list() == []
    with pytest.raises(NoSuchSpace, match="no space on this computer"):
        spaces.find(None)


def test_one_space_is_chosen_by_itself_and_of_several_the_name_decides(spaces: Spaces) -> None:
    ada = spaces.create("Ada", PASSPHRASE, CHEAP).info
    assert spaces.find(None) == ada
    bo = spaces.create("Bo", PASSPHRASE, CHEAP).info
    assert (spaces.find("Ada"), spaces.find("bo "), spaces.find(bo.id)) == (ada, bo, bo)
    with pytest.raises(NoSuchSpace, match="Ada, Bo"):
        spaces.find(None)
    with pytest.raises(NoSuchSpace, match=r"“Cleo”.*Ada, Bo"):
        spaces.find("Cleo")


def test_a_copy_beside_its_original_is_chosen_by_its_folder(spaces: Spaces, new: NewSpace) -> None:
    backup = shutil.copytree(new.info.folder, new.info.folder.with_name("backup"))
    with pytest.raises(NoSuchSpace, match=f"{new.info.id}|backup"):
        spaces.find("Ada")
    assert spaces.find("backup").folder == backup
    assert spaces.unlock(spaces.find("backup"), PASSPHRASE).key == new.key.key


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "\x1b[2J", "x" * 81, "ADA "])
def test_a_name_that_will_not_do_is_refused(spaces: Spaces, new: NewSpace, name: str) -> None:
    with pytest.raises(Usage):
        spaces.create(name, PASSPHRASE, CHEAP)
    assert spaces.list() == [new.info]


def test_a_space_needs_a_passphrase(spaces: Spaces) -> None:
    with pytest.raises(Usage):
        spaces.create("Ada", "", CHEAP)


def test_junk_beside_the_spaces_is_ignored(spaces: Spaces, new: NewSpace) -> None:
    root = new.info.folder.parent
    (root / "photos").mkdir()
    (root / "photos" / "cat.jpg").touch()
    (root / "note.txt").write_text("not a space")
    shutil.copytree(new.info.folder, root / ".unfinished")
    assert spaces.list() == [new.info]


def test_a_wrong_passphrase_is_one_sentence(spaces: Spaces, new: NewSpace) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        spaces.unlock(new.info, "not it, sorry")
    assert "not it" not in str(caught.value)
    assert caught.value.sentence.count(".") == 1


def test_the_wait_grows_to_half_a_minute_and_no_further() -> None:
    waits = [attempts.wait_after(wrong) for wrong in range(1, 11)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
    assert attempts.wait_after(10**9) == 30


def test_after_several_wrong_ones_even_the_right_one_waits(
    spaces: Spaces, new: NewSpace, clock: Clock
) -> None:
    for _ in range(5):
        clock.now += 30
        with pytest.raises(WrongPassphrase):
            spaces.unlock(new.info, "wrong")
    with pytest.raises(WaitFirst) as caught:
        spaces.unlock(new.info, PASSPHRASE)
    assert caught.value.seconds == pytest.approx(2)
    # The code on paper is nothing anyone guesses, so it need not wait.
    assert spaces.unlock_with_recovery(new.info, new.recovery_code).key == new.key.key
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key


def test_the_right_passphrase_ends_the_count(spaces: Spaces, new: NewSpace, clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(WrongPassphrase):
            spaces.unlock(new.info, "wrong")
    clock.now += 1
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key
    with pytest.raises(WrongPassphrase):
        spaces.unlock(new.info, "wrong")
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key


def test_a_clock_set_back_prolongs_no_wait(spaces: Spaces, new: NewSpace, clock: Clock) -> None:
    for _ in range(20):
        clock.now += 30
        with pytest.raises(WrongPassphrase):
            spaces.unlock(new.info, "wrong")
    clock.now -= 365 * 24 * 3600
    with pytest.raises(WaitFirst) as caught:
        spaces.unlock(new.info, PASSPHRASE)
    assert caught.value.seconds == 30
    clock.now += 30
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key


@pytest.mark.parametrize(
    "kept", [b"", b"{}", b"[]", b'{"wrong": 1e999, "last": 0}', b'{"wrong": "x", "last": 0}']
)
def test_an_unreadable_count_locks_nobody_out(spaces: Spaces, new: NewSpace, kept: bytes) -> None:
    (new.info.folder / "attempts.json").write_bytes(kept)
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key


@pytest.mark.parametrize("name", HEADERS)
def test_one_damaged_header_is_mended_from_the_other_once_that_has_opened(
    spaces: Spaces, new: NewSpace, name: str
) -> None:
    whole = content(new.info.folder)
    damage(new.info.folder / name, 100)
    broken = content(new.info.folder)
    assert spaces.list() == [new.info]
    with pytest.raises(WrongPassphrase):
        spaces.unlock(new.info, "wrong")
    assert content(new.info.folder).items() >= broken.items()
    assert spaces.unlock(new.info, PASSPHRASE).mended == name
    assert content(new.info.folder) == whole


def test_a_missing_header_is_mended_too(spaces: Spaces, new: NewSpace) -> None:
    (new.info.folder / HEADERS[0]).unlink()
    assert spaces.unlock(spaces.find("Ada"), PASSPHRASE).mended == HEADERS[0]
    assert (new.info.folder / HEADERS[0]).exists()


def test_with_both_headers_damaged_nothing_is_changed(spaces: Spaces, new: NewSpace) -> None:
    for name in HEADERS:
        damage(new.info.folder / name, 200)
    broken = content(new.info.folder)
    (info,) = spaces.list()
    assert (info.damaged, info.name) == (True, new.info.id)
    with pytest.raises(Damaged, match=r"space\.json and space\.copy\.json"):
        spaces.unlock(info, PASSPHRASE)
    with pytest.raises(Damaged, match=r"space\.json and space\.copy\.json"):
        spaces.unlock_with_recovery(info, new.recovery_code)
    assert content(new.info.folder) == broken


@pytest.mark.torture("space.told_apart")
def test_wrong_and_damaged_are_never_confused(
    spaces: Spaces, new: NewSpace, clock: Clock, share: Share
) -> None:
    copies = [new.info.folder / name for name in HEADERS]
    data = copies[0].read_bytes()
    for seed in range(share(1000)):
        chance = random.Random(seed)  # noqa: S311 - a repeatable place
        clock.now += 30
        with pytest.raises(WrongPassphrase):
            spaces.unlock(new.info, f"wrong {seed}")
        for copy in copies:
            damage(copy, chance.randrange(len(data)))
        for passphrase in (PASSPHRASE, "wrong"):
            with pytest.raises(Damaged):
                spaces.unlock(new.info, passphrase)
        for copy in copies:
            copy.write_bytes(data)


def test_a_header_of_a_later_version_is_left_alone(spaces: Spaces, new: NewSpace) -> None:
    file = new.info.folder / HEADERS[0]
    file.write_bytes(header._canonical({**header._intact(file.read_bytes()), "format": 2}))
    before = content(new.info.folder)
    (info,) = spaces.list()
    with pytest.raises(NewerSpace):
        spaces.unlock(info, PASSPHRASE)
    assert content(new.info.folder) == before


@pytest.mark.parametrize("kib", [4, 8, 16, 40])
def test_a_space_made_on_a_full_disk_is_not_there_at_all(small_disk: SmallDisk, kib: int) -> None:
    root = small_disk(kib)
    with pytest.raises(StorageError, match="no room"):
        Spaces(root).create("Ada", PASSPHRASE, CHEAP)
    assert list(root.iterdir()) == []


def test_unlocking_works_where_nothing_can_be_written(small_disk: SmallDisk) -> None:
    disk = small_disk(2048)
    spaces = Spaces(disk)
    new = spaces.create("Ada", PASSPHRASE, CHEAP)
    (new.info.folder / HEADERS[1]).unlink()
    remount_read_only(disk)
    with pytest.raises(WrongPassphrase):
        spaces.unlock(new.info, "wrong")
    opened = spaces.unlock(new.info, PASSPHRASE)
    assert (opened.key, opened.mended) == (new.key.key, None)
    with pytest.raises(StorageError, match=str(disk)):
        spaces.create("Bo", PASSPHRASE, CHEAP)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
@pytest.mark.parametrize("closed", ["", *HEADERS])
def test_a_space_of_another_account_is_shown_and_not_called_damaged(
    spaces: Spaces, new: NewSpace, closed: str
) -> None:
    other = spaces.create("Bo", PASSPHRASE, CHEAP).info
    (other.folder / HEADERS[1]).unlink()
    (other.folder / HEADERS[0]).rename(other.folder / (closed or HEADERS[0]))
    (other.folder / closed).chmod(0)
    try:
        found = spaces.find(other.id)
        assert (found.damaged, new.info in spaces.list()) == (False, True)
        with pytest.raises(StorageError, match="another account"):
            spaces.unlock(found, PASSPHRASE)
    finally:
        (other.folder / closed).chmod(0o700)


def test_a_root_that_is_no_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="file"):
        Spaces(tmp_path / "file" / "spaces").create("Ada", PASSPHRASE, CHEAP)
