# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real children: the echo, which can misbehave, and the worker with the starter model."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Done, Event, Generation, Text
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.computer import Computer
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.keys.wraps import Cost
from safespace.store.spaces import Spaces
from tests.heads import write_model

ECHO = (sys.executable, "-I", "-m", "safespace.local_ai.worker.echo")


def asking(text: str, max_tokens: int = 64) -> Generation:
    turns = (ChatTurn("system", "You are a helpful assistant."), ChatTurn("user", text))
    return Generation(turns, max_tokens)


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


def done(events: list[Event]) -> Done:
    last = events[-1]
    assert isinstance(last, Done), last
    return last


def pid_of(engine: WorkerEngine) -> int:
    """Of the child that is there now: what a test kills from outside."""
    assert engine._child is not None
    return engine._child.pid


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[WorkerEngine]:
    """An engine whose model repeats what it is told."""
    engine = WorkerEngine(ECHO)
    engine.load(write_model(tmp_path / "echo.gguf"))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def starter(starter_model: Path) -> Iterator[WorkerEngine]:
    """The real worker with the starter model; whoever kills it leaves it usable."""
    engine = WorkerEngine(models=starter_model.parent)
    engine.load(starter_model)
    yield engine
    engine.close()


@pytest.fixture
def engine(starter_model: Path) -> Iterator[WorkerEngine]:
    """The engine of `session`, to do something to."""
    engine = WorkerEngine(threads=1, models=starter_model.parent)
    yield engine
    engine.close()


@pytest.fixture
def session(
    engine: WorkerEngine, starter_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """An open space on the shelf with the starter model, and the real worker."""
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    here = Computer.here()
    shelf = Shelf(starter_model.parent, here.catalogue)
    computer = replace(here, shelf=shelf, engine=lambda: engine)
    entrance = Entrance(computer, Spaces(tmp_path / "spaces"), Cost(8, 1, 1))
    session, _code = entrance.create("Ada", "five quite ordinary little words")
    yield session
    session.close()
