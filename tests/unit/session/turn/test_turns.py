# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns: decided and recorded before the model sees a word; nothing typed is lost."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from safespace.domain import Level, Role, Route
from safespace.errors import (
    Bug,
    MessageTooLong,
    ModelDamaged,
    NeedsConfirm,
    NoModel,
    StorageError,
    Usage,
    WorkerDied,
)
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import events
from safespace.store.rooms.activity import ActivityEntry, Outcome
from tests.unit.session.conftest import answered, failed, hear


def asked(session: Session, text: str, conversation: int | None = None, **how: Any) -> list[Any]:
    return hear(lambda listen: session.ask(conversation, text, listen, **how))


def decided(session: Session) -> list[ActivityEntry]:
    return [line for line in session.activity.lines() if isinstance(line, ActivityEntry)]


def test_an_answer_is_decided_and_recorded_first(session: Session) -> None:
    heard = asked(session, "say this again please")
    kinds = [type(event) for event in heard]
    assert kinds[:3] == [events.Asked, events.Decided, events.Preparing]
    answer = answered(heard).message
    assert answer.text == "say this again please"
    assert answer.text == "".join(e.text for e in heard if isinstance(e, events.Words))
    assert answer.role is Role.MODEL
    assert not answer.partial
    assert answer.mark is not None
    assert (answer.mark.route, answer.mark.model, answer.mark.recorded) == (
        Route.LOCAL,
        "Echo",
        True,
    )
    assert "demonstration" in answer.mark.obligations
    (entry,) = decided(session)
    assert (entry.route, entry.level, entry.outcome) == (
        Route.LOCAL,
        Level.WHEN_I_ASK,
        Outcome.ANSWERED,
    )


def test_level_0_answers_nothing_and_loads_no_model(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.set_level(Level.NO_AI)
    touched: list[str] = []
    for name in ("load", "generate", "start"):
        monkeypatch.setattr(session._desk.engine, name, lambda *_: touched.append("engine"))
    heard = asked(session, "say this again please")
    answer = answered(heard).message
    assert answer.role is Role.SAFESPACE
    assert answer.mark is not None
    assert answer.mark.route is Route.HUMAN
    assert [reason.code for reason in answer.mark.reasons] == ["level.no_ai"]
    assert not touched
    assert session.why(answer.id).could


def test_help_pages_answer_at_every_level_without_a_model(session: Session) -> None:
    for level in (Level.WHEN_I_ASK, Level.NO_AI):
        session.set_level(level)
        answer = answered(asked(session, "Who can read this?")).message
        assert answer.role is Role.SAFESPACE
        assert answer.text
        assert answer.mark is not None
        assert answer.mark.model is None


def test_what_the_card_does_not_cover_is_handed_back_and_may_be_asked_anyway(
    session: Session,
) -> None:
    heard = asked(session, "Was ist der Unterschied zwischen Hunden und Katzen?")
    notice = answered(heard).message
    assert notice.role is Role.SAFESPACE
    assert notice.mark is not None
    assert notice.mark.overridable
    again = hear(lambda listen: session.regenerate(notice.id, listen, overridden=True))
    answer = answered(again).message
    assert answer.role is Role.MODEL
    assert answer.siblings == (notice.id, answer.id)
    assert decided(session)[0].overridden


def test_words_of_distress_bring_help_lines_which_nothing_records(session: Session) -> None:
    session.set_level(Level.NO_AI)
    heard = asked(session, "I want to kill myself tonight")
    notice = answered(heard).message
    assert notice.mark is not None
    assert not notice.mark.overridable
    assert [event for event in heard if isinstance(event, events.HelpLines)]
    assert "help" not in str(decided(session)).lower().replace("help.page", "")


def test_a_worker_that_dies_leaves_the_part_and_the_next_turn_works(session: Session) -> None:
    heard = asked(session, "#die after these words")
    assert isinstance(failed(heard), WorkerDied)
    last = heard[-1]
    assert isinstance(last, events.Failed)
    assert last.kept is not None
    assert last.kept.partial
    assert last.kept.text.startswith("#die")
    again = answered(asked(session, "and on", last.kept.conversation)).message
    assert again.text == "and on"
    assert [m.text for m in session.transcript(again.conversation)][-2:] == ["and on", "and on"]


def test_stop_keeps_what_came(session: Session) -> None:
    turns: list[Any] = []
    heard: list[events.Event] = []

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words):
            session.stop()

    turns.append(session.ask(None, "#slow " + "word " * 200, listen))
    assert turns[0].wait(60)
    answer = answered(heard).message
    assert answer.partial
    assert 0 < len(answer.text.split()) < 200
    assert decided(session)[0].outcome is Outcome.STOPPED


def test_going_down_stops_what_runs_at_once(session: Session) -> None:
    heard: list[events.Event] = []

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words) and session.level() is not Level.NO_AI:
            session.set_level(Level.NO_AI)

    assert session.ask(None, "#slow " + "word " * 200, listen).wait(60)
    assert answered(heard).message.partial
    with pytest.raises(NeedsConfirm):
        session.set_level(Level.WHEN_I_ASK)
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    assert answered(asked(session, "works again")).message.text == "works again"


