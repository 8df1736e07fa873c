# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two members of one computer ask at once: one after another, and the second is told."""

import threading
from collections.abc import Iterator

import pytest

from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import asking, events, line, tickets
from tests.unit.session.conftest import answered


@pytest.fixture
def two(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Session, Session]]:
    monkeypatch.setattr(line, "_LOOK_S", 0.001)
    monkeypatch.setattr(tickets, "TRIES", 10**6)  # however busy this computer is
    ada, _code = entrance.create("Ada", "five quite ordinary little words")
    ben, _code = entrance.create("Ben", "five other quite ordinary words")
    yield ada, ben
    ada.close()
    ben.close()


def test_the_second_waits_and_is_told(two: tuple[Session, Session]) -> None:
    ada, ben = two
    heard_by_ada: list[events.Event] = []
    heard_by_ben: list[events.Event] = []
    speaking, waiting = threading.Event(), threading.Event()

    def ada_hears(event: events.Event) -> None:
        heard_by_ada.append(event)
        if isinstance(event, events.Words):
            speaking.set()
            assert waiting.wait(60)  # she goes on only once Ben was told

    def ben_hears(event: events.Event) -> None:
        heard_by_ben.append(event)
        if isinstance(event, events.Waiting):
            waiting.set()

    first = ada.ask(None, "hello from Ada", ada_hears)
    assert speaking.wait(60)
    second = ben.ask(None, "hello from Ben", ben_hears)
    assert first.wait(60)
    assert second.wait(60)
    assert answered(heard_by_ada).message.text == "hello from Ada"
    assert answered(heard_by_ben).message.text == "hello from Ben"
    assert not any(isinstance(event, events.Waiting) for event in heard_by_ada)
    kinds = [type(event) for event in heard_by_ben]
    assert kinds.index(events.Waiting) < kinds.index(events.Preparing)


def test_who_waits_can_stop(two: tuple[Session, Session]) -> None:
    ada, ben = two
    speaking, over = threading.Event(), threading.Event()

    def ada_hears(event: events.Event) -> None:
        if isinstance(event, events.Words):
            speaking.set()
            assert over.wait(60)

    heard: list[events.Event] = []

    def ben_hears(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Waiting):
            threading.Thread(target=ben.stop).start()

    first = ada.ask(None, "hello from Ada", ada_hears)
    assert speaking.wait(60)
    second = ben.ask(None, "hello from Ben", ben_hears)
    assert second.wait(60)
    assert answered(heard).message.partial
    assert answered(heard).message.text == ""
    over.set()
    assert first.wait(60)


def test_who_keeps_their_turn_for_too_long_is_passed_by_with_a_sentence(
    two: tuple[Session, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "LONGEST_S", 0.0)
    ada, ben = two
    speaking, over = threading.Event(), threading.Event()

    def ada_hears(event: events.Event) -> None:
        if isinstance(event, events.Words):
            speaking.set()
            assert over.wait(60)

    first = ada.ask(None, "hello from Ada", ada_hears)
    assert speaking.wait(60)
    parts = list(asking.ask(ben, "hello from Ben"))
    over.set()
    assert first.wait(60)
    assert parts.index({"waiting": True}) < parts.index({"passing_by": True})
    assert parts[-1]["outcome"]["answer"] == "hello from Ben"
