# SPDX-License-Identifier: AGPL-3.0-or-later
"""In a child's space an answer is judged before a word of it is shown."""

from pathlib import Path

import pytest

from safespace.domain import Limits, Role, Topic
from safespace.local_ai.worker.echo import BACKWARDS
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import events
from safespace.store.spaces import Spaces

from ..conftest import CHEAP, answered, hear
from .test_limits import Family

HELLO = "friend. my Hello"
LEFT_OUT = f"{BACKWARDS} attack heart a about talk us Let"


@pytest.fixture
def family(entrance: Entrance, home: Path) -> Family:
    spaces = Spaces(home / "spaces", state=home / "state")
    family = Family(Entrance(entrance.computer, spaces, CHEAP), home / "state")
    family.agree(Limits(topics=frozenset({Topic.HEALTH})))
    return family


def shown(kim: Session, text: str) -> tuple[str, events.Answered]:
    heard = hear(lambda listener: kim.ask(None, text, listener))
    words = "".join(event.text for event in heard if isinstance(event, events.Words))
    return words, answered(heard)


def test_what_comes_to_a_limited_topic_is_not_shown_and_not_kept(family: Family) -> None:
    def ask(kim: Session) -> None:
        words, last = shown(kim, f"{LEFT_OUT} {HELLO}")
        assert words == last.message.text == "Hello my friend. "
        assert last.message.partial
        assert last.message.mark
        assert [reason.code for reason in last.message.mark.reasons] == ["answer.topic"]
        words, last = shown(kim, LEFT_OUT)
        assert words == last.message.text == ""
        assert last.message.role is Role.SAFESPACE
        kept = kim.transcript(last.message.conversation)[-1]
        assert kept.mark
        assert [reason.code for reason in kept.mark.reasons] == ["answer.topic"]
        assert "health" in kim.why(kept.id).sentences[0]
        words, last = shown(kim, "Tell me of the sea")
        assert words == last.message.text == "Tell me of the sea"
        assert not last.message.partial

    family.kim(ask)


def test_without_limits_it_is_shown_as_it_comes(session: Session) -> None:
    assert shown(session, LEFT_OUT)[0] == "Let us talk about a heart attack"
