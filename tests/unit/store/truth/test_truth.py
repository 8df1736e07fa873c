# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was lost or put back is noticed and said; a kill, a restore or a move is no alarm."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from safespace.domain import Kind, Role
from safespace.store import acts
from safespace.store.backups import backups
from safespace.store.connection import DATABASE, Database
from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, SpaceInfo, Spaces
from safespace.store.truth import chain, seal
from safespace.store.truth.head import LIFE_BYTES, PAGE_BYTES, Head, HeadFile, HeadKey, following
from safespace.store.truth.witness import Witness, Wrong
from tests.unit.store.conftest import CHEAP, PASSPHRASE, Share

LOG: Final = f"{DATABASE}-wal"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def talk(space: Space, messages: int) -> None:
    begun = space.new_conversation("a").id
    for number in range(messages):
        space.add_message(begun, None, Role.MEMBER, f"{number} " + "word " * 100)


def session(folder: Path, key: SpaceKey, state: Path | None = None, messages: int = 5) -> None:
    """Open, write, close."""
    space = Space(folder, key, state)
    talk(space, messages)
    space.close()


def noticed(folder: Path, key: SpaceKey, state: Path | None = None) -> list[Wrong]:
    """What an opening finds; ticked off, so that the next one starts with a clean slate."""
    space = Space(folder, key, state)
    found = space.findings()
    for finding in found:
        space.tick_off(finding.id)
    space.close()
    return [finding.kind for finding in found]


def interrupted(folder: Path, key: SpaceKey, messages: int) -> Path:
    """A copy of the space as a kill would leave it, with its log."""
    space = Space(folder, key)
    talk(space, messages)
    copy = folder.with_name("interrupted")
    shutil.copytree(folder, copy)
    space.close()
    return copy


def put_back(now: Path, then: Path) -> None:
    """Have in the place of a folder what it was then."""
    shutil.rmtree(now)
    shutil.copytree(then, now)


@pytest.fixture
def left(new: NewSpace) -> Path:
    session(new.info.folder, new.key)
    return interrupted(new.info.folder, new.key, 20)


def test_a_log_left_by_a_kill_is_no_alarm(new: NewSpace, left: Path) -> None:
    assert (left / LOG).stat().st_size
    assert noticed(left, new.key) == []


