# SPDX-License-Identifier: AGPL-3.0-or-later
"""A terminal told to end: an export leaves nothing half; a talk locks and keeps its draft."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from safespace.cli import system_locks
from tests.e2e.conftest import PASSPHRASE, Home
from tests.ui.buses import HARMLESS, SIGNALS, Logind, logind, needs_a_bus

ENDLESS = """
import sys, time
from safespace import __main__
from safespace.session.leaving import export
whole = export._files
def slowly():
    while True:
        time.sleep(0.01)
        yield b"x"
def files(*parts):
    yield from whole(*parts)
    yield "endless.md", slowly()
export._files = files
sys.exit(__main__.face(sys.argv[1:]))
"""

RENEWING = """
import sys, time
from pathlib import Path
from safespace import __main__
from safespace.store import acts
begin = acts._begin
def slowly(*arguments):
    Path(sys.argv[1]).touch()
    time.sleep(1)
    begin(*arguments)
acts._begin = slowly
sys.exit(__main__.face(sys.argv[2:]))
"""

TALK = """
import sys
from safespace import __main__
from safespace.cli import system_locks
hear = system_locks.listen
system_locks.listen = lambda lock: hear(lock, *sys.argv[1:])
sys.exit(__main__.face(["chat"]))
"""


@pytest.fixture(scope="module", autouse=True)
def space(home: Home) -> None:
    home.run("space", "create", "Ada", "--json")
    home.run("level", "0")


@contextmanager
def program(
    home: Home,
    script: str,
    *arguments: str,
    terminal: int | None = None,
    secrets: str = PASSPHRASE,
) -> Iterator["subprocess.Popen[str]"]:
    reading, writing = os.pipe()
    os.write(writing, f"{secrets}\n".encode())
    os.close(writing)
    streams = subprocess.PIPE if terminal is None else terminal
    with subprocess.Popen(
        [sys.executable, "-I", "-c", script, *arguments],
        env={**home.environment, "SAFESPACE_PASSPHRASE_FD": str(reading)},
        stdin=subprocess.DEVNULL if terminal is None else terminal,
        stdout=streams,
        stderr=streams,
        text=True,
        pass_fds=[reading],
    ) as started:
        os.close(reading)
        try:
            yield started
        finally:
            started.kill()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_is_ended_leaves_nothing_half(home: Home, told: signal.Signals) -> None:
    out = home.around / "out"
    with program(home, ENDLESS, "space", "export", str(out)) as export:
        until(lambda: any(out.glob(".safespace-export-*/endless.md")))  # the control: it is there
        export.send_signal(told)
        said, problem = export.communicate(timeout=30)
    assert export.returncode == 130
    assert said == ""
    assert problem == "The export was called off. Nothing of it is left in the folder.\n"
    assert list(out.iterdir()) == []
    assert home.run("level").code == 0  # nobody holds the space any more


def test_a_new_key_that_is_ended_was_never_made(home: Home) -> None:
    proving = home.around / "proving"
    command = ("space", "passphrase", "--somebody-knows-it")
    both = f"{PASSPHRASE}\nsix other and rather longer words"
    with program(home, RENEWING, str(proving), *command, secrets=both) as renewal:
        until(proving.exists)
        renewal.send_signal(signal.SIGINT)
        said, problem = renewal.communicate(timeout=60)
    assert renewal.returncode == 130, problem
    assert said == ""
    assert problem == "It was called off: there is no new key. Everything opens as before.\n"
    assert home.run("space", "verify").code == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_a_talk_that_is_told_to_end_locks_and_keeps_its_draft(
    home: Home, told: signal.Signals
) -> None:
    half = f"half a thought, and then {told.name}"
    with talk(home) as (process, screen):
        screen.type(half)
        process.send_signal(told)
        assert process.wait(20) == 0
        screen.until("Locked.")
        assert half not in screen.seen.partition("\x1b[3J")[2]
    with talk(home) as (process, screen):
        screen.until(half)  # it stands in the line again
        screen.type(" goes on\n")
        screen.until("no model was asked")
        screen.type("/quit\n")
        assert process.wait(30) == 0
    with talk(home) as (process, screen):
        screen.type("/quit\n")
        assert process.wait(30) == 0
        assert half not in screen.seen


@needs_a_bus
def test_a_talk_locks_with_the_system(home: Home, tmp_path: Path) -> None:
    with (
        logind(tmp_path) as system,
        talk(home, system.address, system.address) as (process, screen),
    ):
        until(lambda: "Inhibit" in system.asked and "GetSession" in system.asked)
        until(lambda: system.held)
        screen.type("half a thought")
        system.tell("say(AT + '/session/_32', 'org.freedesktop.login1.Session', 'Lock')")
        time.sleep(0.3)
        assert process.poll() is None  # that was another session
        until(lambda: (system.tell(SIGNALS["screen lock"]), process.poll())[1] == 0)
        screen.until("Locked.")
        assert not system.held


@needs_a_bus
def test_the_terminal_hears_what_the_window_hears(tmp_path: Path) -> None:
    with logind(tmp_path) as system:
        locked = Event()
        system_locks.listen(locked.set, system.address, system.address)
        until(lambda: system.held)
        until(lambda: (system.tell("away(True)"), "Get'" in system.asked)[1])  # it listens now
        for harmless in HARMLESS:
            system.tell(harmless)
        time.sleep(0.3)
        assert not locked.is_set()
        for lock in SIGNALS.values():
            locked.clear()
            until(partial(said_and_set, system, lock, locked))


@needs_a_bus
def test_where_no_session_is_named_any_lock_is_heard(tmp_path: Path) -> None:
    with logind(tmp_path, sessions=False) as system:
        locked = Event()
        system_locks.listen(locked.set, system.address, system.address)
        other = "say(AT + '/session/_77', 'org.freedesktop.login1.Session', 'Lock')"
        until(partial(said_and_set, system, other, locked))


def said_and_set(system: Logind, signal: str, locked: Event) -> bool:
    """Have the double say `signal`, and see whether that was heard."""
    system.tell(signal)
    return locked.is_set()


class Screen:
    """What a terminal showed so far, and the keys of it."""

    def __init__(self, end: int) -> None:
        self.seen = ""
        self._end = end

    def type(self, text: str) -> None:
        """As from the keyboard, and wait until it stands on the screen."""
        os.write(self._end, text.encode())
        self.until(text.rstrip("\n"))

    def until(self, text: str) -> None:
        while text not in self.seen:
            assert select.select([self._end], [], [], 30)[0], self.seen
            self.seen += os.read(self._end, 65536).decode("utf-8", "replace")


@contextmanager
def talk(home: Home, *buses: str) -> Iterator[tuple["subprocess.Popen[str]", Screen]]:
    """A talk at a terminal of its own, up to where it waits for the first line."""
    nowhere = f"unix:path={home.around}/no-bus"
    ours, theirs = pty.openpty()
    try:
        with program(home, TALK, *(buses or (nowhere, nowhere)), terminal=theirs) as process:
            screen = Screen(ours)
            screen.until("> ")
            yield process, screen
    finally:
        os.close(ours)
        os.close(theirs)


def until(there: Callable[[], bool]) -> None:
    for _try in range(600):
        if there():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")
