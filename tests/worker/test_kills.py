# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker killed in the middle of answers: what came is kept, and the space goes on."""

import os
import random
import signal
from collections.abc import Callable

import pytest

from safespace.errors import WorkerDied
from safespace.local_ai.client.client import WorkerEngine
from safespace.session.session import Session
from safespace.session.turn import events
from tests.worker.conftest import pid_of

LONG, SHORT = 512, 16


def killing(
    engine: WorkerEngine, words: int, heard: list[events.Event]
) -> Callable[[events.Event], None]:
    """A listener that kills the worker when so many pieces of its answer were shown."""

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words) and len(pieces(heard)) == words:
            os.kill(pid_of(engine), signal.SIGKILL)

    return listen


def pieces(heard: list[events.Event]) -> list[str]:
    return [event.text for event in heard if isinstance(event, events.Words)]


@pytest.mark.torture("worker.kills")
def test_killed_at_any_moment_the_words_are_kept_and_the_next_turn_works(
    session: Session, engine: WorkerEngine, share: Callable[[int], int]
) -> None:
    for seed in range(share(200)):
        moment = random.Random(seed).randrange(1, 9)  # noqa: S311  # a moment, no secret
        heard: list[events.Event] = []
        session.set("assistant.answer_tokens", LONG)
        turn = session.ask(
            None, "Write a long story about a fox and a bear.", killing(engine, moment, heard)
        )
        assert turn.wait(300)
        last = heard[-1]
        assert isinstance(last, events.Failed), last
        assert isinstance(last.error, WorkerDied)
        kept = last.kept
        assert kept is not None
        assert kept.partial
        assert kept.text == "".join(pieces(heard))
        assert len(pieces(heard)) >= moment
        (_asked, found) = session.transcript(kept.conversation)
        assert (found.id, found.text, found.partial) == (kept.id, kept.text, True)
        session.set("assistant.answer_tokens", SHORT)
        after: list[events.Event] = []
        assert session.ask(kept.conversation, "Go on.", after.append).wait(300)
        assert isinstance(after[-1], events.Answered), after[-1]
        assert after[-1].message.text
        assert len(session.transcript(kept.conversation)) == 4
