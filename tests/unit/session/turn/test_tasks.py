# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tasks beside talking: each is a kind of its own for the guard, and stays one."""

from typing import Any

import pytest

from safespace import i18n, paths
from safespace.domain import Message, Role, Route, TaskKind
from safespace.guard.reading.reader import Reader
from safespace.session import knocks
from safespace.session.session import Session
from safespace.session.turn import asking
from safespace.session.turn.tasks import FORMS, Task, words
from safespace.store.rooms.activity import ActivityEntry
from tests.unit.session.conftest import answered, hear

TEXT = "The plum tree by the gate had more fruit than last year."


def asked(session: Session, text: str, **how: Any) -> Message:
    return answered(hear(lambda listen: session.ask(None, text, listen, **how))).message


def kinds(session: Session) -> list[TaskKind | None]:
    """Of what was decided, the last first."""
    return [line.kind for line in session.activity.lines() if isinstance(line, ActivityEntry)]


def test_every_kind_but_talking_has_a_form() -> None:
    assert set(FORMS) == set(TaskKind) - {TaskKind.CHAT}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", TEXT), ("de", "Der Pflaumenbaum am Tor trug mehr als im letzten Jahr.")],
)
@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("detail", ["", "my neighbour"])
def test_the_guard_reads_each_as_what_it_is(
    language: str, text: str, kind: TaskKind, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue)
    i18n.use(paths.assets() / "locale", language)
    said = words(Task(kind, detail), text)
    assert said.endswith(text)
    assert detail in said
    assert Reader(paths.assets() / "guard").read(said).kind is kind


@pytest.mark.parametrize("kind", FORMS)
def test_a_task_is_recorded_as_its_kind_also_when_it_is_asked_again(
    session: Session, kind: TaskKind
) -> None:
    answer = asked(session, TEXT, task=Task(kind))
    question, _answer = session.transcript(answer.conversation)
    assert question.text == words(Task(kind), TEXT)
    assert question.task is kind
    answered(hear(lambda listen: session.regenerate(answer.id, listen)))
    answered(hear(lambda listen: session.edit(question.id, TEXT, listen)))
    assert kinds(session) == [kind] * 3


def test_a_task_that_is_reserved_comes_back(session: Session) -> None:
    session.set("guard.reserved_tasks", ("letter",))
    answer = asked(session, TEXT, task=Task(TaskKind.LETTER, "Bo"))
    assert answer.role is Role.SAFESPACE
    assert answer.mark
    assert [reason.code for reason in answer.mark.reasons] == ["kind.reserved"]
    other = asked(session, TEXT, task=Task(TaskKind.SUMMARY))
    assert other.mark
    assert other.mark.route is Route.LOCAL


def test_a_changed_task_is_no_way_around_a_reserved_one(session: Session) -> None:
    session.set("guard.reserved_tasks", ("letter",))
    first = asked(session, TEXT, task=Task(TaskKind.SUMMARY))
    question, _answer = session.transcript(first.conversation)
    changed = hear(lambda listen: session.edit(question.id, "Write a letter to Bo.", listen))
    mark = answered(changed).message.mark
    assert mark
    assert [reason.code for reason in mark.reasons] == ["kind.reserved"]


def test_the_draft_of_a_task_goes_with_it(session: Session) -> None:
    session.save_draft(None, TEXT)
    asked(session, TEXT, task=Task(TaskKind.SUMMARY))
    assert session.draft(None) == ""


def test_a_knock_can_ask_for_a_task(session: Session) -> None:
    verbs = knocks.handlers(session, lambda: None, lambda: None, lambda: None)
    request = {"text": TEXT, "task": "translation", "detail": "French"}
    parts = list(verbs["ask"](request))
    assert parts[-1]["outcome"]["answer"].startswith("Translate this text. Language: French.")
    assert kinds(session) == [TaskKind.TRANSLATION]
    assert list(asking.ask(session, TEXT, task=Task(TaskKind.SUMMARY)))


def test_a_conversation_is_named_after_the_text_and_not_after_the_tasks_words(
    session: Session,
) -> None:
    asked(session, "The plum tree\nhad fruit.", task=Task(TaskKind.TRANSLATION, "French"))
    asked(session, "The pear tree")
    titles = {one.title for one in session.conversations()}
    assert titles == {"Translate: The plum tree", "The pear tree"}
