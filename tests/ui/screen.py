# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real X server that nobody sees, and programs on it that are told what to do line by line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

needs_a_screen = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")

_OBEY: Final = """
import sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication
{begin}
def obey():
    line = sys.stdin.readline()
    if not line:
        app.quit()
        return
    print(eval(line), flush=True)
ears = QSocketNotifier(0, QSocketNotifier.Type.Read)
ears.activated.connect(obey)
app.exec()
{end}
"""


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """An X server; gives the variables by which a program opens a window there."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"]
    server = subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            display = f":{numbers.readline().strip()}"
        yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


class Program:
    """A Qt program that evaluates what it is told and says the result."""

    def __init__(self, surroundings: dict[str, str], begin: str, end: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _OBEY.format(begin=begin, end=end)],
            env={**os.environ, **surroundings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, expression: str) -> str:
        """What `expression` is there."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{expression}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
        assert self._process.stdout
        self._process.stdout.close()
