# SPDX-License-Identifier: AGPL-3.0-or-later
"""Levels that race: whatever happens at once, what was lower holds."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from safespace.domain import Level
from safespace.errors import Usage
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import Engine
from safespace.session.session import Session


def test_a_lower_level_that_comes_between_holds(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = session._desk.space
    keep = space.set_level

    def slowly(level: Level) -> int:
        if level is Level.AT_MY_SIDE:
            down = threading.Thread(target=session.set_level, args=(Level.NO_AI,))
            down.start()
            down.join()
        return keep(level)

    monkeypatch.setattr(space, "set_level", slowly)
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    assert session.level() is Level.NO_AI
    monkeypatch.undo()
    assert space.level()[0] is Level.NO_AI
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    assert session.level() is Level.WHEN_I_ASK


def test_going_down_cuts_what_is_measured(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it comes after the first look: then nothing is measured at all."""
    (model,) = session.models()
    assert session.engagement.measure(model) > 0
    closed, load = [], WorkerEngine.load

    def lowered(engine: WorkerEngine, *what: Any) -> None:
        load(engine, *what)
        session.set_level(Level.NO_AI)
        closed.append(engine._child is None)

    monkeypatch.setattr(WorkerEngine, "load", lowered)
    monkeypatch.setattr(WorkerEngine, "generate", lambda *_: iter(()))
    with pytest.raises(Usage):
        session.engagement.measure(model)
    assert closed == [True]
    with pytest.raises(Usage, match="asked now"):
        session.engagement.measure(model)
    monkeypatch.undo()
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    begin = session._desk.computer.engine

    def late() -> Engine:
        session.set_level(Level.NO_AI)
        return begin()

    session._desk.computer = replace(session._desk.computer, engine=late)
    with pytest.raises(Usage, match="asked now"):
        session.engagement.measure(model)


def test_the_highest_level_is_the_fourth_without_limits(session: Session) -> None:
    assert session.engagement.highest() is Level.COOPERATIVE
