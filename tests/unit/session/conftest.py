# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real entrance in a temporary folder: real store, real child process, no model."""

import hashlib
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.domain import ModelCard
from safespace.errors import SafeSpaceError
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.computer import Computer
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import events
from safespace.session.turn.turns import Turn
from safespace.store.keys.wraps import Cost
from safespace.store.spaces import Spaces

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
ECHO = (sys.executable, "-I", "-m", "safespace.local_ai.worker.echo")
EMPTY_MODEL = struct.pack("<4sIQQ", b"GGUF", 3, 0, 0)
CARD = ModelCard(
    name="Echo",
    file="echo.gguf",
    maker="Safe Space",
    licence="AGPL-3.0-or-later",
    languages=frozenset({"en"}),
    not_for=frozenset(),
    demonstration=True,
    parameters=1,
    size=len(EMPTY_MODEL),
    sha256=hashlib.sha256(EMPTY_MODEL).hexdigest(),
    source="",
)

Start = Callable[[Callable[[events.Event], None]], Turn]


def hear(start: Start) -> list[events.Event]:
    """Everything a turn tells, until its end."""
    heard: list[events.Event] = []
    assert start(heard.append).wait(60)
    return heard


def answered(heard: list[events.Event]) -> events.Answered:
    last = heard[-1]
    assert isinstance(last, events.Answered), last
    return last


def failed(heard: list[events.Event]) -> SafeSpaceError:
    last = heard[-1]
    assert isinstance(last, events.Failed), last
    return last.error


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "home"


@pytest.fixture
def entrance(home: Path) -> Entrance:
    here = Computer.here()
    shelf = home / "models"
    shelf.mkdir(parents=True)
    (shelf / CARD.file).write_bytes(EMPTY_MODEL)
    catalogue = Catalogue((CARD,))
    echo = replace(
        here,
        catalogue=catalogue,
        shelf=Shelf(shelf, catalogue),
        engine=lambda: WorkerEngine(ECHO),
    )
    return Entrance(echo, Spaces(home / "spaces"), CHEAP)


@pytest.fixture
def session(entrance: Entrance) -> Iterator[Session]:
    session, _code = entrance.create("Ada", "five quite ordinary little words")
    yield session
    session.close()
