# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole program sleeps in the middle of an answer, with the process that runs the model."""

import signal
import subprocess
import sys

import psutil
import pytest

from tests.e2e.conftest import Home


@pytest.mark.skipif(sys.platform == "win32", reason="signals that stop a process")
def test_what_slept_in_the_middle_of_an_answer_says_all_of_it(home: Home) -> None:
    assert home.run("space", "create", "Ada").code == 0
    with subprocess.Popen(
        home.command("ask", "Write a long story about a fox and a bear."),
        env=home.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asking:
        assert asking.stdout
        assert asking.stderr
        first = asking.stdout.read(1)
        program = psutil.Process(asking.pid)
        asleep = [program, *program.children(recursive=True)]
        assert len(asleep) > 1  # the worker sleeps as well
        for process in asleep:
            process.send_signal(signal.SIGSTOP)
        for process in asleep:
            while process.status() != psutil.STATUS_STOPPED:
                pass
        for process in asleep:
            process.send_signal(signal.SIGCONT)
        rest = asking.stdout.read()
        asking.stderr.read()
    assert asking.returncode == 0
    assert len((first + rest).decode().split()) > 20
