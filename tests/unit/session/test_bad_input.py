# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people and computers do to a space: each ends in one sentence, or simply works."""

import shutil
import threading
import time
import unicodedata
from pathlib import Path

import pytest

from safespace.domain import Role
from safespace.errors import Damaged, Known, NewerSpace, SafeSpaceError, StorageError, Usage
from safespace.session import entrance as entrance_
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.connection import DATABASE
from safespace.store.keys import header_copies
from safespace.store.keys.header_copies import HEADERS
from safespace.store.migrations import MIGRATIONS
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces
from tests.unit.store.conftest import SmallDisk, remount_read_only, small_disk

from .conftest import CHEAP

__all__ = ["small_disk"]

PASSPHRASE = "five quite ordinary little words"
MIB = 1 << 20


def folder_of(entrance: Entrance) -> Path:
    return entrance.find(None).folder


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def unlocked(entrance: Entrance, passphrase: str = PASSPHRASE) -> Session:
    return entrance.unlock(entrance.find(None), passphrase, warm=False)


@pytest.mark.parametrize(
    "passphrase",
    [
        "crème brûlée",
        "한국어 비밀번호",
        "👩\u200d👩\u200d👧\u200d👦 at home 🏳️\u200d🌈",
        "e\u0301\u0327\u0323 three marks",
        "ﬁve ligatures",
        "\u202eright to left",
    ],
)
def test_any_passphrase_opens_however_it_is_spelt(entrance: Entrance, passphrase: str) -> None:
    session, _code = entrance.create("Ada", passphrase)
    session.close()
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        spelt = unicodedata.normalize(form, passphrase)
        unlocked(entrance, spelt).close()


def test_an_emoji_is_not_another_one(entrance: Entrance) -> None:
    session, _code = entrance.create("Ada", "👍🏽 thumbs of every colour")
    session.close()
    with pytest.raises(SafeSpaceError, match="not the passphrase"):
        unlocked(entrance, "👍🏿 thumbs of every colour")


