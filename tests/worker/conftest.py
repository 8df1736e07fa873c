# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real children: the echo, which can misbehave, and the worker with the starter model."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from safespace.local_ai.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Done, Event, Generation, Text
from tests.heads import write_model

ECHO = (sys.executable, "-I", "-m", "safespace.local_ai.echo")


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
