# SPDX-License-Identifier: AGPL-3.0-or-later
"""A long conversation is read once: what the engine made of it is kept, and given back later."""

from pathlib import Path

import pytest

from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import bookmarking, events
from safespace.session.turn.bookmarking import SETTING
from tests.unit.session.conftest import answered, hear

LONG = "tell me more " * 100
PASSPHRASE = "five quite ordinary little words"


@pytest.fixture
def recalled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens each recall saved."""
    from safespace.local_ai.client.client import WorkerEngine

    seen: list[int] = []
    recall = WorkerEngine.recall

    def spied(engine: WorkerEngine, state: bytes) -> int:
        seen.append(recall(engine, state))
        return seen[-1]

    monkeypatch.setattr(WorkerEngine, "recall", spied)
    return seen


def files(home: Path) -> list[Path]:
    return sorted(home.glob("spaces/*/*.bookmark"))


def ask(session: Session, text: str, conversation: int | None = None) -> int:
    answer = answered(hear(lambda tell: session.ask(conversation, text, tell))).message
    return answer.conversation


def test_after_a_restart_it_is_not_read_again(
    entrance: Entrance, home: Path, recalled: list[int]
) -> None:
    session, _code = entrance.create("Ada", PASSPHRASE)
    session.set("assistant.answer_tokens", 1000)
    conversation = ask(session, LONG)
    assert len(files(home)) == 1
    ask(session, "and more", conversation)
    assert recalled == []  # the engine still knows it
    session.close()
    session = entrance.unlock(entrance.spaces()[0], PASSPHRASE, warm=False)
    try:
        ask(session, "and still more", conversation)
        assert len(recalled) == 1
        assert recalled[0] > 0
        ask(session, "and more", conversation)
        assert len(recalled) == 1
    finally:
        session.close()


def test_a_disk_that_is_gone_by_the_end_costs_only_the_bookmark(
    session: Session, home: Path
) -> None:
    session.set("assistant.answer_tokens", 1000)
    (model,) = (home / "models").glob("*.gguf")
    heard: list[events.Event] = []

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words):
            model.unlink(missing_ok=True)

    assert session.ask(None, LONG, listen).wait(60)
    assert not answered(heard).message.partial
    assert files(home) == []


def test_what_is_erased_during_an_answer_is_in_no_bookmark(session: Session, home: Path) -> None:
    session.set("assistant.answer_tokens", 1000)

    def listen(event: events.Event) -> None:
        if isinstance(event, events.Words):
            session.words.instruct(None, "Answer in rhymes.")

    assert session.ask(None, LONG, listen).wait(60)
    assert files(home) == []


def test_a_short_one_is_not_worth_it(session: Session, home: Path) -> None:
    ask(session, "hello")
    assert files(home) == []


def test_none_are_kept_where_none_are_wanted(session: Session, home: Path) -> None:
    session.set("assistant.answer_tokens", 1000)
    ask(session, LONG)
    assert len(files(home)) == 1
    session.set(SETTING, 0)
    assert files(home) == []
    ask(session, LONG)
    assert files(home) == []


def test_it_moves_when_the_conversation_is_much_longer(
    session: Session, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmarking, "WORTH", 10)
    session.set("assistant.answer_tokens", 1000)
    conversation = ask(session, LONG)
    first = files(home)
    ask(session, "a little", conversation)  # the echo says how long a message is, not all
    assert files(home) == first


def test_at_no_ai_nothing_reads_them(session: Session, recalled: list[int]) -> None:
    session.set("assistant.answer_tokens", 1000)
    conversation = ask(session, LONG)
    session.set_level(Level.NO_AI)
    hear(lambda tell: session.ask(conversation, "and now?", tell))
    assert recalled == []


def test_a_full_disk_costs_the_bookmark_and_not_the_answer(
    session: Session, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safespace.store.files import no_room
    from safespace.store.rooms import bookmarks

    def full(file: Path, _data: bytes) -> None:
        raise no_room(file.parent)

    monkeypatch.setattr(bookmarks, "write_whole", full)
    session.set("assistant.answer_tokens", 1000)
    ask(session, LONG)
    assert files(home) == []
