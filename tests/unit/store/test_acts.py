# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two acts on keys: what opens afterwards, what no longer does, and kills in between."""

import random
import shutil
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from safespace.domain import Role
from safespace.errors import CalledOff, Damaged, SafeSpaceError, StorageError, WrongPassphrase
from safespace.store import acts
from safespace.store.connection import DATABASE, open_database
from safespace.store.keys import header_copies
from safespace.store.keys.header_copies import FRESH, HEADERS, NEXT
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, SpaceInfo, Spaces

from .conftest import CHEAP, PASSPHRASE, Share, SmallDisk, remount_read_only

REKEYER = str(Path(__file__).with_name("rekeyer.py"))
FRESH_PASSPHRASE = "another one altogether"
TEXTS = [f"{number} " + "word " * 400 for number in range(60)]


def filled(root: Path) -> NewSpace:
    """A space with some hundred pages."""
    new = Spaces(root).create("Ada", PASSPHRASE, CHEAP)
    space = Space(new.info.folder, new.key)
    begun = space.new_conversation("a").id
    for text in TEXTS:
        space.add_message(begun, None, Role.MEMBER, text)
    space.close()
    return new


def opened(spaces: Spaces, info: SpaceInfo, passphrase: str) -> list[str]:
    """The texts that `passphrase` opens; none if it does not open the space."""
    try:
        key = spaces.unlock(info, passphrase)
    except WrongPassphrase:
        return []
    space = Space(info.folder, key)
    header_copies.finish(info.folder)
    (begun,) = space.conversations()
    (first,) = space.branch(begun.id)
    texts = [space.message(id_).text for id_ in first.siblings]
    space.close()
    return texts


def whole_after(new: NewSpace, *, acknowledged: bool) -> bool:
    """Whether the new passphrase opens; that exactly one does, and to all, is asserted."""
    spaces = Spaces(new.info.folder.parent)
    by_old = opened(spaces, new.info, PASSPHRASE)
    by_new = opened(spaces, new.info, FRESH_PASSPHRASE)
    assert sorted([by_old, by_new], key=len) == [[], TEXTS]
    assert by_new or not acknowledged
    files = {file.stem for file in new.info.folder.iterdir()} - {"attempts"}
    assert files == {*(Path(name).stem for name in (*HEADERS, DATABASE)), "head"}
    assert len(list(new.info.folder.glob("head.*"))) == 1
    first, second = (new.info.folder / name for name in HEADERS)
    assert first.read_bytes() == second.read_bytes()
    return bool(by_new)