def test_a_passphrase_of_a_mebibyte_is_taken_and_told_apart_to_its_last_letter(
    entrance: Entrance,
) -> None:
    long = "x é 👍 " * (MIB // 8)
    assert len(long.encode()) > MIB
    begun = time.monotonic()
    session, _code = entrance.create("Ada", long)
    session.close()
    unlocked(entrance, long).close()
    with pytest.raises(SafeSpaceError, match="not the passphrase"):
        unlocked(entrance, long + "x")
    assert time.monotonic() - begun < 20, "its length must not cost more than its bytes"


def test_a_header_written_by_half_is_mended_or_named_and_nothing_is_made_anew(
    entrance: Entrance, session: Session
) -> None:
    session.close()
    folder = folder_of(entrance)
    whole = contents(folder)
    for kept in range(0, len(whole[HEADERS[0]]), 97):
        (folder / HEADERS[0]).write_bytes(whole[HEADERS[0]][:kept])
        unlocked(entrance).close()
        assert (folder / HEADERS[0]).read_bytes() == whole[HEADERS[0]]
    for name in HEADERS:
        (folder / name).write_bytes(whole[name][: len(whole[name]) // 2])
    before = contents(folder)
    assert entrance.find(None).damaged
    with pytest.raises(Damaged):
        unlocked(entrance)
    assert contents(folder) == before


def test_one_copy_half_written_anew_and_one_old_is_no_riddle(
    entrance: Entrance, session: Session
) -> None:
    """A power cut in the middle of a new passphrase: the old one or the new one opens."""
    session.close()
    folder = folder_of(entrance)
    old = (folder / HEADERS[0]).read_bytes()
    entrance.acts.new_passphrase(entrance.find(None), PASSPHRASE, "another one altogether")
    (folder / HEADERS[1]).write_bytes(old[:200])
    assert header_copies.read(folder).header
    unlocked(entrance, "another one altogether").close()


def test_after_a_newer_version_the_older_one_changes_nothing(
    entrance: Entrance, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_a_later_day(database: object) -> None:
        pass

    session.save_draft(None, "half a thought")
    session.close()
    with monkeypatch.context() as newer:
        newer.setattr("safespace.store.migrations.MIGRATIONS", (*MIGRATIONS, of_a_later_day))
        later = unlocked(entrance)
        later.save_draft(None, "a later thought")
        later.close()
    before = contents(folder_of(entrance))
    with pytest.raises(NewerSpace, match="Update Safe Space"):
        unlocked(entrance)
    after = contents(folder_of(entrance))
    assert after[DATABASE] == before[DATABASE]
    assert {name for name in after if name.startswith("space")} == {
        name for name in before if name.startswith("space")
    }
    with monkeypatch.context() as newer:
        newer.setattr("safespace.store.migrations.MIGRATIONS", (*MIGRATIONS, of_a_later_day))
        later = unlocked(entrance)
        assert later.draft(None) == "a later thought"
        assert later.truth.noticed() == []
        later.close()


def test_on_a_medium_that_cannot_be_written_one_sentence_says_so(
    entrance: Entrance,
    small_disk: SmallDisk,
    tmp_path: Path,
) -> None:
    disk = small_disk(64 * 1024)
    there = Entrance(entrance.computer, Spaces(disk / "spaces"), CHEAP)
    session, _code = there.create("Ada", PASSPHRASE)
    session.save_draft(None, "half a thought")
    made = session.backups.make(disk)
    session.close()
    folder = folder_of(there)
    before = contents(folder)
    remount_read_only(disk)
    with pytest.raises(StorageError, match="cannot be written"):
        unlocked(there)
    with pytest.raises(StorageError):
        there.create("Bo", PASSPHRASE)
    assert contents(folder) == before
    info = entrance.restore(made.file, PASSPHRASE, recovery=False, name=None)  # the way on
    back = entrance.unlock(info, PASSPHRASE, warm=False)
    assert back.draft(None) == "half a thought"
    back.close()


def space_in(entrance: Entrance) -> tuple[Path, Path]:
    """Where the folder of the one space is, and where it can be moved out of sight."""
    folder = folder_of(entrance)
    return folder, folder.parent.parent / "away"


def test_a_folder_that_vanishes_takes_nothing_that_was_acknowledged(
    entrance: Entrance, session: Session
) -> None:
    session.save_draft(None, "kept")
    here, away = space_in(entrance)
    here.rename(away)
    with pytest.raises(StorageError, match="no longer where it was"):
        session.save_draft(None, "never acknowledged")
    assert session.draft(None) == "kept"  # it can still be read, and shown
    away.rename(here)
    session.save_draft(None, "and goes on")
    here.rename(away)
    session.close()
    assert entrance.spaces() == []
    away.rename(here)
    again = unlocked(entrance)
    assert again.draft(None) == "and goes on"
    assert again.truth.noticed() == []
    again.close()


def test_a_folder_that_is_deleted_while_open_is_said_and_not_made_anew(
    entrance: Entrance, session: Session
) -> None:
    folder = folder_of(entrance)
    shutil.rmtree(folder)
    with pytest.raises(StorageError, match="no longer where it was"):
        session.save_draft(None, "into nowhere")
    with pytest.raises(Known):
        session.backups.make()
    session.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/",
        ".",
        "..",
        ".hidden",
        "C:\\Windows",
        "con",
        "a/b",
        "עדה לאבלייס",
        "آدا",
        "💜",
        "~",
        "$HOME",
        "-rf",
        "%s {0}",
        "Ada\u0301",
    ],
)
def test_a_name_is_shown_and_never_a_path(entrance: Entrance, home: Path, name: str) -> None:
    around = set(home.parent.iterdir())
    session, _code = entrance.create(name, PASSPHRASE)
    session.close()
    info = entrance.find(name)
    assert info.name == unicodedata.normalize("NFC", name)
    assert info.folder.parent == home / "spaces"
    assert info.id.isalnum()
    assert set(home.parent.iterdir()) == around
    made = entrance.unlock(info, PASSPHRASE, warm=False)
    assert made.backups.make().file.parent == home / "backups"
    made.close()


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202egnp.exe", "\x00", "a\tb", "x" * 81])
def test_a_name_that_would_deceive_is_refused(entrance: Entrance, name: str) -> None:
    with pytest.raises(Usage):
        entrance.create(name, PASSPHRASE)
    assert entrance.spaces() == []


def test_ten_thousand_junk_files_and_folders_hide_no_space(
    entrance: Entrance, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.close()
    root = folder_of(entrance).parent
    second, _code = entrance.create("Bo", PASSPHRASE)
    second.close()
    for number in range(5_000):
        (root / f"junk {number}.json").write_text("{}")
        folder = root / f"{number:016x}"
        folder.mkdir()
        if number % 100 == 0:
            (folder / "notes.txt").write_text("not a space")
    read: list[Path] = []
    real = header_copies.read

    def counted(folder: Path) -> header_copies.Copies:
        read.append(folder)
        return real(folder)

    monkeypatch.setattr(header_copies, "read", counted)
    assert [info.name for info in entrance.spaces()] == ["Ada", "Bo"]
    assert len(read) == 2, "only what can be a space is opened"
    assert entrance.find("Bo").name == "Bo"
    entrance.unlock(entrance.find("Ada"), PASSPHRASE, warm=False).close()


def test_wrong_passphrases_make_no_store(entrance: Entrance, session: Session, home: Path) -> None:
    session.close()
    info = entrance.find(None)
    (info.folder / DATABASE).rename(info.folder / "moved aside")
    for passphrase in ("wrong", PASSPHRASE, "", "wrong again"):
        with pytest.raises(SafeSpaceError):
            entrance.unlock(info, passphrase, warm=False)
    assert not (info.folder / DATABASE).exists()
    assert [one.id for one in entrance.spaces()] == [info.id]


def test_an_opening_that_fails_halfway_leaves_nothing_open(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    entrance.create("Ada", "five quite ordinary little words")[0].close()
    info = entrance.find("Ada")
    with monkeypatch.context() as fault:
        fault.setattr(entrance_, "AtEntrance", refuse)
        with pytest.raises(StorageError):
            entrance.unlock(info, "five quite ordinary little words", warm=False)
        assert not {"space-owner", "backups"} & {one.name for one in threading.enumerate()}
        assert not entrance.is_held(info)
    entrance.unlock(info, "five quite ordinary little words").close()


def test_a_space_whose_code_nobody_saw_is_not_there(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as fault:
        fault.setattr(entrance_, "AtEntrance", refuse)
        with pytest.raises(StorageError):
            entrance.create("Ada", "five quite ordinary little words")
    assert entrance.spaces() == []
    entrance.create("Ada", "five quite ordinary little words")[0].close()


def refuse(*_: object) -> None:
    raise StorageError("The disk is full.")


def test_a_space_needs_its_folder(tmp_path: Path) -> None:
    """A space whose folder is gone between the list and the unlock is no crash."""
    spaces = Spaces(tmp_path)
    new = spaces.create("Ada", PASSPHRASE, CHEAP)
    space = Space(new.info.folder, new.key)
    space.add_message(space.new_conversation("a").id, None, Role.MEMBER, "hello")
    space.close()
    gone = SpaceInfo(new.info.id, "Ada", tmp_path / "gone")
    with pytest.raises(SafeSpaceError):
        spaces.unlock(gone, PASSPHRASE)
    with pytest.raises(SafeSpaceError):
        Space(gone.folder, new.key)
    assert not gone.folder.exists()
