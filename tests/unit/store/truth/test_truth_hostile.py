# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody with the same account, or a bad disk, can do to what keeps the truth."""

import os
import shutil
from pathlib import Path

import pytest

from safespace.errors import StorageError
from safespace.store import acts
from safespace.store.connection import DATABASE, Database
from safespace.store.proofs.repair import repair
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces
from safespace.store.truth.head import HeadFile, later, new_life
from safespace.store.truth.witness import Wrong, forget
from tests.unit.store.conftest import CHEAP, PASSPHRASE
from tests.unit.store.truth.test_truth import noticed, put_back, session, state, talk

__all__ = ("state",)


def test_a_head_and_a_log_that_went_together_are_told_on(
    new: NewSpace, state: Path, tmp_path: Path
) -> None:
    """The state folder's head is as old as the database then, so it alone would see nothing."""
    folder = new.info.folder
    session(folder, new.key, state)
    space = Space(folder, new.key, state)
    talk(space, 5)
    shutil.copytree(folder, tmp_path / "killed")
    shutil.copytree(state, tmp_path / "killed-state")
    space.close()
    put_back(folder, tmp_path / "killed")
    put_back(state, tmp_path / "killed-state")
    (folder / f"{DATABASE}-wal").unlink()
    for head in folder.glob("head.*"):
        head.unlink()
    shutil.rmtree(state / "receipts", ignore_errors=True)
    assert noticed(folder, new.key, state) == [Wrong.UNMARKED]
    assert noticed(folder, new.key, state) == []


def test_a_gap_that_was_ticked_off_is_not_said_again(new: NewSpace) -> None:
    space = Space(new.info.folder, new.key)
    talk(space, 3)

    def behind_the_chain(database: Database) -> None:
        database.change('DROP TRIGGER "chain_message_DELETE"')
        database.change("DELETE FROM message WHERE id = 2")

    space._owner.do(behind_the_chain)
    assert space.prove(lambda: False)
    (finding,) = space.findings()
    assert finding.kind is Wrong.GAP
    space.tick_off(finding.id)
    assert space.prove(lambda: False)
    assert space.findings() == []
    space.close()


def test_a_folder_that_vanishes_leaves_the_thread_that_owns_the_space(new: NewSpace) -> None:
    """It would die of an error it does not know, and whoever asks next would wait for ever."""
    folder = new.info.folder
    space = Space(folder, new.key)
    talk(space, 1)
    space._owner.alone(lambda database: database.witness.before_moving())
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(StorageError):
        space._owner.alone(lambda database: database.settle())
    folder.with_name("elsewhere").rename(folder)
    assert len(space.conversations()) == 1
    space.close()
    assert noticed(folder, new.key) == []


def test_one_place_that_takes_no_receipt_does_not_keep_the_others_from_it(
    spaces: Spaces, new: NewSpace, state: Path
) -> None:
    bo = spaces.create("Bo", PASSPHRASE, CHEAP)
    cy = spaces.create("Cy", PASSPHRASE, CHEAP)
    for other in (bo, cy):
        session(other.info.folder, other.key, state)
    first, last = sorted(state / "receipts" / made.info.id for made in (bo, cy))
    (first / new.info.id).mkdir()
    session(new.info.folder, new.key, state)
    assert (last / new.info.id).is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_among_the_receipts_keeps_nobody_waiting(new: NewSpace, state: Path) -> None:
    for place in (f"x/{new.info.id}", "x/x", f"{new.info.id}/x"):
        (state / "receipts" / place).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(state / "receipts" / place)
    assert noticed(new.info.folder, new.key, state) == []


def test_a_folder_whose_name_begins_alike_is_another_space(new: NewSpace, state: Path) -> None:
    """As "ab" and "ab.old" do, where a member keeps a copy of the folder beside it."""
    folder = new.info.folder
    beside = folder.with_name(f"{folder.name}.old")
    shutil.copytree(folder, beside)
    session(beside, new.key, state)
    head = next((state / "heads").glob(f"{beside.name}.*"))
    session(folder, new.key, state)
    assert head.exists()
    forget(state, folder.name)
    assert head.exists()
    assert not list((state / "heads").glob(f"{folder.name}.{head.suffix[1:]}"))


