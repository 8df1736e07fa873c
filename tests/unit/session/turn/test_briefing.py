# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model is told before a question: by whom, from which level, and what stays out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.domain import Kind, Level, Mark, MemoryLine, Message
from safespace.local_ai.engine import Event, Generation
from safespace.session.session import Session
from safespace.session.turn.briefing import ROOM, fitting
from tests.unit.door.far_side import tells
from tests.unit.session.conftest import answered, hear
from tests.unit.session.turn.test_sending import Start, ask, body_of, joined, outgoing

__all__ = ["joined"]

PLUMS = "Ada likes plums."
HEALTH = "My diabetes was diagnosed last year."


@pytest.fixture
def read(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[Generation]:
    """All that the model reads, for every question."""
    heard: list[Generation] = []
    generate = session._desk.engine.generate

    def listening(request: Generation) -> Iterator[Event]:
        heard.append(request)
        return generate(request)

    monkeypatch.setattr(session._desk.engine, "generate", listening)
    return heard


@pytest.fixture
def told(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the model is told first and beside the question, for every question."""
    heard: list[str] = []
    generate = session._desk.engine.generate

    def listening(request: Generation) -> Iterator[Event]:
        assert request.turns[0].role == "system"
        heard.append(f"{request.turns[0].text}\n\n{request.beside}")
        return generate(request)

    monkeypatch.setattr(session._desk.engine, "generate", listening)
    return heard


def asked(session: Session, text: str, conversation: int | None = None, **how: Any) -> Message:
    return answered(hear(lambda listen: session.ask(conversation, text, listen, **how))).message


def marked(message: Message) -> Mark:
    assert message.mark
    return message.mark


def at_my_side(session: Session) -> None:
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    session.set("assistant.memory", "on")


def test_instructions_of_the_space_and_of_one_conversation_are_told(
    session: Session, told: list[str]
) -> None:
    first = asked(session, "Say this again please")
    assert not marked(first).instructed
    session.words.instruct(None, "Answer in rhymes.")
    session.words.instruct(first.conversation, "Call me Captain.")
    second = asked(session, "Say this again please", first.conversation)
    elsewhere = asked(session, "Say this again please")
    assert marked(second).instructed
    assert marked(elsewhere).instructed
    assert [("rhymes" in one, "Captain" in one) for one in told] == [
        (False, False), (True, True), (True, False),
    ]  # fmt: skip
    assert session.why(second.id).instructed
    session.words.instruct(None, " ")
    assert session.words.instructions(None) == ""


def test_memory_goes_along_from_level_2_where_it_is_turned_on(
    session: Session, told: list[str]
) -> None:
    number = session.memory.keep(None, PLUMS)
    session.set("assistant.memory", "on")
    assert marked(asked(session, "Say this again please")).memory == ()  # level 1
    at_my_side(session)
    answer = asked(session, "Say this again please")
    assert marked(answer).memory == (number,)
    session.set("assistant.memory", "off")
    assert marked(asked(session, "Say this again please")).memory == ()
    assert [PLUMS in one for one in told] == [False, True, False]


def test_what_is_chosen_for_one_question_stands_behind_what_was_said_before(
    session: Session, read: list[Generation], tmp_path: Path
) -> None:
    """So a follow-up has the same beginning, and what the model read of it serves again."""
    at_my_side(session)
    session.set("assistant.documents", "on")
    (tmp_path / "garden.txt").write_text("The garden has plums.\n" + "Nothing else. " * 99)
    session.documents.add(tmp_path / "garden.txt")
    session.words.instruct(None, "Answer in rhymes.")
    for number in range(ROOM // 20):
        session.memory.keep(None, f"The plums number {number:03}")
        session.memory.keep(None, f"The house number {number:03}")
    plums = asked(session, "How many plums has the garden?")
    house = asked(session, "And how many rooms has the house?", plums.conversation)
    one, other = read
    assert marked(plums).memory != marked(house).memory
    assert "- The plums number 007" in one.beside
    assert "<<<The garden has plums." in one.beside
    assert "plums" not in other.beside
    assert "not in there" in other.beside
    assert [turn.text for turn in other.turns] == [
        *(turn.text for turn in one.turns), plums.text, "And how many rooms has the house?",
    ]  # fmt: skip


def test_memory_that_goes_along_with_every_question_stands_first(
    session: Session, read: list[Generation]
) -> None:
    at_my_side(session)
    session.memory.keep(None, PLUMS)
    asked(session, "Say this again please")
    session.memory.keep(None, "x" * (ROOM - len(PLUMS)))
    asked(session, "Say this again please")
    session.memory.keep(None, "y")
    asked(session, "Say this again please")
    assert [PLUMS in one.turns[0].text for one in read] == [True, True, False]
    assert [bool(one.beside) for one in read] == [False, False, True]


def test_an_answer_says_which_lines_its_model_read(session: Session, told: list[str]) -> None:
    at_my_side(session)
    plums, pears = session.memory.keep(None, PLUMS), session.memory.keep(None, "Bo likes pears.")
    answer = asked(session, "Say this again please")
    assert session.why(answer.id).memory == (PLUMS, "Bo likes pears.")
    session.memory.keep(pears, "Bo likes quinces.")
    session.bin.erase(Kind.MEMORY, plums)
    after = session.why(answer.id)
    assert (after.memory, after.forgotten) == (("Bo likes quinces.",), 1)
    assert told


def test_what_touches_a_topic_without_ai_is_told_to_no_model(
    session: Session, told: list[str]
) -> None:
    at_my_side(session)
    session.memory.keep(None, PLUMS)
    health = session.memory.keep(None, HEALTH)
    session.words.instruct(None, HEALTH)
    before = asked(session, "Say this again please")
    assert health in marked(before).memory
    session.set("guard.topics_without_ai", ("health",))
    after = asked(session, "Say this again please")
    assert health not in marked(after).memory
    assert not marked(after).instructed
    assert [HEALTH in one for one in told] == [True, False]
    assert all(PLUMS in one for one in told)  # the rest went along both times


def test_what_cannot_be_read_stays_out_once_a_topic_is_kept(
    session: Session, told: list[str]
) -> None:
    at_my_side(session)
    session.memory.keep(None, "Чай с лимоном по утрам")
    asked(session, "Say this again please")
    session.set("guard.topics_without_ai", ("health",))
    asked(session, "Say this again please")
    assert ["Чай" in one for one in told] == [True, False]


def test_nothing_of_it_goes_to_a_cooperative(joined: Start) -> None:
    side, session = joined(tells("Light ", "scatters."))
    session.set("assistant.memory", "on")
    session.memory.keep(None, PLUMS)
    session.words.instruct(None, "Answer in rhymes.")
    heard = ask(session, "Why is the sky blue? Say plainly.")
    assert b"Say plainly." in body_of(side)
    assert body_of(side) == outgoing(heard).body
    assert b"plums" not in body_of(side)
    assert b"rhymes" not in body_of(side)
    assert marked(answered(heard).message).memory == ()


def anything(_line: MemoryLine) -> bool:
    return True


@given(
    st.lists(st.text(max_size=40), max_size=30),
    st.text(max_size=40),
    st.integers(0, 200),
    st.sets(st.integers(0, 29)),
)
def test_as_many_lines_as_there_is_room_for(
    texts: list[str], question: str, room: int, kept: set[int]
) -> None:
    lines = [MemoryLine(n, text, datetime.now(UTC)) for n, text in enumerate(texts)]
    chosen = fitting(lines, question, lambda line: line.id not in kept, room)
    assert sum(len(line.text) for line in chosen) <= room
    assert not kept & {line.id for line in chosen}
    assert chosen == [line for line in lines if line in chosen]
    left = room - sum(len(line.text) for line in chosen)
    others = [line for line in lines if line not in chosen and line.id not in kept]
    assert all(len(line.text) > left for line in others)


def test_lines_that_share_words_with_the_question_come_first() -> None:
    texts = ["Bo is eight.", "The garden has plums.", "Tea at nine."]
    lines = [MemoryLine(n, text, datetime.now(UTC)) for n, text in enumerate(texts)]
    assert fitting(lines, "What grows in my GARDEN?", anything, len(texts[1])) == [lines[1]]
    assert fitting(lines, "What?", anything, len(texts[2])) == [lines[2]]


def test_no_more_lines_are_read_than_there_is_room_for() -> None:
    lines = [MemoryLine(n, f"Line number {n:07}", datetime.now(UTC)) for n in range(5000)]
    read: list[int] = []

    def noted(line: MemoryLine) -> bool:
        read.append(line.id)
        return True

    assert len(fitting(lines, "What?", noted)) == len(read) < 60
