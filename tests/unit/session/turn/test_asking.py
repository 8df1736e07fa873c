# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking and waiting, as the terminal and other programs do."""

from pathlib import Path

import pytest

from safespace.domain import Level
from safespace.errors import Usage
from safespace.session.session import Session
from safespace.session.turn import asking


def test_a_question_that_is_not_asked_leaves_no_conversation_about_its_document(
    session: Session, tmp_path: Path
) -> None:
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    session.set("assistant.documents", "on")
    file = tmp_path / "birds.txt"
    file.write_text("Herons sleep in trees.")
    *_parts, last = asking.ask(session, "Where do herons sleep?", document=file)
    assert last["outcome"]
    (asked,) = session.conversations()
    with pytest.raises(Usage):
        list(asking.ask(session, "  ", document=file))
    assert [one.id for one in session.conversations()] == [asked.id]
    assert [one.title for one in session.documents.every(asked.id)] == ["birds.txt"]
