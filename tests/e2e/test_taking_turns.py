# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two members at once, in real processes: the terminal says that it waits, and then answers."""

import subprocess
from contextlib import ExitStack

from safespace.session.turn.line import Line
from safespace.session.turn.tickets import Tickets
from tests.e2e.conftest import Home


def test_the_terminal_says_that_it_waits_and_then_answers(home: Home) -> None:
    assert home.run("space", "create", "Ada").code == 0
    with ExitStack() as other:
        line = Line(Tickets(home.folder / "state" / "line"))
        other.enter_context(line.turn(lambda: None, lambda: False))
        with subprocess.Popen(
            home.command("ask", "What is the capital of France?"),
            env=home.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as asking:
            assert asking.stderr
            assert asking.stdout
            while "yours waits its turn" not in (said := asking.stderr.readline()):
                assert said, "it ended without waiting"
            other.close()
            assert asking.stdout.read().strip()
            asking.stderr.read()
        assert asking.returncode == 0
    assert [file.name for file in (home.folder / "state" / "line").iterdir()] == ["door"]
