# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sleep and wake in the middle of an answer: it goes on where it was, and nothing is lost."""

import os
import signal
import sys
import time

import pytest

from safespace.errors import WorkerDied
from safespace.local_ai.client import child
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.client.patience import LOOKS, Patience
from safespace.local_ai.engine import Text
from safespace.session.session import Session
from safespace.session.turn import events
from tests.worker.conftest import asking, done, pid_of, said

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals that stop a process")

LONG = asking("Write a long story about a fox and a bear.", 96)


class Sleeper:
    """Puts the worker to sleep; and says how often its parent looked at it since."""

    def __init__(self, engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.looks = 0
        self.wakes_at = LOOKS * 10
        self._engine, self._asleep, self._over = engine, False, Patience.over
        monkeypatch.setattr(child, "_LOOK_S", 0.01)
        monkeypatch.setattr(Patience, "over", lambda patience, spent: self._look(patience, spent))

    def put_to_sleep(self) -> None:
        if not self._asleep:
            os.kill(pid_of(self._engine), signal.SIGSTOP)
            self._asleep = True

    def _look(self, patience: Patience, computed: float) -> bool:
        if not self._asleep:
            return False  # a busy computer is not what is looked for here
        self.looks += 1
        if self.looks == self.wakes_at:
            os.kill(pid_of(self._engine), signal.SIGCONT)
        return self._over(patience, computed) and self.looks < self.wakes_at


def test_a_worker_that_sleeps_says_the_rest_when_it_wakes(
    starter: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = list(starter.generate(LONG))
    sleeper = Sleeper(starter, monkeypatch)
    sleeper.wakes_at = LOOKS // 2
    heard = []
    for event in starter.generate(LONG):
        heard.append(event)
        if isinstance(event, Text):
            sleeper.put_to_sleep()
    assert sleeper.looks >= LOOKS // 2  # it was seen asleep
    assert said(heard) == said(undisturbed)
    assert done(heard).tokens == done(undisturbed).tokens


def test_one_that_never_wakes_is_ended_and_the_next_answers(
    starter: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = Sleeper(starter, monkeypatch)
    heard = []

    def listen() -> None:
        for event in starter.generate(LONG):
            heard.append(event)
            if isinstance(event, Text):
                sleeper.put_to_sleep()

    with pytest.raises(WorkerDied, match="stopped answering"):
        listen()
    assert said(heard)
    monkeypatch.undo()
    assert done(list(starter.generate(asking("Hello", 4)))).tokens == 4


@pytest.mark.parametrize("hours", [9, 24 * 400])
def test_a_clock_that_jumps_in_the_middle_costs_no_word(
    session: Session, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    session.set("assistant.answer_tokens", 32)
    clock, heard = time.monotonic, list[events.Event]()

    def listen(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.Words):
            monkeypatch.setattr(time, "monotonic", lambda: clock() + 3600 * hours)

    assert session.ask(None, "Write a long story about a fox.", listen).wait(300)
    answered = heard[-1]
    assert isinstance(answered, events.Answered), answered
    words = "".join(event.text for event in heard if isinstance(event, events.Words))
    assert answered.message.text == words
    (_asked, found) = session.transcript(answered.message.conversation)
    assert found.text == words
