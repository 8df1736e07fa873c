# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's fetching: cleared, recorded, carried by a real steward that outlives the space."""

import hashlib
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from socket import socket

import psutil
import pytest

from safespace.domain import ModelCard
from safespace.errors import NotCleared, StorageError, Usage
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session import timeline
from safespace.session.entrance import Entrance
from safespace.session.fetching.order import Notes, Order, Progress, Stage
from safespace.session.file_lock import is_held
from safespace.session.session import Session
from safespace.store.rooms.activity import ActivityEntry, Outcome
from safespace.store.space import Space
from tests.heads import gguf
from tests.unit.door.far_side import FarSide, far_side
from tests.unit.session.conftest import CARD
from tests.unit.session.fetching.far_shelf import FarShelf

PASSPHRASE = "five quite ordinary little words"
CONTENT = gguf({"general.architecture": "llama"}) + random.Random(7).randbytes(  # noqa: S311
    200_000
)


class Held(FarShelf):
    """Gives half at once, and the rest when it is let go."""

    def __init__(self) -> None:
        super().__init__(CONTENT)
        self.go = threading.Event()
        self.half_way = threading.Event()

    def __call__(self, side: FarSide, line: socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(CONTENT)}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode() + CONTENT[: len(CONTENT) // 2])
        self.half_way.set()
        self.go.wait(60)
        line.sendall(CONTENT[len(CONTENT) // 2 :])


def card_at(side: FarSide) -> ModelCard:
    return replace(
        CARD,
        name="Far",
        file="far.gguf",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        address=f"http://127.0.0.1:{side.port}/far.gguf",
    )


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "models"


@pytest.fixture
def held() -> Iterator[Held]:
    one = Held()
    yield one
    one.go.set()


def entries(session: Session) -> list[ActivityEntry]:
    return [line for line in session.activity.lines() if isinstance(line, ActivityEntry)]


def until(come_true: Callable[[], bool]) -> None:
    patience = threading.Event()
    for _look in range(1200):
        if come_true():
            return
        patience.wait(0.05)
    raise AssertionError("it never came true")


def test_while_the_switch_is_off_nothing_is_asked(session: Session, folder: Path) -> None:
    with far_side(FarShelf(CONTENT)) as side:
        with pytest.raises(NotCleared, match="switched off"):
            session.fetching.get(card_at(side))
        assert side.lines == 0
    assert entries(session) == []
    assert session.fetching.every() == []


def test_it_is_recorded_fetched_and_on_the_shelf(session: Session, folder: Path) -> None:
    session.set("door.models", "on")
    with far_side(FarShelf(CONTENT)) as side:
        card = card_at(side)
        assert session.fetching.get(card).stage is Stage.RUNNING
        assert session.fetching.wait(60)
    assert (folder / "far.gguf").read_bytes() == CONTENT
    (entry,) = entries(session)
    assert entry.outcome is Outcome.ANSWERED
    assert entry.destination == card.address
    assert entry.kind is None
    assert timeline.left(entry)
    assert "far.gguf" in timeline.sentence(entry)
    assert card.address in " ".join(timeline.details(entry))
    assert timeline.what_left([entry]) == "1 file of a model was asked for."
    assert session.fetching.every() == []
    shelf = Shelf(folder, Catalogue((card,)))
    assert shelf.choose("Far").card == card


def test_where_the_record_cannot_be_written_nothing_is_asked(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.set("door.models", "on")

    def full(*_given: object) -> int:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(session.activity, "record", full)
    with far_side(FarShelf(CONTENT)) as side:
        with pytest.raises(StorageError):
            session.fetching.get(card_at(side))
        assert side.lines == 0
    assert not is_held(Notes(session.fetching.folder, "far.gguf").held)


def test_what_nobody_verified_is_not_fetched(session: Session) -> None:
    session.set("door.models", "on")
    for changes in ({"sha256": None}, {"address": ""}, {"file": "../far.gguf"}):
        with far_side(FarShelf(CONTENT)) as side:
            with pytest.raises(Usage, match="cannot be fetched"):
                session.fetching.get(replace(card_at(side), **changes))
            assert side.lines == 0


def test_it_goes_on_while_the_space_is_locked_and_the_record_hears_of_it(
    entrance: Entrance, held: Held, folder: Path
) -> None:
    session, _code = entrance.create("Ada", PASSPHRASE)
    session.set("door.models", "on")
    with far_side(held) as side:
        session.fetching.get(card_at(side))
        assert held.half_way.wait(60)
        children = psutil.Process().children()
        (steward,) = [child for child in children if "steward" in child.cmdline()]
        assert os.getsid(steward.pid) != os.getsid(0)  # no Ctrl-C of ours reaches it
        session.close()
        assert is_held(Notes(folder, "far.gguf").held)
        assert not (folder / "far.gguf").exists()
        held.go.set()
        until((folder / "far.gguf").exists)
        until(lambda: not is_held(Notes(folder, "far.gguf").held))
    again = entrance.unlock(entrance.find("Ada"), PASSPHRASE, warm=False)
    try:
        (entry,) = entries(again)
        assert entry.outcome is Outcome.ANSWERED
        assert again.fetching.every() == []
    finally:
        again.close()


def test_it_can_be_paused_and_given_up(session: Session, held: Held, folder: Path) -> None:
    session.set("door.models", "on")
    with far_side(held) as side:
        session.fetching.get(card_at(side))
        assert held.half_way.wait(60)
        with pytest.raises(Usage, match="already"):
            session.fetching.get(card_at(side))
        with pytest.raises(Usage, match="just now"):
            session.fetching.drop("far.gguf")
        session.fetching.pause("far.gguf")
        assert session.fetching.wait(60)
        held.go.set()
    (progress,) = session.fetching.every()
    assert progress.stage is Stage.PAUSED
    assert progress.done > 0
    session.fetching.drop("far.gguf")
    assert session.fetching.every() == []
    assert [file.name for file in folder.iterdir()] == ["echo.gguf"]
    (entry,) = entries(session)
    assert entry.outcome is Outcome.STOPPED


def test_switching_it_off_stops_what_runs(session: Session, held: Held, folder: Path) -> None:
    session.set("door.models", "on")
    with far_side(held) as side:
        session.fetching.get(card_at(side))
        assert held.half_way.wait(60)
        session.set("door.models", "off")
        assert session.fetching.wait(60)
        held.go.set()
    (progress,) = session.fetching.every()
    assert progress.stage is Stage.PAUSED


def test_one_that_was_killed_is_told_as_paused_and_goes_on(session: Session, folder: Path) -> None:
    notes = Notes(folder, "far.gguf")
    with far_side(FarShelf(CONTENT)) as side:
        order = Order.of(card_at(side))
        notes.part.write_bytes(CONTENT[:1000])
        notes.tell(Progress("Far", order.file, 1000, order.size, Stage.RUNNING))
        (progress,) = session.fetching.every()
        assert progress.stage is Stage.PAUSED
        session.set("door.models", "on")
        session.fetching.get(card_at(side))
        assert session.fetching.wait(60)
        assert b"bytes=1000-" in side.heard[0]
    assert (folder / "far.gguf").read_bytes() == CONTENT


def test_notes_that_somebody_spoilt_are_left_aside(session: Session, folder: Path) -> None:
    for text in ("", "{}", "[1]", '{"name": 1, "file": 2, "done": "x", "size": 1, "stage": "a"}'):
        (folder / "far.gguf.fetching").write_text(text, "utf-8")
        assert session.fetching.every() == []
    (folder / "far.gguf.fetching").write_bytes(b"\xff\xfe")
    assert session.fetching.every() == []


def test_a_steward_holds_no_key_and_knows_no_space() -> None:
    show = "import sys, safespace.session.fetching.steward; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", show], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "safespace.door.transport" in loaded  # the control: it sees what is loaded
    for part in ("store", "guard", "ui", "cli", "session.session"):
        assert not [name for name in loaded if name.startswith(f"safespace.{part}")]
    assert Space.__module__ not in loaded
    assert "sqlcipher3" not in loaded


def test_an_order_that_is_none_ends_the_steward(folder: Path) -> None:
    folder.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-I", "-m", "safespace", "steward", str(folder)],
        input=b"{}\n",
        check=False,
    )
    assert done.returncode == 2
    assert list(folder.iterdir()) == []
