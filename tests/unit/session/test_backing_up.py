# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups of an open space: by themselves, on demand, and when the space cannot be opened."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from safespace.errors import Damaged, SafeSpaceError, StorageError, WrongPassphrase
from safespace.session import backing_up
from safespace.session.checks import checkup
from safespace.session.computer import Computer
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.backups import backups, reserve
from safespace.store.backups.backups import Backup
from safespace.store.spaces import Spaces

from .conftest import CHEAP

PASSPHRASE = "five quite ordinary little words"


def reopened(entrance: Entrance) -> Session:
    return entrance.unlock(entrance.find(None), PASSPHRASE, warm=False)


def test_one_a_day_is_made_by_itself(
    entrance: Entrance, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "FIRST_S", 0.0)
    monkeypatch.setattr(backing_up, "AGAIN_S", 0.01)
    session, _code = entrance.create("Ada", PASSPHRASE)
    until = time.monotonic() + 30
    while not session.backups.kept():
        assert time.monotonic() < until
        time.sleep(0.01)
    time.sleep(0.1)  # several more looks
    assert len(session.backups.kept()) == 1
    session.close()
    session = reopened(entrance)
    session.close()  # in the middle of whatever it was doing
    assert [file.name for file in (home / "backups").iterdir() if file.name[0] != "."] == [
        session.backups.kept()[0].file.name
    ]


def test_why_none_could_be_made_is_kept_until_one_is(
    entrance: Entrance, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "FIRST_S", 0.0)
    monkeypatch.setattr(backing_up, "AGAIN_S", 0.01)
    home.joinpath("backups").touch()  # where a folder should be
    session, _code = entrance.create("Ada", PASSPHRASE)
    until = time.monotonic() + 30
    while not isinstance(session.backups.problem, StorageError):
        assert time.monotonic() < until
        time.sleep(0.01)
    home.joinpath("backups").unlink()
    while session.backups.problem:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert session.backups.kept()
    session.close()


