# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: whole or not there, the same when brought back, refused when a bit differs."""

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.domain import Kind, Role
from safespace.errors import Damaged, NewerSpace, StorageError, Usage, WrongPassphrase
from safespace.store.backups import backups, container
from safespace.store.keys.header import Header
from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces
from tests.unit.store.conftest import CHEAP, PASSPHRASE, Share, SmallDisk

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID = "the cellar key hangs behind the clock"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


@pytest.fixture
def backup(space: Space, new: NewSpace, folder: Path) -> backups.Backup:
    """A backup of Ada's space, in which something was said."""
    begun = space.new_conversation("Home").id
    space.add_message(begun, None, Role.MEMBER, SAID)
    return backups.make(space, new.key, new.info, folder, now=NOW)


def typed(secret: str = PASSPHRASE) -> Callable[[Header], SpaceKey]:
    return lambda header: header.unlock(secret)


def known(key: SpaceKey) -> Callable[[Header], SpaceKey]:
    return lambda _header: key


def everything(space: Space) -> dict[str, object]:
    return {what: value for what, value in space.export().items() if what != "exported"}


def filled(space: Space, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - repeatable
    for _ in range(chosen.randrange(1, 6)):
        begun = space.new_conversation(f"Talk {chosen.random()}").id
        last = None
        for _ in range(chosen.randrange(20)):
            text = "".join(chosen.choices("aä漢🙂\n '", k=chosen.randrange(3000)))
            last = space.add_message(begun, last, Role.MEMBER, text).id
        if chosen.random() < 0.3:
            space.bin.erase(Kind.CONVERSATION, begun)
    space.keep_setting("assistant.temperature", chosen.random())


@pytest.mark.torture("space.restores")
def test_a_restore_is_identical(tmp_path: Path, folder: Path, share: Share) -> None:
    for seed in range(share(20)):
        spaces = Spaces(tmp_path / str(seed))
        new = spaces.create("Ada", PASSPHRASE, CHEAP)
        space = Space(new.info.folder, new.key)
        filled(space, seed)
        made = backups.make(space, new.key, new.info, folder)
        before = everything(space)
        drilled = backups.drill(made.file, typed(), spaces.root)
        assert drilled.made == made.made
        assert [place.name for place in spaces.root.iterdir()] == [new.info.id]
        space.close()

        elsewhere = Spaces(tmp_path / f"{seed} elsewhere")  # another computer
        info = backups.restore(made.file, typed(), elsewhere)
        assert (info.name, info.id) == ("Ada", new.info.id)
        opened = Space(info.folder, elsewhere.unlock_with_recovery(info, new.recovery_code))
        assert everything(opened) == before
        opened.close()
        assert elsewhere.unlock(info, PASSPHRASE).key == new.key.key


def test_a_backup_is_one_private_file_in_which_only_the_header_can_be_read(
    backup: backups.Backup, folder: Path, spaces: Spaces
) -> None:
    assert list(folder.iterdir()) == [backup.file]
    data = backup.file.read_bytes()
    assert b'"name": "Ada"' in data  # the control: what is readable is found
    assert SAID.encode() not in data
    assert b"conversation" not in data
    assert os.name != "posix" or backup.file.stat().st_mode & 0o077 == 0
    assert not list(spaces.root.glob(".*"))


def test_five_are_kept_and_a_clock_set_back_loses_none_too_early(
    space: Space, new: NewSpace, folder: Path
) -> None:
    for day in range(7):
        space.save_draft(None, str(day))
        backups.make(space, new.key, new.info, folder, now=NOW + timedelta(days=day))
    (folder / "holiday.jpg").touch()
    assert [found.made.day for found in backups.kept(folder, new.info.id)] == [7, 6, 5, 4, 3]
    last = backups.make(space, new.key, new.info, folder, now=NOW - timedelta(days=900))
    assert backups.kept(folder, new.info.id)[0] == last
    assert len(list(folder.iterdir())) == backups.KEPT + 1


def test_the_only_one_holds_nothing_that_was_deleted(
    backup: backups.Backup, space: Space, new: NewSpace, folder: Path, tmp_path: Path
) -> None:
    def words(made: backups.Backup) -> bytes:
        """All text in a backup, read with its key."""
        elsewhere = Spaces(tmp_path / made.file.name)
        opened = Space(backups.restore(made.file, known(new.key), elsewhere).folder, new.key)
        text = json.dumps(opened.export())
        opened.close()
        return text.encode()

    assert SAID.encode() in words(backup)  # the control
    space.bin.erase(Kind.CONVERSATION, 1)
    made = backups.make(space, new.key, new.info, folder, keep=1)
    assert [*folder.iterdir()] == [made.file]
    assert SAID.encode() not in words(made)


def test_one_is_due_a_day_after_the_last(backup: backups.Backup, folder: Path) -> None:
    assert not backups.due(folder, backup.space, NOW + timedelta(hours=23))
    assert backups.due(folder, backup.space, NOW + timedelta(hours=24))
    assert backups.due(folder, backup.space, NOW - timedelta(days=9))  # a clock that was wrong
    assert backups.due(folder, "another", NOW)
    assert backups.due(folder / "away", backup.space, NOW)


def test_it_comes_back_beside_what_is_there(
    backup: backups.Backup, spaces: Spaces, new: NewSpace, space: Space
) -> None:
    space.save_draft(None, "said since")
    first = backups.restore(backup.file, typed(), spaces)
    second = backups.restore(backup.file, typed(), spaces)
    third = backups.restore(backup.file, typed(), spaces, "Mine")
    assert first.name == "Ada (2026-03-01)"
    assert second.name == "Ada (2026-03-01) 2"
    assert [info.name for info in spaces.list()] == ["Ada", first.name, second.name, "Mine"]
    assert len({info.folder for info in spaces.list()}) == 4
    assert space.draft(None) == "said since"
    with pytest.raises(Usage, match="already"):
        backups.restore(backup.file, typed(), spaces, "ada")
    restored = Space(third.folder, spaces.unlock(third, PASSPHRASE))
    assert restored.branch(1)[0].text == SAID
    restored.close()


def test_a_wrong_passphrase_leaves_nothing(backup: backups.Backup, spaces: Spaces) -> None:
    before = set(spaces.root.iterdir())
    for wrong in (backups.drill, lambda file, key_of, _root: backups.restore(file, key_of, spaces)):
        with pytest.raises(WrongPassphrase):
            wrong(backup.file, typed("not this one"), spaces.root)
    assert set(spaces.root.iterdir()) == before


def unasked(_header: Header) -> SpaceKey:
    raise AssertionError("a damaged backup is refused before anybody is asked for its key")


def refused(data: bytes, file: Path, root: Path) -> Damaged:
    """What is said about a backup with these bytes; nothing of it may be left."""
    file.write_bytes(data)
    before = set(root.iterdir())
    with pytest.raises(Damaged) as said:
        backups.drill(file, unasked, root)
    assert set(root.iterdir()) == before
    assert file.name in said.value.sentence
    return said.value


def test_every_bit_counts(backup: backups.Backup, spaces: Spaces) -> None:
    whole = backup.file.read_bytes()
    chosen = random.Random(0)  # noqa: S311 - repeatable
    readable = whole.index(b"\n", whole.index(b"\n") + 1) + 2
    places = [*range(0, readable, 7), *(chosen.randrange(len(whole)) for _ in range(40))]
    for place in places:
        bit = 1 << chosen.randrange(8)
        flipped = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
        refused(flipped, backup.file, spaces.root)
    for length in (0, 1, 19, readable, *(chosen.randrange(len(whole)) for _ in range(10))):
        refused(whole[:length], backup.file, spaces.root)
    refused(whole + b"\n", backup.file, spaces.root)
    backup.file.write_bytes(whole)
    backups.drill(backup.file, typed(), spaces.root)


@given(st.binary(max_size=300), st.booleans())
@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_garbage_is_no_backup(tmp_path: Path, data: bytes, begins_well: bool) -> None:
    root = tmp_path / "spaces"
    root.mkdir(exist_ok=True)
    head = b"safespace-backup/1 " if begins_well else b""
    refused(head + data, tmp_path / "garbage.safespace", root)


def forged(manifest: Mapping[str, object], rest: bytes, format_: int = 1) -> bytes:
    line = json.dumps(manifest, sort_keys=True).encode() + b"\n"
    check = hashlib.sha256(b"safespace-backup/%d\n" % format_ + line).hexdigest()
    return b"safespace-backup/%d %s\n" % (format_, check.encode()) + line + rest


def test_names_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    entry = {"name": "../../planted", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    for files in ([entry], [], [1], "", [{**entry, "name": "space.json", "size": -1}]):
        manifest = {"made": NOW.isoformat(), "rows": "", "files": files}
        refused(forged(manifest, b"x"), tmp_path / "a.safespace", root)
    assert not (tmp_path / "planted").exists()


def test_a_later_format_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "later.safespace"
    file.write_bytes(forged({"what": "ever"}, b"", 2))
    with pytest.raises(NewerSpace, match="later"):
        backups.drill(file, unasked, tmp_path / "root")


def test_other_rows_than_on_that_day_are_noticed(
    backup: backups.Backup, new: NewSpace, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    taken_apart = tmp_path / "apart"
    taken_apart.mkdir()
    container.unpack(backup.file, taken_apart)
    other = tmp_path / "other.safespace"
    files = [taken_apart / name for name in container.FILES]
    container.pack(other, NOW, "0" * 64, files)
    with pytest.raises(Damaged, match="does not hold what it should"):
        backups.drill(other, known(new.key), root)
    assert not list(root.iterdir())


def test_one_that_does_not_read_back_gets_no_name(
    backup: backups.Backup,
    space: Space,
    new: NewSpace,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pack = container.pack

    def on_a_failing_disk(target: Path, *rest: object) -> None:
        pack(target, *rest)  # type: ignore[arg-type]
        data = target.read_bytes()
        target.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    monkeypatch.setattr(container, "pack", on_a_failing_disk)
    with pytest.raises(Damaged):
        backups.make(space, new.key, new.info, folder)
    assert list(folder.iterdir()) == [backup.file]


def test_one_that_is_called_off_leaves_nothing(
    backup: backups.Backup, space: Space, new: NewSpace, folder: Path
) -> None:
    with pytest.raises(backups.Stopped):
        backups.make(space, new.key, new.info, folder, stopped=lambda: True)
    assert list(folder.iterdir()) == [backup.file]


def test_a_full_disk_leaves_the_earlier_ones(
    space: Space, new: NewSpace, small_disk: SmallDisk
) -> None:
    disk = small_disk(1100)
    made = backups.make(space, new.key, new.info, disk)
    begun = space.new_conversation("Long").id
    for _ in range(40):
        space.add_message(begun, None, Role.MEMBER, os.urandom(8000).hex())
    with pytest.raises(StorageError, match="no room"):
        backups.make(space, new.key, new.info, disk)
    assert list(disk.iterdir()) == [made.file]
    backups.drill(made.file, typed(), new.info.folder.parent)


@pytest.mark.torture("space.backup_kills")
def test_a_kill_leaves_the_earlier_ones(tmp_path: Path, folder: Path, share: Share) -> None:
    new = Spaces(tmp_path / "spaces").create("Ada", PASSPHRASE, CHEAP)
    space = Space(new.info.folder, new.key)
    begun = space.new_conversation("Long").id
    for _ in range(4):  # so much that there are moments in the middle of writing it
        space.add_message(begun, None, Role.MEMBER, os.urandom(200_000).hex())
    first = backups.make(space, new.key, new.info, folder)
    space.close()
    said = [first.file.name]
    for seed in range(share(50)):
        with subprocess.Popen(
            [sys.executable, Path(__file__).with_name("backup_maker.py"), new.info.folder, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdin
            assert child.stdout
            child.stdin.write(f"{new.key.key.hex()}{new.key.salt.hex()}\n".encode())
            child.stdin.flush()
            said.append(child.stdout.readline().decode().strip())
            time.sleep(random.Random(seed).random() * 0.3)  # noqa: S311 - a repeatable moment
            child.kill()
            said += child.stdout.read().decode().split()
        assert child.returncode not in (0, 1)
        kept = backups.kept(folder, new.info.id)
        assert kept
        assert said[-1] in {found.file.name for found in kept}
        for found in kept:
            backups.drill(found.file, known(new.key), tmp_path / "root")
    for left in (*folder.glob(".*"), *new.info.folder.parent.glob(".*")):
        os.utime(left, (0, 0))  # an hour later
    space = Space(new.info.folder, new.key)
    backups.make(space, new.key, new.info, folder)
    space.close()
    assert len(list(folder.iterdir())) == len(backups.kept(folder, new.info.id))
    assert [place.name for place in new.info.folder.parent.iterdir()] == [new.info.id]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_backup_and_nobody_waits_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.safespace"
    os.mkfifo(pipe)
    with pytest.raises(Damaged, match="is no backup of Safe Space"):
        container.unpack(pipe, tmp_path)
