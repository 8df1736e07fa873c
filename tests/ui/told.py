# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Qt program of its own that evaluates the lines it is told, and says what they are."""

import os
import subprocess
import sys
from typing import Final

_OBEY: Final = """
import sys
from PySide6.QtCore import QSocketNotifier
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


class Told:
    """Runs `begin`, which makes an application called `app`; `end` after it was told to end."""

    def __init__(
        self, surroundings: dict[str, str], begin: str, end: str = "", *arguments: str
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _OBEY.format(begin=begin, end=end), *arguments],
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