def test_the_one_that_is_due_is_made_before_the_space_closes(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.backups.due()
    assert session.backups.at_close() == session.backups.kept()[0]
    assert not session.backups.due()
    assert session.backups.at_close() is None  # one a day
    session.set("backup.folder", str(tmp_path / "stick"))
    assert not session.backups.due()  # nobody waits for a stick that is not there
    assert session.backups.at_close() is None
    (tmp_path / "stick").mkdir()
    monkeypatch.setattr(backing_up, "AT_CLOSE_S", -1.0)
    assert session.backups.at_close() is None  # it takes too long
    assert session.backups.due()
    assert list((tmp_path / "stick").iterdir()) == []


@pytest.mark.parametrize("way", ["skip", "end"])
def test_skipped_or_locked_nothing_of_it_is_left(
    session: Session, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, make = Event(), backups.make

    def slow(*arguments: Any, stopped: Callable[[], bool], **named: Any) -> Backup:
        begun.set()
        until = time.monotonic() + 30
        while not stopped():
            assert time.monotonic() < until
            time.sleep(0.01)
        return make(*arguments, stopped=stopped, **named)

    monkeypatch.setattr(backups, "make", slow)
    made: list[Backup | None] = []
    closing = Thread(target=lambda: made.append(session.backups.at_close()))
    closing.start()
    assert begun.wait(30)
    getattr(session.backups, way)()
    closing.join(30)
    assert made == [None]
    assert session.backups.kept() == []
    assert list(session.backups.folder.iterdir()) == []


def test_into_a_folder_of_choice(session: Session, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    session.set("backup.folder", str(stick))
    with pytest.raises(StorageError, match="stick is not there"):
        session.backups.make()
    assert not stick.exists()  # what is mounted there later would hide it
    stick.mkdir()
    made = session.backups.make()
    assert made.file.parent == stick
    assert session.backups.kept() == [made]
    session.backups.verify(made)
    other = tmp_path / "other"
    other.mkdir()
    assert session.backups.make(other).file.parent == other
    assert session.backups.kept() == [made]


def test_a_folder_that_is_away_is_said_at_unlock(entrance: Entrance, tmp_path: Path) -> None:
    session, _code = entrance.create("Ada", PASSPHRASE)
    assert not session.notice
    session.set("backup.folder", str(tmp_path / "stick"))
    session.close()
    session = reopened(entrance)
    assert "stick is not there" in session.notice
    session.close()
    found = {finding.id: finding for finding in checkup.findings(entrance.computer)}
    assert not found["backups"].well


@pytest.mark.parametrize("damage", [("space.db",), ("space.json", "space.copy.json")])
def test_a_damaged_space_names_its_newest_backup(
    entrance: Entrance, session: Session, damage: tuple[str, ...]
) -> None:
    session.backups.make()
    made = session.backups.make()
    session.close()
    info = entrance.find(None)
    for name in damage:
        file = info.folder / name
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(Damaged) as said:
        entrance.unlock(entrance.find(None), PASSPHRASE)
    assert f"safespace space restore {made.file}" in said.value.way_on

    back = entrance.restore(made.file, PASSPHRASE, recovery=False, name=None)
    assert len(entrance.spaces()) == 2
    entrance.unlock(back, PASSPHRASE, warm=False).close()


def test_a_move_takes_one_file_and_the_recovery_code(entrance: Entrance, tmp_path: Path) -> None:
    session, code = entrance.create("Ada", PASSPHRASE)
    session.save_draft(None, "half a thought")
    made = session.backups.make(tmp_path)
    session.close()
    new_computer = Entrance(entrance.computer, Spaces(tmp_path / "new" / "spaces"), CHEAP)
    with pytest.raises(WrongPassphrase):
        new_computer.restore(made.file, PASSPHRASE, recovery=True, name=None)
    assert not new_computer.spaces()
    assert new_computer.drill(made.file, code, recovery=True) == made.made
    info = new_computer.restore(made.file, code, recovery=True, name=None)
    session = new_computer.unlock_with_recovery(info, code)
    assert session.draft(None) == "half a thought"
    session.close()


def test_every_space_keeps_a_reserve(entrance: Entrance, session: Session) -> None:
    assert (entrance.find(None).folder / reserve.FILE).stat().st_size == reserve.SIZE


def test_a_space_in_a_sync_folder_is_warned_of(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path / "Nextcloud"))
    computer = Computer.here()
    found = {finding.id: finding for finding in checkup.findings(computer)}
    assert not found["sync"].well
    assert "Nextcloud" in found["sync"].seen
    here = Entrance(computer, Spaces(tmp_path / "Nextcloud" / "spaces"), CHEAP)
    session, _code = here.create("Ada", PASSPHRASE)
    assert "Nextcloud" in session.notice
    session.close()


def test_what_a_lock_called_off_is_made_after_the_next_unlock(
    entrance: Entrance, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _code = entrance.create("Ada", PASSPHRASE)
    chosen = home / "stick"
    chosen.mkdir(parents=True)
    reached, go_on = Event(), Event()
    make = backups.make

    def slow(*arguments: Any, stopped: Callable[[], bool], **options: Any) -> Backup:
        reached.set()
        assert go_on.wait(30)
        return make(*arguments, stopped=stopped, **options)

    def wanted() -> None:
        with pytest.raises(SafeSpaceError):
            session.backups.make(chosen)

    monkeypatch.setattr(backups, "make", slow)
    making = Thread(target=wanted)
    making.start()
    assert reached.wait(30)
    locking = Thread(target=session.close)
    locking.start()
    while not session.backups._ended.is_set():
        time.sleep(0.01)
    go_on.set()
    making.join()
    locking.join()
    assert [file for file in chosen.iterdir() if file.name[0] != "."] == []
    monkeypatch.setattr(backups, "make", make)
    monkeypatch.setattr(backing_up, "FIRST_S", 0.0)
    session = reopened(entrance)
    until = time.monotonic() + 30
    while not [file for file in chosen.iterdir() if file.name[0] != "."]:
        assert time.monotonic() < until
        time.sleep(0.01)
    session.close()
    session = reopened(entrance)
    time.sleep(0.1)
    session.close()
    assert len(backups.kept(chosen, session.backups._info.id)) == 1