@pytest.mark.torture("space.rollbacks")
def test_a_torn_or_flipped_log_is_noticed(new: NewSpace, left: Path, share: Share) -> None:
    whole = (left / LOG).read_bytes()
    pristine = {file.name: file.read_bytes() for file in left.iterdir()}
    frame = 24 + PAGE_BYTES
    for seed in range(share(500)):
        chance = random.Random(seed)  # noqa: S311 - a repeatable place
        for name, data in pristine.items():
            (left / name).write_bytes(data)
        damaged = bytearray(whole)
        if chance.random() < 0.5:
            del damaged[chance.randrange(len(whole)) :]
        else:
            damaged[chance.randrange(len(whole) // frame * frame)] ^= 1 << chance.randrange(8)
        (left / LOG).write_bytes(damaged)
        assert noticed(left, new.key) == [Wrong.LOST], seed
        assert noticed(left, new.key) == [], "said once, until it was ticked off"


def test_a_dropped_log_is_noticed_and_counted(new: NewSpace, left: Path) -> None:
    (left / LOG).unlink()
    space = Space(left, new.key)
    (finding,) = space.findings()
    space.close()
    assert finding.kind is Wrong.LOST
    assert finding.changes >= 21
    assert finding.until
    assert (datetime.now(UTC) - finding.until).total_seconds() < 600
    space = Space(left, new.key)
    assert space.findings() == [finding], "said again until it is ticked off"
    space.close()


@pytest.mark.torture("space.rollbacks")
def test_a_page_that_was_put_back_is_noticed(new: NewSpace, share: Share) -> None:
    folder = new.info.folder
    file = folder / DATABASE
    session(folder, new.key, messages=200)
    before = file.read_bytes()
    space = Space(folder, new.key)
    first = space.conversations()[0].id
    for message in space.branch(first)[-1].siblings:
        space.update_message(message, "another text " * 40, partial=False, mark=None)
    space.close()
    pristine = {path.name: path.read_bytes() for path in folder.iterdir()}
    after = pristine[DATABASE]
    changed = [
        page
        for page in range(len(before) // PAGE_BYTES)
        if before[page * PAGE_BYTES :][:PAGE_BYTES] != after[page * PAGE_BYTES :][:PAGE_BYTES]
    ]
    assert len(changed) > 20
    for seed in range(share(500)):
        for name, data in pristine.items():
            (folder / name).write_bytes(data)
        chance = random.Random(seed)  # noqa: S311 - a repeatable place
        put_back = bytearray(after)
        for page in chance.sample(changed, chance.choice((1, 1, 2, 5))):
            at = slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
            put_back[at] = before[at]
        file.write_bytes(put_back)
        with pytest.MonkeyPatch.context() as patch:  # SQLite may stumble over it as well
            patch.setattr("safespace.store.rooms.deletion.erase_old", lambda _database: None)
            try:
                found = noticed(folder, new.key)
            except Exception as problem:  # noqa: BLE001 - said too, as damage
                found = [Wrong(type(problem).__name__.lower())]
        assert found, seed
        assert set(found) <= {Wrong.EXCHANGED, Wrong.LOST, Wrong.OLDER, Wrong.DAMAGED}, seed


@pytest.mark.torture("space.rollbacks")
def test_an_old_file_is_noticed(new: NewSpace, share: Share) -> None:
    folder = new.info.folder
    for seed in range(share(50)):
        session(folder, new.key, messages=2)
        old = (folder / DATABASE).read_bytes()
        session(folder, new.key, messages=seed % 7 + 1)
        (folder / DATABASE).write_bytes(old)
        assert noticed(folder, new.key) == [Wrong.LOST]


def test_a_file_of_the_format_before_the_chain_is_an_old_file(tmp_path: Path) -> None:
    from tests.unit.store import formats

    spaces = Spaces(tmp_path)
    for number in (3, 4):
        shutil.copytree(formats.FOLDER / f"format-{number}", tmp_path / str(number))
    before, now = (info for info in spaces.list())
    assert noticed(before.folder, spaces.unlock(before, formats.PASSPHRASE)) == []
    key = spaces.unlock(now, formats.PASSPHRASE)
    assert noticed(now.folder, key) == []


def test_a_missing_head_is_noticed(new: NewSpace) -> None:
    session(new.info.folder, new.key)
    for head in new.info.folder.glob("head.*"):
        head.unlink()
    assert noticed(new.info.folder, new.key) == [Wrong.UNMARKED]
    assert noticed(new.info.folder, new.key) == []


def test_a_head_that_was_put_back_too_is_told_on_by_the_state_folder(
    new: NewSpace, state: Path, tmp_path: Path
) -> None:
    folder = new.info.folder
    session(folder, new.key, state)
    shutil.copytree(folder, tmp_path / "old")
    session(folder, new.key, state)
    put_back(folder, tmp_path / "old")
    shutil.rmtree(state / "receipts")
    assert noticed(folder, new.key, state) == [Wrong.OLDER]
    assert noticed(folder, new.key, state) == []


def test_a_state_folder_that_was_put_back_too_is_told_on_by_another_space(
    spaces: Spaces, new: NewSpace, state: Path, tmp_path: Path
) -> None:
    folder, other = new.info.folder, spaces.create("Bo", PASSPHRASE, CHEAP)
    session(folder, new.key, state)
    shutil.copytree(folder, tmp_path / "old")
    shutil.copytree(state, tmp_path / "old-state")
    session(folder, new.key, state)
    session(other.info.folder, other.key, state)  # takes the receipt in
    put_back(folder, tmp_path / "old")
    put_back(state, tmp_path / "old-state")
    session(other.info.folder, other.key, state)  # lays it out again
    assert noticed(folder, new.key, state) == [Wrong.OLDER]
    assert noticed(folder, new.key, state) == []
    assert noticed(other.info.folder, other.key, state) == []


def test_all_copies_put_back_together_are_not_noticed(
    spaces: Spaces, new: NewSpace, state: Path, tmp_path: Path
) -> None:
    """What SECURITY.md says we cannot see: nothing that remembers is left."""
    other = spaces.create("Bo", PASSPHRASE, CHEAP)
    session(new.info.folder, new.key, state)
    shutil.copytree(spaces.root, tmp_path / "old")
    shutil.copytree(state, tmp_path / "old-state")
    session(new.info.folder, new.key, state)
    session(other.info.folder, other.key, state)
    put_back(spaces.root, tmp_path / "old")
    put_back(state, tmp_path / "old-state")
    session(other.info.folder, other.key, state)
    assert noticed(new.info.folder, new.key, state) == []


def test_an_old_space_under_the_key_before_is_told_on(
    spaces: Spaces, new: NewSpace, state: Path, tmp_path: Path
) -> None:
    folder = new.info.folder
    session(folder, new.key, state)
    shutil.copytree(folder, tmp_path / "old")
    acts.new_key(folder, new.key, "another passphrase", CHEAP, guessable=False, state=state)
    renewed = spaces.unlock(new.info, "another passphrase")
    assert noticed(folder, renewed, state) == []
    put_back(folder, tmp_path / "old")
    assert noticed(folder, new.key, state) == [Wrong.OLDER]


def test_junk_in_the_state_folder_hurts_nobody(new: NewSpace, state: Path) -> None:
    session(new.info.folder, new.key, state)
    for place in ("receipts/x/x", f"receipts/{new.info.id}/x", f"receipts/x/{new.info.id}"):
        (state / place).parent.mkdir(parents=True, exist_ok=True)
        (state / place).write_bytes(b"\xff\n" + b"A" * 40 + b"\n" + b"QUJD" * 30_000)
    (state / "receipts" / "plain").write_bytes(b"x")
    for head in (state / "heads").iterdir():
        head.write_bytes(b"junk")
    assert noticed(new.info.folder, new.key, state) == [Wrong.OLDER]  # a head that proves nothing
    assert noticed(new.info.folder, new.key, state) == []


# No false alarms


def test_a_kill_after_the_log_was_moved_and_before_the_head_says_so_is_no_alarm(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_there = new.info.folder.with_name("killed")

    def then_killed(_witness: Witness, _database: object) -> None:
        shutil.copytree(new.info.folder, killed_there, dirs_exist_ok=True)

    with monkeypatch.context() as patch:
        patch.setattr(Witness, "moved", then_killed)
        session(new.info.folder, new.key)
    assert noticed(killed_there, new.key) == []


def test_at_no_moment_is_there_a_file_without_a_head(
    new: NewSpace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill at that moment would be an alarm."""
    file = HeadFile(tmp_path / "head", HeadKey(new.key))
    head = Head(0, bytes(LIFE_BYTES), 0, bytes(seal.BYTES), 0, True, 0, bytes(32))
    moments = []

    def watch(act: str) -> None:
        real = getattr(os, act)

        def watched(*arguments: object, **named: object) -> object:
            moments.append(not file.path.exists() or file.read() is not None)
            return real(*arguments, **named)

        monkeypatch.setattr(os, act, watched)

    for act in ("open", "write", "lseek", "fsync", "close"):
        watch(act)
    for settle in (True, False):
        file.write(head, settle=settle)
        head = following(head)
    assert len(moments) > 4
    assert all(moments)


def moved(info: SpaceInfo, key: SpaceKey, state: Path, chance: random.Random) -> None:
    """Another folder, another computer: with its state folder or without."""
    elsewhere = info.folder.with_name(f"moved-{chance.random()}")
    shutil.copytree(info.folder, elsewhere)
    assert noticed(elsewhere, key, state if chance.random() < 0.5 else None) == []
    shutil.rmtree(elsewhere)


def restored(info: SpaceInfo, key: SpaceKey, state: Path, _chance: random.Random) -> None:
    """A backup brought back beside the space, and in its place."""
    spaces = Spaces(info.folder.parent, state=state)
    target = info.folder.parent.parent / "backups"
    target.mkdir(exist_ok=True)
    space = Space(info.folder, key, state)
    made = backups.make(space, key, info, target)
    talk(space, 2)
    space.close()
    beside = backups.restore(made.file, lambda _header: key, spaces)
    assert noticed(beside.folder, key, state) == []
    shutil.rmtree(beside.folder)
    kept = info.folder.with_name("kept")
    info.folder.rename(kept)
    assert backups.restore(made.file, lambda _header: key, spaces).folder == info.folder
    assert noticed(info.folder, key, state) == []
    shutil.rmtree(kept)


def cleanly(info: SpaceInfo, key: SpaceKey, state: Path, chance: random.Random) -> None:
    """Open, write something or nothing, close."""
    session(info.folder, key, state, messages=chance.randrange(3))


def killed(info: SpaceInfo, key: SpaceKey, state: Path, chance: random.Random) -> None:
    """A kill while writing, checkpointing, erasing."""
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("busy.py"), info.folder, state],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{key.key.hex()}{key.salt.hex()}\n".encode())
        child.stdin.flush()
        for _ in range(chance.randrange(1, 12)):
            child.stdout.readline()
        child.kill()


@pytest.mark.torture("space.false_alarms")
@pytest.mark.parametrize(
    ("befalls", "times"), [(killed, 200), (cleanly, 200), (restored, 20), (moved, 20)]
)
def test_nothing_that_happens_to_everyone_is_an_alarm(
    befalls: Callable[[SpaceInfo, SpaceKey, Path, random.Random], None],
    times: int,
    new: NewSpace,
    state: Path,
    share: Share,
) -> None:
    for seed in range(share(times)):
        befalls(new.info, new.key, state, random.Random(seed))  # noqa: S311 - repeatable
        space = Space(new.info.folder, new.key, state)
        assert space.prove(lambda: False)
        assert space.findings() == [], seed
        space.close()


def test_a_change_of_key_is_no_alarm(spaces: Spaces, new: NewSpace, state: Path) -> None:
    session(new.info.folder, new.key, state)
    acts.new_key(new.info.folder, new.key, "another", CHEAP, guessable=False, state=state)
    renewed = spaces.unlock(new.info, "another")
    space = Space(new.info.folder, renewed, state)
    assert space.prove(lambda: False)
    assert space.findings() == []
    space.close()
    assert len(list((state / "heads").iterdir())) == 1


# The whole check


def test_a_row_that_went_unseen_is_a_gap(new: NewSpace) -> None:
    space = Space(new.info.folder, new.key)
    talk(space, 3)

    def behind_the_chain(database: Database) -> None:
        database.change('DROP TRIGGER "chain_message_DELETE"')
        database.change("DELETE FROM message WHERE id = 2")

    space._owner.do(behind_the_chain)
    assert space.prove(lambda: False)
    (finding,) = space.findings()
    assert (finding.kind, finding.changes) == (Wrong.GAP, 1)
    space.close()


def test_an_entry_that_was_exchanged_is_a_gap(new: NewSpace) -> None:
    space = Space(new.info.folder, new.key)
    talk(space, 3)
    gone = "DELETE FROM chain WHERE n = (SELECT max(n) - 2 FROM chain)"
    space._owner.do(lambda database: database.change(gone))
    assert space.prove(lambda: False)
    assert [finding.kind for finding in space.findings()] == [Wrong.GAP]
    space.close()


def test_what_is_erased_leaves_a_tombstone_and_the_chain_whole(new: NewSpace) -> None:
    space = Space(new.info.folder, new.key)
    talk(space, 3)
    before = space._owner.alone(chain.end).n
    space.bin.erase(Kind.CONVERSATION, 1)
    assert space._owner.alone(chain.end).n >= before + 4
    assert space.prove(lambda: False)
    assert space.findings() == []
    space.close()


def test_a_chain_of_rows_long_changed_is_begun_anew(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_OUTGROWN", 50)
    space = Space(new.info.folder, new.key)
    for number in range(60):
        space.save_draft(None, str(number))

    def length(database: Database) -> int:
        return len(database.rows("SELECT n FROM chain"))

    assert space._owner.alone(length) > 60
    end = space._owner.alone(chain.end).n
    assert space.prove(lambda: False)
    assert space._owner.alone(length) < 20
    assert space._owner.alone(chain.end).n > end, "it goes on counting"
    space.close()
    assert noticed(new.info.folder, new.key) == []


def test_the_check_goes_on_while_the_space_is_used(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_SLICE", 5)
    space = Space(new.info.folder, new.key)
    talk(space, 20)
    steps = 0

    def meanwhile() -> bool:
        nonlocal steps
        steps += 1
        if steps in (5, 10, 30):
            space.save_draft(None, str(steps))
        return False

    assert space.prove(meanwhile)
    assert steps > 30
    assert space.findings() == []
    assert not space.prove(lambda: True), "called off"
    space.close()