def test_a_disk_that_knows_no_links_can_be_repaired_on(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "as a FAT stick says")

    session(new.info.folder, new.key)
    before = (new.info.folder / DATABASE).read_bytes()
    monkeypatch.setattr(Path, "hardlink_to", refused)
    repaired = repair(new.info.folder, new.key, None)
    assert repaired.aside.read_bytes() == before
    assert noticed(new.info.folder, new.key) == [Wrong.REPAIRED]


def test_an_earlier_life_put_back_with_its_state_is_told_on_by_another_space(
    spaces: Spaces, new: NewSpace, state: Path, tmp_path: Path
) -> None:
    folder, other = new.info.folder, spaces.create("Bo", PASSPHRASE, CHEAP)
    session(folder, new.key, state, messages=20)
    shutil.copytree(folder, tmp_path / "old")
    shutil.copytree(state, tmp_path / "old-state")
    for head in folder.glob("head.*"):
        head.unlink()
    assert noticed(folder, new.key, state) == [Wrong.UNMARKED]  # and so begins another life
    session(other.info.folder, other.key, state)
    put_back(folder, tmp_path / "old")
    put_back(state, tmp_path / "old-state")
    session(other.info.folder, other.key, state)
    assert noticed(folder, new.key, state) == [Wrong.OLDER]
    assert noticed(folder, new.key, state) == []


def test_the_space_of_the_key_before_is_told_on_by_another_space(
    spaces: Spaces, new: NewSpace, state: Path, tmp_path: Path
) -> None:
    folder, other = new.info.folder, spaces.create("Bo", PASSPHRASE, CHEAP)
    session(folder, new.key, state)
    shutil.copytree(folder, tmp_path / "old")
    shutil.copytree(state, tmp_path / "old-state")
    acts.new_key(folder, new.key, "another passphrase", CHEAP, guessable=False, state=state)
    renewed = spaces.unlock(new.info, "another passphrase")
    session(folder, renewed, state)
    session(other.info.folder, other.key, state)
    assert noticed(folder, renewed, state) == []
    put_back(folder, tmp_path / "old")
    put_back(state, tmp_path / "old-state")
    session(other.info.folder, other.key, state)
    assert noticed(folder, new.key, state) == [Wrong.OLDER]


def test_a_kill_between_the_two_heads_of_a_new_life_is_no_alarm(
    new: NewSpace, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = new.info.folder
    session(folder, new.key, state)
    for head in folder.glob("head.*"):
        head.unlink()
    write = HeadFile.write

    def written_here_alone(file: HeadFile, *head: object, **how: object) -> None:
        if file.path.parent == folder:
            write(file, *head, **how)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(HeadFile, "write", written_here_alone)
        assert noticed(folder, new.key, state) == [Wrong.UNMARKED]
    assert noticed(folder, new.key, state) == []


def test_a_life_is_later_than_those_it_follows_even_where_the_clock_went_back() -> None:
    far = (1 << 52).to_bytes(8, "big") + bytes(8)
    assert later(new_life(far), far)
    assert not later(far, new_life(far))
    of_the_first_format = b"\xff" * 16
    assert not later(of_the_first_format, far)
    assert not later(far, of_the_first_format)
    assert later(far, new_life(of_the_first_format))


def test_a_head_that_cannot_be_written_keeps_the_log_out_of_the_database(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would move it on closing, and the head would take the file for an exchanged one."""
    folder = new.info.folder
    session(folder, new.key)

    def refuse(*_: object, **__: object) -> None:
        raise StorageError("full", "make room")

    space = Space(folder, new.key)
    with monkeypatch.context() as patch:
        patch.setattr(HeadFile, "write", refuse)
        talk(space, 3)
        space.close()
    assert (folder / f"{DATABASE}-wal").stat().st_size
    assert noticed(folder, new.key) == []
    space = Space(folder, new.key)
    assert sum(len(space.branch(one.id)) > 0 for one in space.conversations()) == 2
    space.close()
