# SPDX-License-Identifier: AGPL-3.0-or-later
"""An adapter and the sampling in a turn: chosen by the member, told on the mark, bounded."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safespace.domain import NO_LIMITS, Message
from safespace.errors import Usage
from safespace.local_ai.engine import Adapter, Event, Generation
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from tests.lora import write_adapter
from tests.unit.session.conftest import answered, failed, hear


@pytest.fixture
def wearing(session: Session, entrance: Entrance, tmp_path: Path) -> Session:
    """A session whose member chose an adapter."""
    session.adapters.add(write_adapter(tmp_path / "poet.gguf"))
    session.set("assistant.adapter", "poet.gguf")
    assert entrance.computer.adapters.every()
    return session


def asked(session: Session) -> Message:
    return answered(hear(lambda listen: session.ask(None, "Say it again please", listen))).message


@pytest.fixture
def seen(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine is to load and to answer."""
    heard: list[Any] = []
    engine = session._desk.engine
    load, generate = engine.load, engine.generate

    def loading(model: Path, adapter: Adapter | None = None) -> None:
        heard.append(adapter)
        load(model, adapter)

    def generating(request: Generation) -> Iterator[Event]:
        heard.append(request)
        return generate(request)

    monkeypatch.setattr(engine, "load", loading)
    monkeypatch.setattr(engine, "generate", generating)
    return heard


def test_an_adapter_is_worn_and_named_beside_the_answer(wearing: Session, seen: list[Any]) -> None:
    wearing.set("assistant.adapter_strength", 0.5)
    answer = asked(wearing)
    assert answer.mark
    assert (answer.mark.model, answer.mark.adapter) == ("Echo", "poet")
    assert (seen[0].file.name, seen[0].strength) == ("poet.gguf", 0.5)
    assert "Written by AI: Echo + poet," in wearing.answers.copied(answer)
    wearing.set("assistant.adapter_strength", 0.0)
    plain = asked(wearing)
    assert plain.mark
    assert plain.mark.adapter is None
    assert seen[2] is None


def test_limits_that_name_models_leave_no_room_for_one(
    wearing: Session, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(NO_LIMITS, models=frozenset({"echo.gguf"}))
    monkeypatch.setattr(wearing._desk.limits, "in_force", lambda: limits)
    answer = asked(wearing)
    assert answer.mark
    assert answer.mark.adapter is None
    assert seen[0] is None


def test_one_that_is_gone_is_said_and_the_question_stays(wearing: Session) -> None:
    wearing.adapters.remove("poet.gguf")
    problem = failed(hear(lambda listen: wearing.ask(None, "Say it again please", listen)))
    assert "poet" in str(problem)
    assert [message.text for message in wearing.transcript(wearing.conversations()[0].id)] == [
        "Say it again please"
    ]


def test_how_it_answers_is_what_the_settings_say(session: Session, seen: list[Any]) -> None:
    for key, value in (("temperature", 0.7), ("breadth", 0.5), ("repetition", 1.25)):
        session.set(f"assistant.{key}", value)
    asked(session)
    (request,) = [one for one in seen if isinstance(one, Generation)]
    assert (request.temperature, request.top_p, request.repeat_penalty) == (0.7, 0.5, 1.25)
    for key, value in (("temperature", 1.6), ("breadth", 0.2), ("repetition", 1.4)):
        with pytest.raises(Usage):
            session.set(f"assistant.{key}", value)
