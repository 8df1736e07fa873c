# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way out of an open space: its level, its limits and its record stand before the net."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from safespace.domain import Destination, Errand, Level, Route
from safespace.errors import Cut, NotCleared, StorageError
from safespace.guard.abstract import FACTS, facts_at
from safespace.guard.body import canonical
from safespace.session.recording import Judged
from safespace.session.session import Session
from safespace.store.activity import ActivityEntry, Outcome
from tests.unit.door.far_side import WORDS, far_side, talks_for_ever

LAX = replace(facts_at([len(fact.values) - 1 for fact in FACTS]), model="m")


def errand_to(url: str) -> Errand:
    return Errand(Destination(url, "key of the site"), canonical("m", [("user", "Why?")], ()), "m")


def judge_in(session: Session) -> Callable[[str], Judged]:
    """As a turn judges, of a member who has joined a cooperative: the level is the space's own."""
    return lambda words: Judged(replace(LAX, level=session.level()), words)


def sent(session: Session) -> list[ActivityEntry]:
    lines = session._space.activity.lines()
    return [line for line in lines if isinstance(line, ActivityEntry) and line.sent]


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_what_leaves_is_on_record_with_its_place_and_size(session: Session) -> None:
    session.set_level(Level.COOPERATIVE, confirmed=True)
    with far_side() as side:
        errand = errand_to(side.url)
        answer = session.way_out.send(errand, judge_in(session))
        (left,) = sent(session)  # before anything came back
        assert b"".join(answer) == b"".join(WORDS)
        assert side.heard[0].endswith(errand.body)
    assert (left.route, left.destination) == (Route.COOP, "key of the site")
    assert left.sent == len(errand.body)
    (left,) = sent(session)
    assert left.outcome is Outcome.ANSWERED


@pytest.mark.parametrize("level", [Level.NO_AI, Level.WHEN_I_ASK, Level.AT_MY_SIDE])
def test_below_level_3_nothing_leaves(session: Session, level: Level) -> None:
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    session.set_level(level)
    with far_side() as side:
        with pytest.raises(NotCleared):
            session.way_out.send(errand_to(side.url), judge_in(session))
        assert side.lines == 0
    assert sent(session) == []


def test_at_level_3_each_needs_its_own_yes(session: Session) -> None:
    session.set_level(Level.ASK_EACH_TIME, confirmed=True)
    with far_side() as side:
        errand = errand_to(side.url)
        with pytest.raises(NotCleared):
            session.way_out.send(errand, judge_in(session))
        shown = session.way_out.show(errand)
        assert b"".join(session.way_out.send(errand, judge_in(session), shown))
        with pytest.raises(NotCleared):
            session.way_out.send(errand, judge_in(session), shown)
        assert side.lines == 1
    assert sent(session)[0].obligations == ("ask", "preview")


@pytest.mark.parametrize("act", [lambda it: it.set_level(Level.AT_MY_SIDE), Session.close])
def test_going_down_and_closing_cut_what_is_under_way(
    session: Session, act: Callable[[Session], None]
) -> None:
    session.set_level(Level.COOPERATIVE, confirmed=True)
    with far_side(talks_for_ever) as side:
        answer = session.way_out.send(errand_to(side.url), judge_in(session))
        next(iter(answer))
        begun = time.monotonic()
        acting = threading.Thread(target=act, args=(session,))
        acting.start()
        with pytest.raises(Cut):
            list(answer)
        assert time.monotonic() - begun < 0.2
        until(lambda: side.ended)
        assert side.ended[0] - begun < 0.2
        acting.join()


def test_a_cut_is_on_record(session: Session) -> None:
    session.set_level(Level.COOPERATIVE, confirmed=True)
    with far_side(talks_for_ever) as side:
        answer = session.way_out.send(errand_to(side.url), judge_in(session))
        next(iter(answer))
        session.set_level(Level.AT_MY_SIDE)
        until(lambda: sent(session)[0].outcome)
    assert sent(session)[0].outcome is Outcome.STOPPED


def test_going_down_while_it_is_judged_keeps_it_here(session: Session) -> None:
    session.set_level(Level.COOPERATIVE, confirmed=True)

    def judge(words: str) -> Judged:
        judged = judge_in(session)(words)
        session.set_level(Level.AT_MY_SIDE)
        return judged

    with far_side() as side:
        with pytest.raises(NotCleared):
            session.way_out.send(errand_to(side.url), judge)
        assert side.lines == 0


def test_without_a_record_nothing_leaves(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.set_level(Level.COOPERATIVE, confirmed=True)

    def full(*_entry: object) -> int:
        raise StorageError("The disk is full.")

    with far_side() as side:
        with monkeypatch.context() as now:
            now.setattr(session._space.activity, "record", full)
            with pytest.raises(StorageError):
                session.way_out.send(errand_to(side.url), judge_in(session))
        assert side.lines == 0
        list(session.way_out.send(errand_to(side.url), judge_in(session)))
        assert side.lines == 1


def test_what_opens_connections_is_not_even_loaded_before() -> None:
    code = (
        "import sys, safespace.session.entrance, safespace.session.session;"
        "print('httpx' in sys.modules); import safespace.door.door; print('httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