def test_one_answer_at_a_time(session: Session) -> None:
    inner: list[Exception] = []

    def listen(event: events.Event) -> None:
        if isinstance(event, events.Preparing):
            try:
                session.ask(None, "another", lambda _event: None)
            except Usage as problem:
                inner.append(problem)

    hear_one = session.ask(None, "one two", listen)
    assert hear_one.wait(60)
    assert len(inner) == 1


def test_a_message_that_does_not_fit_says_what_does(session: Session) -> None:
    problem = failed(asked(session, "word " * 5000))
    assert isinstance(problem, MessageTooLong)
    assert 0 < len(problem.fitting.split()) <= problem.limit
    (conversation,) = session.conversations()
    assert session.transcript(conversation.id)[0].text == "word " * 5000


def test_editing_and_regenerating_keep_every_branch(session: Session) -> None:
    first = answered(asked(session, "first words")).message
    second = answered(hear(lambda listen: session.regenerate(first.id, listen))).message
    assert second.siblings == (first.id, second.id)
    question = session.transcript(first.conversation)[0]
    edited = answered(hear(lambda listen: session.edit(question.id, "other words", listen)))
    assert [m.text for m in session.transcript(first.conversation)] == ["other words"] * 2
    session.choose(first.id)
    assert session.transcript(first.conversation)[-1].id == first.id
    assert edited.message.text == "other words"


def test_a_local_answer_goes_on_unrecorded_and_says_so(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_entry: object) -> int:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(session.activity, "record", full)
    answer = answered(asked(session, "say it still")).message
    assert answer.text == "say it still"
    assert answer.mark is not None
    assert not answer.mark.recorded
    assert not session.why(answer.id).recorded


def test_a_level_that_cannot_be_kept_holds_all_the_same(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_level: Level) -> int:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(session._space, "set_level", full)
    with pytest.raises(StorageError):
        session.set_level(Level.NO_AI)
    assert session.level() is Level.NO_AI
    assert answered(asked(session, "anything")).message.role is Role.SAFESPACE


def test_a_bug_ends_the_turn_and_is_kept_without_a_word_of_the_text(
    session: Session, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("a very private sentence")

    monkeypatch.setattr(session._desk.computer.pages, "find", broken)
    heard = asked(session, "a very private sentence")
    assert "KeyError" in str(failed(heard))
    log = (home / "state" / "bugs.log").read_text()
    assert "KeyError" in log
    assert "private" not in log + str(failed(heard))


def test_a_bug_costs_nobody_the_words_on_their_screen(session: Session) -> None:
    heard: list[Any] = []

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words):
            raise KeyError

    assert session.ask(None, "say this", listen).wait(60)
    assert isinstance(failed(heard), Bug)
    (conversation,) = session.conversations()
    answer = session.transcript(conversation.id)[-1]
    assert (answer.role, answer.partial) == (Role.MODEL, True)
    assert answer.text == "".join(one.text for one in heard if isinstance(one, events.Words))
    assert heard[-1].kept == answer


def test_a_bug_at_the_end_of_a_turn_lets_the_next_one_begin(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise AttributeError

    with monkeypatch.context() as patch:
        patch.setattr(session.activity, "end", broken)
        patch.setattr(threading, "excepthook", lambda _: None)
        assert answered(asked(session, "say this"))
    assert answered(asked(session, "say that"))


def test_what_a_model_reads_leaves_out_what_it_was_not_asked(session: Session) -> None:
    session.set_level(Level.NO_AI)
    notice = answered(asked(session, "kept from it")).message
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    seen: list[Any] = []
    engine = session._desk.engine
    generate: Callable[..., Any] = engine.generate
    engine.generate = lambda request: seen.append(request) or generate(request)  # type: ignore[method-assign,func-returns-value]
    asked(session, "and this", notice.conversation)
    assert [(turn.role, turn.text) for turn in seen[0].turns[1:]] == [("user", "and this")]


def test_reopened_it_is_all_there(entrance: Entrance) -> None:
    session, code = entrance.create("Bea", "another five ordinary words here")
    session.save_draft(None, "half a thou")
    answered(asked(session, "remember me"))
    session.save_draft(None, "half a thought")
    session.close()
    again = entrance.unlock_with_recovery(entrance.find("Bea"), code)
    (conversation,) = again.conversations()
    assert [m.text for m in again.transcript(conversation.id)] == ["remember me"] * 2
    assert again.draft(None) == "half a thought"
    again.close()


def test_a_damaged_model_is_said_only_where_a_model_would_have_answered(
    session: Session, home: Path
) -> None:
    (model,) = (home / "models").glob("*.gguf")
    model.write_bytes(b"no model at all")
    assert isinstance(failed(asked(session, "say this again")), ModelDamaged)
    session.set_level(Level.NO_AI)
    notice = answered(asked(session, "say this again")).message
    assert notice.role is Role.SAFESPACE


def test_a_header_that_was_mended_is_said(entrance: Entrance) -> None:
    session, code = entrance.create("Cleo", "yet another five ordinary words")
    assert session.notice == ""
    session.close()
    info = entrance.find("Cleo")
    (info.folder / "space.copy.json").write_bytes(b"{")
    again = entrance.unlock_with_recovery(info, code)
    again.close()
    assert "space.copy.json" in again.notice


def test_a_question_from_elsewhere_leaves_the_draft_alone(session: Session) -> None:
    session.save_draft(None, "a letter that took an hour")
    answered(asked(session, "what a terminal asks"))
    assert session.draft(None) == "a letter that took an hour"
    session.save_draft(None, "sent now \n")
    answered(asked(session, "sent now"))
    assert session.draft(None) == ""


def test_a_late_stop_reaches_no_later_turn(session: Session) -> None:
    first = session.ask(None, "one", lambda _event: None)
    assert first.wait(60)

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words):
            first.stop()

    heard: list[events.Event] = []
    assert session.ask(None, "#slow two three four", listen).wait(60)
    answer = answered(heard).message
    assert (answer.text, answer.partial) == ("#slow two three four", False)


