# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds a file is known as long as they live; who only looks keeps nobody from holding it."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from safespace.session import file_lock
from safespace.session.file_lock import hold, holding, is_held, lock

HOLDS = """
import sys
from pathlib import Path
from safespace.session.file_lock import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "held"


def test_one_holds_it_until_the_end(file: Path) -> None:
    assert not is_held(file)
    with holding(file):
        assert is_held(file)
        with pytest.raises(BlockingIOError), holding(file):
            pass
    assert not is_held(file)


def test_a_process_that_was_killed_holds_nothing(file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        assert is_held(file)
        other.kill()
        other.wait()
        assert not is_held(file)


def test_two_who_look_do_not_take_each_other_for_a_holder(file: Path) -> None:
    file.touch()
    with file.open("rb") as one:
        lock(one, alone=False)
        assert not is_held(file)


def test_who_only_looks_keeps_nobody_from_holding_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "_TRIES", 10**6)  # however busy this computer is
    monkeypatch.setattr(file_lock, "_A_LOOK_S", 0.001)
    file.touch()
    with file.open("ab") as own:
        with file.open("rb") as looker:
            lock(looker, alone=False)
            with pytest.raises(BlockingIOError):
                lock(own)
            waiting = threading.Thread(target=hold, args=(own,))
            waiting.start()
        waiting.join()
        assert is_held(file)
