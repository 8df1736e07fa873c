# SPDX-License-Identifier: AGPL-3.0-or-later
"""Assistants of several members answer one after another, in the order of asking."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from safespace.session.file_lock import holding
from safespace.session.turn import line, tickets
from safespace.session.turn.line import Line
from safespace.session.turn.tickets import Tickets


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "_LOOK_S", 0.001)
    monkeypatch.setattr(tickets, "TRIES", 10**6)  # however busy this computer is


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "line"


def never() -> bool:
    return False


class Waiter:
    """Somebody who takes a ticket on a thread of their own, and says when they were at it."""

    def __init__(self, folder: Path, name: str, done: list[str]) -> None:
        self.waits = threading.Event()
        self._line, self._name, self._done = Line(Tickets(folder)), name, done
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self._line.turn(self.waits.set, never):
            self._done.append(self._name)


def test_alone_nobody_waits(folder: Path) -> None:
    told: list[str] = []
    for _time in range(3):
        with Line(Tickets(folder)).turn(lambda: told.append("waiting"), never):
            assert len([*folder.iterdir()]) == 2  # the ticket, and the door
    assert told == []
    assert [file.name for file in folder.iterdir()] == ["door"]


def test_each_has_their_turn_in_the_order_of_asking(folder: Path) -> None:
    done: list[str] = []
    waiters: list[Waiter] = []
    with Line(Tickets(folder)).turn(pytest.fail, never):
        for name in "abcdef":
            waiters.append(Waiter(folder, name, done))
            assert waiters[-1].waits.wait(60)  # it has its ticket before the next one asks
        assert done == []
    for waiter in waiters:
        waiter.thread.join(60)
    assert done == [*"abcdef"]


def test_two_are_never_at_it(folder: Path) -> None:
    most: list[int] = []
    inside: list[int] = []

    def work() -> None:
        for _time in range(5):
            with Line(Tickets(folder)).turn(lambda: None, never):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 20
    assert max(most) == 1


def test_who_gives_up_does_not_wait(folder: Path) -> None:
    told: list[str] = []
    with Line(Tickets(folder)).turn(pytest.fail, never):
        with Line(Tickets(folder)).turn(lambda: told.append("waiting"), lambda: True):
            told.append("went on")
        assert told == ["waiting", "went on"]


@pytest.fixture
def other(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Another process that is at its turn, and stays there."""
    script = (
        "import sys, pathlib\n"
        "from safespace.session.turn.line import Line\n"
        "from safespace.session.turn.tickets import Tickets\n"
        "with Line(Tickets(pathlib.Path(sys.argv[1]))).turn(lambda: None, lambda: False):\n"
        "    print('at it', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-I", "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"at it\n"
        yield process
        process.kill()


def test_another_process_is_waited_for(folder: Path, other: "subprocess.Popen[bytes]") -> None:
    done: list[str] = []
    waiter = Waiter(folder, "a", done)
    assert waiter.waits.wait(60)
    assert done == []
    assert other.stdin is not None
    other.stdin.close()
    waiter.thread.join(60)
    assert done == ["a"]


def test_nobody_waits_for_the_dead(folder: Path, other: "subprocess.Popen[bytes]") -> None:
    done: list[str] = []
    waiter = Waiter(folder, "a", done)
    assert waiter.waits.wait(60)
    os.kill(other.pid, signal.SIGKILL)
    waiter.thread.join(60)
    assert done == ["a"]
    assert [file.name for file in folder.iterdir()] == ["door"]


def test_where_no_ticket_can_be_had_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Line(Tickets(tmp_path / "file")).turn(pytest.fail, never):
        pass


def test_a_door_that_stays_shut_stops_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "TRIES", 2)
    folder.mkdir(parents=True)
    with ExitStack() as held:
        held.enter_context(holding(folder / "door"))
        with Line(Tickets(folder)).turn(pytest.fail, never):
            pass


def test_who_holds_on_for_too_long_is_passed_by(
    folder: Path, other: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, line.LONGEST_S - 1, line.LONGEST_S])
    monkeypatch.setattr(line, "monotonic", lambda: next(clock))
    told: list[str] = []
    with Line(Tickets(folder)).turn(
        lambda: told.append("waiting"), never, lambda: told.append("passing")
    ):
        assert other.poll() is None
    assert told == ["waiting", "passing"]
    assert next(clock, None) is None  # it waited as long as it should


def test_who_was_passed_by_once_is_not_waited_for_again(
    folder: Path, other: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that hangs would cost ten minutes at every question; who comes later is waited for."""
    monkeypatch.setattr(line, "LONGEST_S", 0.01)
    told: list[str] = []
    mine = Line(Tickets(folder))
    assert mine.busy()
    for _time in range(3):
        with mine.turn(lambda: told.append("waiting"), never, lambda: told.append("passing")):
            assert other.poll() is None
    assert told == ["waiting", "passing"]
    assert not mine.busy()  # nor does what works in the background wait
    with ExitStack() as another:
        Tickets(folder).take(another)
        with mine.turn(lambda: told.append("waiting"), never):
            assert told.pop() == "waiting"
    other.kill()
    other.wait()
    with (
        Line(Tickets(folder)).turn(pytest.fail, never),  # has the number that was passed by
        mine.turn(lambda: told.append("again"), never),
    ):
        assert told.pop() == "again"


def test_a_process_that_is_stopped_is_passed_by(
    folder: Path, other: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(other.pid, signal.SIGSTOP)
    monkeypatch.setattr(line, "LONGEST_S", 0.0)
    told: list[str] = []
    with Line(Tickets(folder)).turn(told.clear, never, lambda: told.append("passing")):
        pass
    os.kill(other.pid, signal.SIGCONT)
    assert told == ["passing"]


def test_nobody_gets_ahead_by_a_low_number(folder: Path, other: "subprocess.Popen[bytes]") -> None:
    done: list[str] = []
    waiter = Waiter(folder, "a", done)
    assert waiter.waits.wait(60)
    with holding(folder / "000000000000"):
        assert other.stdin is not None
        other.stdin.close()
        waiter.thread.join(60)
    assert done == ["a"]
