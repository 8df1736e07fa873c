# SPDX-License-Identifier: AGPL-3.0-or-later
"""A kept bug holds type and place: no message, no local, wherever it happened."""

import subprocess
import sys
from pathlib import Path

import pytest

WORDS = "the violet heron keeps seven keys"

FAIL = """
import threading, sys
from safespace.session.checks import bugs
{keeping}
def fail(word):
    local = word
    raise LookupError(word)
class Late:
    def __del__(self):
        fail(WORDS)
WORDS = sys.argv[1]
late = Late()
del late
thread = threading.Thread(target=fail, args=(WORDS,))
thread.start()
thread.join()
fail(WORDS)
"""


def run(keeping: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", FAIL.format(keeping=keeping), WORDS],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_what_nobody_catches_is_kept_without_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path))
    assert WORDS in run("")  # the control: by itself Python prints it
    said = run("bugs.keep_all()")
    kept = (tmp_path / "state" / "bugs.log").read_text()
    assert kept.count("LookupError at fail:") == 3
    assert said.count("LookupError at fail:") == 3
    assert WORDS not in said + kept
    assert (tmp_path / "state" / "bugs.log").stat().st_mode & 0o077 == 0
