# SPDX-License-Identifier: AGPL-3.0-or-later
"""A planted sentence is nowhere on the disk; the same search finds a planted control."""

import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Home

PLANTED = "the violet heron keeps seven brass keys"
CONTROL = "control-sentence.txt"


def readable_in(folder: Path, sentence: str) -> set[str]:
    """Names of the files that hold `sentence`, in any of the encodings a program would use."""
    forms = [sentence.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")]
    forms.append(sentence.encode().hex().encode())
    found = set()
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix != ".gguf":
            content = file.read_bytes()
            if any(form in content for form in forms):
                found.add(file.name)
    return found


@pytest.fixture(scope="module", autouse=True)
def space(home: Home) -> None:
    home.run("space", "create", "Ada", "--json")
    home.run("config", "assistant.answer_tokens", "64")
    (home.around / CONTROL).write_text(f"before, {PLANTED}, after")


def test_after_a_question_and_its_answer(home: Home) -> None:
    answer = home.run("ask", "-", "--json", text=f"Please repeat: {PLANTED}.").json()
    assert answer["route"] == "local"
    assert readable_in(home.around, PLANTED) == {CONTROL}


def test_after_a_kill_in_the_middle_of_an_answer(home: Home) -> None:
    with subprocess.Popen(
        home.command("ask", "-"),
        env=home.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as ask:
        assert ask.stdin
        assert ask.stdout
        ask.stdin.write(f"Write a long poem about this: {PLANTED}.".encode())
        ask.stdin.close()
        assert ask.stdout.read(1)  # the answer has begun
        ask.send_signal(signal.SIGKILL)
    assert readable_in(home.around, PLANTED) == {CONTROL}
    target = home.run("space", "export", str(home.around / "out"), "--json").json()["folder"]
    everything = (Path(target) / "space.json").read_text("utf-8")
    assert everything.count(PLANTED) >= 2  # both questions were kept, in the space alone


def test_plain_sqlite_cannot_open_it(home: Home) -> None:
    (database,) = home.folder.rglob("space.db")
    connection = sqlite3.connect(database)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        connection.execute("SELECT * FROM sqlite_schema").fetchall()
    connection.close()