@pytest.mark.parametrize("then", ["loaded", "gone"])
def test_a_level_0_that_comes_while_a_model_loads_leaves_none_behind(
    session: Session, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    engine = session._desk.engine
    load = engine.load
    asked_of_model: list[object] = []

    def load_late(model: Path, _adapter: object) -> None:
        session.set_level(Level.NO_AI)
        if then == "gone":
            raise NoModel("No model is loaded.")
        load(model)

    monkeypatch.setattr(engine, "load", load_late)
    monkeypatch.setattr(engine, "generate", asked_of_model.append)
    answer = answered(asked(session, "say this")).message
    assert (answer.text, answer.partial) == ("", True)
    assert not asked_of_model
    assert isinstance(engine, WorkerEngine)
    assert engine._child is None


def test_a_chosen_model_that_is_gone_is_named_and_not_called_no_model_at_all(
    session: Session,
) -> None:
    session.set("assistant.model", "gone.gguf")
    problem = failed(asked(session, "say this"))
    assert "gone.gguf" in str(problem)
    assert "settings" in str(problem)
    session.set("assistant.model", "")
    assert answered(asked(session, "say this")).message.text == "say this"


def test_a_level_that_cannot_be_read_can_be_lowered(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_level: Level) -> int:
        raise StorageError("The disk does not answer.")

    monkeypatch.setattr(session._space, "level", unreadable)
    monkeypatch.setattr(session._space, "set_level", unreadable)
    with pytest.raises(StorageError):
        session.set_level(Level.NO_AI)
    monkeypatch.undo()
    assert session.level() is Level.NO_AI


def test_a_note_needs_no_model_shelf(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_name: str) -> None:
        raise StorageError("The shelf cannot be used.")

    monkeypatch.setattr(Shelf, "choose", lambda _shelf, name: unreadable(name))
    assert isinstance(failed(asked(session, "say this")), StorageError)
    assert session.model() is None
    session.set_level(Level.NO_AI)
    assert answered(asked(session, "a note")).message.role is Role.SAFESPACE


def test_a_record_that_breaks_at_the_end_ends_the_turn_all_the_same(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise Bug("ProgrammingError")

    monkeypatch.setattr(session.activity, "end", broken)
    answered(asked(session, "say this"))
    answered(asked(session, "and this"))


def test_a_question_that_got_no_answer_can_be_asked_again_as_it_stands(session: Session) -> None:
    heard = asked(session, "#leave now")
    failed(heard)
    (first,) = [event.message for event in heard if isinstance(event, events.Asked)]
    hear(lambda listen: session.regenerate(first.id, listen))
    assert session.transcript(first.conversation)[0].siblings == (first.id,)


def test_asked_again_the_model_draws_anew(session: Session) -> None:
    seen: list[Any] = []
    engine = session._desk.engine
    generate: Callable[..., Any] = engine.generate
    engine.generate = lambda request: seen.append(request) or generate(request)  # type: ignore[method-assign,func-returns-value]
    first = answered(asked(session, "say this again")).message
    hear(lambda listen: session.regenerate(first.id, listen))
    assert seen[0].seed != seen[1].seed


@pytest.mark.skipif(sys.platform == "win32", reason="a process is held still by a signal")
def test_stop_does_not_wait_for_a_model_to_load(session: Session) -> None:
    engine = session._desk.engine
    assert isinstance(engine, WorkerEngine)
    engine.start()
    assert engine._child is not None
    os.kill(engine._child.pid, signal.SIGSTOP)  # so it loads for ever
    heard: list[events.Event] = []

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Preparing):
            Timer(0.3, session.stop).start()

    assert session.ask(None, "say this", listen).wait(30)
    assert answered(heard).message.partial
    assert answered(asked(session, "works again")).message.text == "works again"
