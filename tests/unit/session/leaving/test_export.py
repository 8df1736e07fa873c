# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking everything along: whole or not at all, and readable without us."""

import json
import os
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from safespace.errors import CalledOff, SpaceError, StorageError, WrongPassphrase
from safespace.session.entrance import Entrance
from safespace.session.leaving import export
from safespace.session.session import Session
from tests.unit.session.conftest import answered, hear

READER = Path(__file__).parents[4] / "docs" / "read_export.py"
PASSPHRASE = "five quite ordinary little words"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def filled(session: Session) -> Session:
    first = answered(hear(lambda listener: session.ask(None, "Herons & storks?", listener)))
    hear(lambda listener: session.regenerate(first.message.id, listener))
    other = answered(hear(lambda listener: session.ask(None, SCRIPT, listener)))
    session.delete_conversation(other.message.conversation)
    session.save_draft(None, "not begun")
    return session


def texts(everything: dict[str, Any]) -> list[str]:
    return [one["text"] for found in everything["conversations"] for one in found["messages"]]


def test_it_is_whole_private_and_readable(filled: Session, tmp_path: Path) -> None:
    folder = filled.leaving.export(tmp_path / "new" / "folder")
    everything = json.loads((folder / "space.json").read_text("utf-8"))
    assert everything["name"] == "Ada"
    assert len(texts(everything)) == 5
    for found in everything["conversations"]:
        text = (folder / f"conversation-{found['id']}.md").read_text("utf-8")
        assert all(message["text"] in text for message in found["messages"])
    assert "Nothing here is encrypted" in (folder / "README.txt").read_text("utf-8")
    assert {file.stat().st_mode & 0o077 for file in [folder, *folder.iterdir()]} == {0}
    again = filled.leaving.export(tmp_path / "new" / "folder")  # in the same second, most likely
    assert again != folder
    assert {file.name for file in folder.parent.iterdir()} == {folder.name, again.name}


def test_the_reader_shows_all_of_it_and_runs_none(filled: Session, tmp_path: Path) -> None:
    folder = filled.leaving.export(tmp_path)
    subprocess.run([sys.executable, "-I", READER, folder], check=True, capture_output=True)
    page = (folder / "page.html").read_text("utf-8")
    everything = json.loads((folder / "space.json").read_text("utf-8"))
    assert SCRIPT not in page
    assert len(texts(everything)) == 5
    for text in [*texts(everything), "not begun", "Herons & storks?", SCRIPT]:
        assert text in unescape(page)
    for key in everything:
        assert f"<h2>{key}</h2>" in page or key in {"name", "exported", "format", "conversations"}
    assert len(READER.read_text("utf-8").splitlines()) <= 66, "one page"


def test_nothing_of_it_is_left_when_it_cannot_be_written(
    filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk gets full at each file in turn, as `os.open` stands for it."""
    opened, room, write, target = 0, 0, os.open, tmp_path / "full"

    def full(path: Any, *arguments: Any, **named: Any) -> int:
        nonlocal opened
        if Path(path).is_relative_to(target) and Path(path).suffix:  # the space keeps files too
            opened += 1
            if opened > room:
                raise OSError(28, "No space left on device")
        return write(path, *arguments, **named)

    monkeypatch.setattr(os, "open", full)
    for files in range(4):
        opened, room = 0, files
        with pytest.raises(StorageError, match="no room"):
            filled.leaving.export(target)
        assert list(target.iterdir()) == []
    room, opened = 99, 0
    filled.leaving.export(target)
    assert opened == 4, "every file had its turn"


def test_a_lock_calls_it_off_and_nothing_is_left(filled: Session, tmp_path: Path) -> None:
    filled.leaving.end()
    with pytest.raises(SpaceError, match="locked"):
        filled.leaving.export(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_who_calls_it_off_finds_nothing_of_it(filled: Session, tmp_path: Path) -> None:
    """At every moment it is asked whether to go on, and wherever it ends nothing is left."""
    asked = ends_at = 0

    def called_off() -> bool:
        nonlocal asked
        asked += 1
        return asked == ends_at

    out = tmp_path / "out"
    whole = filled.leaving.export(out, called_off)
    every = asked
    assert every > 100
    for moment in (1, every // 3, every // 2, every - 1, every):
        asked, ends_at = 0, moment
        with pytest.raises(CalledOff, match="Nothing of it is left"):
            filled.leaving.export(out, called_off)
        assert list(out.iterdir()) == [whole]


def test_what_cannot_be_removed_is_named(
    filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda *_folder, **_how: None)
    with pytest.raises(StorageError, match=r"\.safespace-export-.* Remove it by hand"):
        filled.leaving.export(tmp_path, lambda: True)


def test_what_a_kill_left_goes_with_the_next_one(filled: Session, tmp_path: Path) -> None:
    left = tmp_path / f".safespace-export-{filled.leaving._info.id}-0000"
    left.mkdir()
    (left / "space.json").write_text("half")
    foreign = tmp_path / ".safespace-export-another-0000"
    foreign.mkdir()
    filled.leaving.export(tmp_path)
    assert not left.exists()
    assert foreign.exists(), "another space may be at it this moment"


def test_the_way_out_asks_who_is_there(entrance: Entrance) -> None:
    session, code = entrance.create("Bo", PASSPHRASE)
    session.leaving.prove(PASSPHRASE)
    session.leaving.prove(code)
    with pytest.raises(WrongPassphrase):
        session.leaving.prove("wrong")
    session.close()


def test_names_hold_nothing_of_what_is_inside(filled: Session, tmp_path: Path) -> None:
    folder = filled.leaving.export(tmp_path)
    names = " ".join(file.name for file in folder.iterdir())
    assert "Ada" not in f"{folder.name} {names}"
    assert export._UNFINISHED not in folder.name


def test_an_open_space_is_erased_by_its_own_process(entrance: Entrance, session: Session) -> None:
    made = session.backups.make()
    info = entrance.find(None)
    with pytest.raises(WrongPassphrase):
        session.erase("wrong")
    session.save_draft(None, "still open")
    erased = session.erase(PASSPHRASE)
    assert {made.file, info.folder / "space.db"} <= set(erased.destroyed)
    assert erased.left == ()
    assert not info.folder.exists()
    assert entrance.spaces() == []
    session.close()  # as whoever opened it does in the end
