# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an AI wrote says so where it goes: copied, saved, exported, printed for programs."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.domain import Message, Role
from safespace.errors import StorageError
from safespace.session.leaving.origin import (
    BY_A_MODEL,
    PARTLY_BY_A_MODEL,
    Origin,
    answer_file,
    head,
    origin_of,
)
from safespace.session.session import Session
from safespace.store.rooms.activity import Exit, Way
from tests.unit.session.conftest import answered, hear

TEXT = "The plum tree by the gate had fruit."


def asked(session: Session, text: str = TEXT) -> Message:
    return answered(hear(lambda listen: session.ask(None, text, listen))).message


def facts(file: str) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """What a file says before its text, as a program reads it, and the text."""
    assert file.startswith("---\n")
    said, _end, text = file[4:].partition("\n---\n")
    lines = said.splitlines()
    place = lines.index("written_by_ai:")
    single = (line.partition(": ") for line in lines[:place])
    return (
        {name: json.loads(value) for name, _colon, value in single},
        [json.loads(line.removeprefix("  - ")) for line in lines[place + 1 :]],
        text,
    )


def ways(session: Session) -> list[Way]:
    return [line.way for line in session.activity.lines() if isinstance(line, Exit)]


def test_a_copied_answer_says_what_wrote_it_and_a_question_does_not(session: Session) -> None:
    answer = asked(session)
    question, _answer = session.transcript(answer.conversation)
    copied = session.answers.copied(answer)
    at = f"{answer.at.astimezone():%Y-%m-%d %H:%M}"
    assert copied == f"{TEXT}\n\n— Written by AI: Echo, on my computer, {at}.\n"
    assert session.answers.copied(question) == TEXT
    session.set("assistant.marks", "off")
    assert session.answers.copied(answer) == TEXT


def test_no_model_is_named_for_what_none_wrote(session: Session) -> None:
    page = asked(session, "Who can read what I write here?")
    assert page.role is Role.SAFESPACE
    assert origin_of(page) is None
    assert session.answers.copied(page) == page.text


def test_a_saved_answer_says_it_to_programs_and_is_on_record(
    session: Session, tmp_path: Path
) -> None:
    answer = asked(session)
    file = session.answers.into(tmp_path, answer)
    said, written, text = facts(file.read_text("utf-8"))
    assert said["digital_source_type"] == BY_A_MODEL
    (one,) = written
    assert (one["model"], one["route"], one["partial"]) == ("Echo", "local", False)
    assert datetime.fromisoformat(one["at"]) == answer.at.replace(microsecond=0)
    assert text.startswith(f"\n{TEXT}\n")
    assert ways(session) == [Way.ANSWER]
    session.set("assistant.marks", "off")
    file.unlink()
    assert session.answers.into(tmp_path, answer).read_text("utf-8") == TEXT


def test_what_cannot_be_recorded_is_not_written(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asked(session)

    def full(_way: Way) -> None:
        raise StorageError("full")

    monkeypatch.setattr(session._space.activity, "left", full)
    with pytest.raises(StorageError):
        session.answers.into(tmp_path, answer)
    assert not list(tmp_path.glob("*.md"))


def test_an_export_says_which_of_a_conversation_a_model_wrote(
    session: Session, tmp_path: Path
) -> None:
    answer = asked(session)
    note = session.notes.keep(None, "Mine", "My own words")
    folder = session.leaving.export(tmp_path)
    conversation = (folder / f"conversation-{answer.conversation}.md").read_text("utf-8")
    said, written, text = facts(conversation)
    assert said["digital_source_type"] == PARTLY_BY_A_MODEL
    assert [(one["message"], one["model"]) for one in written] == [(answer.id, "Echo")]
    assert TEXT in text
    assert (folder / f"note-{note}.md").read_text("utf-8").startswith("# Mine")


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_name_can_end_what_stands_before_the_text(model: str, text: str) -> None:
    origin = Origin(model, "coop", "2026-01-02T03:04:05+00:00", partial=True)
    written = answer_file(text, origin)
    said, (one,), _rest = facts(written)
    assert said["digital_source_type"] == BY_A_MODEL
    assert one == {"model": model, "route": "coop", "at": origin.at, "partial": True}
    assert head([origin], BY_A_MODEL).count("\n---\n") == 1
