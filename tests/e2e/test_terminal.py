# SPDX-License-Identifier: AGPL-3.0-or-later
"""The terminal as people use it: interrupted, without a terminal, through pipes that are closed."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from threading import Thread

from tests.e2e.conftest import PASSPHRASE, Home

STORY = "Tell me a long story about the sea."


def test_the_recovery_code_opens_what_was_created(home: Home) -> None:
    code = home.run("space", "create", "Ada", "--json").json()["recovery_code"]
    assert home.run("chat", "--recovery", text="/quit\n", passphrase=code).code == 0
    assert home.run("chat", "--recovery", text="/quit\n").code == 3


def test_an_interrupt_stops_the_answer_and_not_the_talk(home: Home) -> None:
    bare = {name: value for name, value in home.environment.items() if name != "XDG_RUNTIME_DIR"}
    with home.chat(environment=bare) as chat:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write(f"{STORY}\n")
        chat.stdin.flush()
        chat.stdout.read(len("\n> ") + 5)  # the first words of the answer
        chat.send_signal(signal.SIGINT)
        _out, err = chat.communicate("/level 0\nA note.\n/level 1\n", timeout=60)
        assert chat.returncode == 0, err
        assert "not whole" in err
        assert err.count("—") == 2  # one mark each, and no warning of Python's
        assert "Warning" not in err
    (conversation,) = exported(home)
    assert [message["role"] for message in conversation] == [
        "member",
        "model",
        "member",
        "safespace",
    ]
    assert conversation[1]["partial"]
    assert home.run("level", "1", "--confirm").code == 0


def exported(home: Home) -> list[list[dict[str, object]]]:
    folder = home.run("space", "export", str(home.folder / "out"), "--json").json()["folder"]
    everything = json.loads((Path(folder) / "space.json").read_text("utf-8"))
    return [conversation["messages"] for conversation in everything["conversations"]]


def test_without_a_terminal_it_says_how_to_give_a_passphrase(home: Home) -> None:
    ran = subprocess.run(
        home.command("level", passphrase=None),
        env=home.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert "3<FILE" in ran.stderr
    assert "Warning" not in ran.stderr


def test_closed_and_full_pipes_are_said_in_a_sentence(home: Home) -> None:
    asked = home.command("ask", "Who can read this?")
    for command, redirection, code, said in (
        (home.command("ask", "-", passphrase=None), "<&-", 2, "Standard input is closed."),
        (asked, "> /dev/full", 7, "disk is full"),
        (asked, "| true", 141, ""),
    ):
        ran = subprocess.run(
            ["bash", "-c", f'"$@" {redirection}; exit ${{PIPESTATUS[0]}}', "bash", *command],
            env=home.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == code, ran.stderr
        assert said in ran.stderr
        assert len(ran.stderr.splitlines()) == bool(said), ran.stderr


def test_a_line_of_any_length_arrives_whole(home: Home) -> None:
    """And the terminal is as before when the space is locked from elsewhere."""
    note = "word " * 2000 + "end"
    assert home.run("level", "0").code == 0
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    with subprocess.Popen(
        home.command("chat"), env=home.environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as chat:
        try:
            while termios.tcgetattr(theirs)[3] & termios.ICANON:  # until it reads by itself
                assert chat.poll() is None
                time.sleep(0.02)
            Thread(target=os.write, args=(ours, f"{note}\n".encode()), daemon=True).start()
            seen = b""
            while b"no model was asked" not in seen:
                assert select.select([ours], [], [], 30)[0], seen
                seen += os.read(ours, 65536)
            assert home.run("space", "lock", passphrase=None).code == 0
            assert chat.wait(20) == 0
        finally:
            chat.kill()
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)
    texts = [message["text"] for conversation in exported(home) for message in conversation]
    assert note in texts


IDLE = """
import sys
from safespace import __main__
from safespace.session import locking
locking.minutes_for = lambda session, entrance: 3 / 60
sys.exit(__main__.face(["chat"]))
"""


def test_a_talk_locks_when_nothing_is_typed(home: Home) -> None:
    """What stood on the screen is gone from it, and from what can be scrolled back to."""
    ours, theirs = pty.openpty()
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    with subprocess.Popen(
        [sys.executable, "-I", "-c", IDLE],
        env={**home.environment, "SAFESPACE_PASSPHRASE_FD": str(reading)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        pass_fds=[reading],
    ) as chat:
        os.close(reading)
        seen = b""
        begun = time.monotonic()
        while b"Locked." not in seen:
            assert select.select([ours], [], [], 30)[0], seen
            seen += os.read(ours, 65536)
            if b"> " in seen and time.monotonic() - begun < 1:
                os.write(ours, b"x")  # somebody is there
        assert chat.wait(20) == 0
    assert b"Commands:" in seen.partition(b"\x1b[3J")[0]
    assert b"Commands:" not in seen.partition(b"\x1b[3J")[2]
    os.close(ours)
    os.close(theirs)
    assert home.run("level").code == 0  # nobody holds the space any more
