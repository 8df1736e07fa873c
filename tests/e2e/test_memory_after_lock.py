# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two seconds after a lock, no process of this program holds a key or a word of the space."""

import contextlib
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from safespace.domain import Role
from safespace.store.keys.wraps import Cost
from safespace.store.space import Space
from safespace.store.spaces import Spaces
from tests.conftest import Share
from tests.e2e import memory
from tests.e2e.conftest import Home
from tests.e2e.planted import found_in, sentence
from tests.ui.buses import logind, needs_a_bus
from tests.ui.screen import screen
from tests.ui.told import Told

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = f"five quite ordinary words {secrets.token_hex(8)}"
"""Of this run alone: other runs may be looked into as well."""
IN_ONE = 250
ROOT = Path(__file__).resolve().parents[2]
AFTER_S = 2.0
FRESH = ["-I", "-m", "safespace", "window"]

LOOK = """
from PySide6.QtWidgets import QApplication
app = QApplication(["watcher"])
from PySide6.QtCore import QTimer
seen = []
timer = QTimer(interval=10)
timer.timeout.connect(lambda: seen.append(
    app.primaryScreen().grabWindow(0, 640, 30, 1, 1).toImage().pixelColor(0, 0).name()))
timer.start()
"""


@pytest.fixture(scope="module")
def planted(home: Home, share: Share) -> tuple[str, int, bytes]:
    """A space full of planted sentences: their mark, how many there are, and the space's key."""
    count = share(5000)
    mark = secrets.token_hex(8)
    new = Spaces(home.folder / "spaces").create("Ada", PASSPHRASE, CHEAP)
    space = Space(new.info.folder, new.key)
    conversation, parent = 0, None
    for number in range(count):
        words = sentence(mark, number)
        if number % IN_ONE == 0:
            conversation, parent = space.new_conversation(words).id, None
        role = Role.MODEL if number % 2 else Role.MEMBER
        parent = space.add_message(conversation, parent, role, words).id
    space.close()
    return mark, count, new.key.key


@contextlib.contextmanager
def unlocked(home: Home, words: str, on: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The window, with everything shown, and an answer on its way."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.unlocked", PASSPHRASE, words],
        cwd=ROOT,
        env={**home.environment, **on},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        assert program.stdin
        try:
            assert program.stdout.readline() == "ready\n"
            yield program
        finally:
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(program.pid).children(recursive=True):
                    child.kill()
            program.kill()


def look(home: Home, mark: str, key: bytes) -> dict[str, int]:
    """What is found in all processes of this program together."""
    total: dict[str, int] = {}
    sought = {"key": key, "passphrase": PASSPHRASE.encode()}
    for process in memory.of_this_program(home.folder):
        found = found_in(memory.memory_of(process), mark, sought)
        total = {name: total.get(name, 0) + number for name, number in found.items()}
    return total


@memory.may_look
@pytest.mark.torture("space.memory_after_lock")
def test_no_key_and_no_word_stays(home: Home, planted: tuple[str, int, bytes]) -> None:
    mark, count, key = planted
    with contextlib.ExitStack() as stack:
        on = {"QT_QPA_PLATFORM": "offscreen"}
        watcher = None
        if shutil.which("Xvfb"):
            on = stack.enter_context(screen())
            watcher = Told(on, LOOK)
            stack.callback(watcher.end)
            while not (empty := watcher.tell("seen[-1] if seen else ''")):
                time.sleep(0.02)
        program = stack.enter_context(unlocked(home, sentence(mark, 0), on))
        before = look(home, mark, key)
        assert before["sentences"] > count / 2  # the control: here, they are found
        assert before["key"] > 0
        if watcher:
            watcher.tell("seen.clear()")
        assert program.stdin
        program.stdin.write("member.main.lock()\n")
        program.stdin.flush()
        time.sleep(AFTER_S)
        after = look(home, mark, key)
        assert after == dict.fromkeys(before, 0), f"before: {before}"
        assert commands(program)[1:] == FRESH
        if watcher:  # and nothing flickered: the place of the window was never bare
            colours = watcher.tell("len(seen), set(seen)")
            assert empty not in colours, colours


@memory.may_look
@pytest.mark.torture("space.memory_after_lock")
def test_a_talk_leaves_nothing_either(home: Home, planted: tuple[str, int, bytes]) -> None:
    mark, _count, key = planted
    with home.chat(passphrase=PASSPHRASE) as chat:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write(f"Tell me a long story of {sentence(mark, 0)}.\n")
        chat.stdin.flush()
        chat.stdout.read(len("\n> ") + 5)  # the first words of the answer
        before = look(home, mark, key)
        assert before["sentences"] > 0
        assert before["key"] > 0
        assert home.run("space", "lock", passphrase=None).code == 0
        assert chat.wait(AFTER_S) == 0
    assert look(home, mark, key) in ({}, dict.fromkeys(before, 0))


@needs_a_bus
def test_sleep_waits_until_the_process_is_another(
    home: Home, planted: tuple[str, int, bytes], tmp_path: Path
) -> None:
    with logind(tmp_path) as system:
        on = {"QT_QPA_PLATFORM": "offscreen", "DBUS_SYSTEM_BUS_ADDRESS": system.address}
        with unlocked(home, sentence(planted[0], 0), on) as program:
            until(lambda: system.held and "Inhibit" in system.asked)
            assert commands(program)[1:3] == ["-m", "tests.e2e.unlocked"]
            system.tell("say(AT, 'org.freedesktop.login1.Manager', 'PrepareForSleep', True)")
            until(lambda: not system.held)
            assert commands(program)[1:] == FRESH
    assert home.run("space", "unlock-check", passphrase=PASSPHRASE).code == 0


def commands(program: subprocess.Popen[str]) -> list[str]:
    return psutil.Process(program.pid).cmdline()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ended = time.monotonic() + 30
    while not true():
        assert time.monotonic() < ended, "waited in vain"
        time.sleep(0.05)