def child(new: NewSpace, act: str, *step: str) -> "subprocess.Popen[bytes]":
    """The act in a process of its own, begun."""
    started = subprocess.Popen(
        [sys.executable, REKEYER, str(new.info.folder), act, FRESH_PASSPHRASE, *step],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert started.stdin
    assert started.stdout
    started.stdin.write(f"{new.key.key.hex()}{new.key.salt.hex()}\n".encode())
    started.stdin.flush()
    assert started.stdout.readline() == b"begun\n"
    return started


@pytest.mark.torture("space.rekey_kills")
def test_a_kill_at_random_leaves_the_old_or_the_new(tmp_path: Path, share: Share) -> None:
    begun = time.monotonic()
    with child(filled(tmp_path / "measured"), "new_key") as process:
        assert process.wait() == 0
    longest = time.monotonic() - begun
    for seed in range(share(200)):
        dice = random.Random(seed)  # noqa: S311 - a repeatable moment
        new = filled(tmp_path / str(seed))
        with child(new, dice.choice(["new_key", "new_key", "new_passphrase"])) as process:
            time.sleep(dice.uniform(0, longest))
            process.kill()
            assert process.stdout
            acknowledged = process.stdout.read() == b"done\n"
        whole_after(new, acknowledged=acknowledged)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot kill -9 itself there")
@pytest.mark.parametrize("act", ["new_key", "new_passphrase"])
def test_a_kill_before_any_file_is_touched_leaves_the_old_or_the_new(
    tmp_path: Path, act: str
) -> None:
    pristine = filled(tmp_path / "pristine")
    came_to = []
    for step in count(1):
        root = tmp_path / str(step)
        shutil.copytree(pristine.info.folder.parent, root)
        info = SpaceInfo(pristine.info.id, "Ada", root / pristine.info.id)
        new = NewSpace(info, pristine.key, pristine.recovery_code)
        with child(new, act, str(step)) as process:
            done = process.wait() == 0
        came_to.append(whole_after(new, acknowledged=done))
        if done:
            break
    assert came_to == sorted(came_to)  # the old until one moment, and from then on the new
    assert came_to[0] is False
    assert came_to[-2:] == [True, True]  # a kill after that moment was among them


def test_a_new_passphrase_keeps_key_and_recovery_code(spaces: Spaces, new: NewSpace) -> None:
    before = {name: (new.info.folder / name).read_bytes() for name in HEADERS}
    acts.new_passphrase(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    with pytest.raises(WrongPassphrase):
        spaces.unlock(new.info, PASSPHRASE)
    assert spaces.unlock(new.info, FRESH_PASSPHRASE).key == new.key.key
    assert spaces.unlock_with_recovery(new.info, new.recovery_code).key == new.key.key
    for name, data in before.items():  # and this is why there are two acts
        (new.info.folder / name).write_bytes(data)
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key


def test_a_new_recovery_code_ends_the_one_before(spaces: Spaces, new: NewSpace) -> None:
    code = acts.new_recovery_code(new.info.folder, new.key)
    with pytest.raises(WrongPassphrase):
        spaces.unlock_with_recovery(new.info, new.recovery_code)
    assert spaces.unlock_with_recovery(new.info, code).key == new.key.key
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key


@pytest.mark.torture("space.old_header")
def test_after_a_new_key_nothing_old_opens_todays_file(tmp_path: Path) -> None:
    new = filled(tmp_path)
    folder, spaces = new.info.folder, Spaces(tmp_path)
    kept = {name: (folder / name).read_bytes() for name in (*HEADERS, DATABASE)}
    code = acts.new_key(folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    assert opened(spaces, new.info, FRESH_PASSPHRASE) == TEXTS
    fresh = spaces.unlock_with_recovery(new.info, code)
    assert fresh.key != new.key.key
    assert fresh.salt != new.key.salt
    with pytest.raises(WrongPassphrase):
        spaces.unlock(new.info, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        spaces.unlock_with_recovery(new.info, new.recovery_code)

    today = (folder / DATABASE).read_bytes()
    for name in HEADERS:
        (folder / name).write_bytes(kept[name])
    old = spaces.unlock(new.info, PASSPHRASE)  # the old header still gives the old key
    assert old.key == new.key.key
    assert spaces.unlock_with_recovery(new.info, new.recovery_code).key == old.key
    with pytest.raises(Damaged):
        Space(folder, old)
    (folder / DATABASE).write_bytes(old.salt + today[16:])  # nor with the old salt put before it
    with pytest.raises(Damaged):
        Space(folder, old)
    (folder / DATABASE).write_bytes(kept[DATABASE])  # the control: yesterday's file does open
    assert opened(spaces, new.info, PASSPHRASE) == TEXTS


def test_a_new_key_leaves_no_page_as_it_was(tmp_path: Path) -> None:
    new = filled(tmp_path)
    before = (new.info.folder / DATABASE).read_bytes()
    acts.new_key(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    after = (new.info.folder / DATABASE).read_bytes()
    pages = range(0, len(before), 4096)
    assert len(after) == len(before) > 40 * 4096
    assert not [at for at in pages if before[at : at + 4096] == after[at : at + 4096]]
    assert (new.info.folder / DATABASE).stat().st_mode & 0o777 == 0o600


def test_called_off_at_any_moment_it_keeps_the_old_key(tmp_path: Path) -> None:
    new = filled(tmp_path)
    folder = new.info.folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    heard: list[float | None] = []
    ends_at = 0

    def told(part: float | None) -> None:
        heard.append(part)
        if len(heard) == ends_at:
            raise CalledOff("enough")

    for moment in range(1, 100):
        heard, ends_at = [], moment
        try:
            acts.new_key(folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False, told=told)
        except CalledOff:
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        else:
            break
    parts = [part for part in heard if part is not None]
    assert parts == sorted(parts)
    assert heard[-1] is None  # the last word is had while it is proved, before NEXT is there
    assert moment > 2
    assert whole_after(new, acknowledged=True)


def test_a_damaged_database_keeps_its_key(tmp_path: Path) -> None:
    new = filled(tmp_path)
    file = new.info.folder / DATABASE
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(damaged)
    before = {path.name: path.read_bytes() for path in new.info.folder.iterdir()}
    with pytest.raises(Damaged):
        acts.new_key(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    assert {path.name: path.read_bytes() for path in new.info.folder.iterdir()} == before


def test_a_full_disk_keeps_the_old_key(small_disk: SmallDisk) -> None:
    disk = small_disk(8000)
    new = filled(disk / "spaces")
    (disk / "rest").write_bytes(bytes(shutil.disk_usage(disk).free - 100 * 1024))
    with pytest.raises(StorageError):
        acts.new_key(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    assert not whole_after(new, acknowledged=False)
    (disk / "rest").unlink()
    acts.new_key(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    assert whole_after(new, acknowledged=True)


def test_a_disk_that_refuses_writing_keeps_the_old_passphrase(small_disk: SmallDisk) -> None:
    disk = small_disk(8000)
    new = filled(disk / "spaces")
    remount_read_only(disk)
    with pytest.raises(StorageError):
        acts.new_passphrase(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    assert Spaces(disk / "spaces").unlock(new.info, PASSPHRASE).key == new.key.key


def test_a_stored_space_of_the_first_format_takes_a_new_key(tmp_path: Path) -> None:
    from . import formats

    shutil.copytree(formats.FOLDER / "format-1", tmp_path / "old" / "ada")
    spaces = Spaces(tmp_path / "old")
    info = spaces.find("Ada")
    key = spaces.unlock(info, formats.PASSPHRASE)
    acts.new_key(info.folder, key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    with pytest.raises(WrongPassphrase):
        spaces.unlock(info, formats.PASSPHRASE)
    Space(info.folder, spaces.unlock(info, FRESH_PASSPHRASE)).close()


def test_a_next_header_that_belongs_to_no_database_here_counts_for_nothing(
    tmp_path: Path, spaces: Spaces, new: NewSpace
) -> None:
    other = Spaces(tmp_path / "other").create("Eve", "hers", CHEAP)
    folder = new.info.folder
    shutil.copy(other.info.folder / HEADERS[0], folder / NEXT)
    for name in (FRESH, f"{FRESH}-journal", f"{FRESH}-wal"):
        (folder / name).write_bytes(b"unfinished")
    assert spaces.find(None).name == "Ada"
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key
    header_copies.finish(folder)
    assert {file.name for file in folder.iterdir() if file.stem != "head"} == {*HEADERS, DATABASE}


def test_a_new_key_is_made_over_what_a_broken_off_try_left(tmp_path: Path) -> None:
    new = filled(tmp_path)
    for name in (FRESH, f"{FRESH}-wal", f"{FRESH}-journal"):
        shutil.copy(new.info.folder / DATABASE, new.info.folder / name)
    acts.new_key(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=False)
    assert whole_after(new, acknowledged=True)


def test_nothing_is_cleared_while_it_is_unknown_which_header_belongs(
    spaces: Spaces, new: NewSpace
) -> None:
    folder = new.info.folder
    (folder / NEXT).write_bytes((folder / HEADERS[0]).read_bytes())
    (folder / DATABASE).rename(folder / "elsewhere.db")
    header_copies.finish(folder)
    assert (folder / NEXT).exists()
    (folder / "elsewhere.db").rename(folder / DATABASE)
    header_copies.finish(folder)
    assert not (folder / NEXT).exists()


def test_one_damaged_copy_does_not_stop_an_act(spaces: Spaces, new: NewSpace) -> None:
    (new.info.folder / HEADERS[0]).write_bytes(b"damaged")
    acts.new_key(new.info.folder, new.key, FRESH_PASSPHRASE, CHEAP, guessable=True)
    key = spaces.unlock(new.info, FRESH_PASSPHRASE)
    open_database(new.info.folder / DATABASE, key).close()
    assert spaces.find("Ada").guessable
    with pytest.raises(SafeSpaceError):
        open_database(new.info.folder / DATABASE, new.key)
