# SPDX-License-Identifier: AGPL-3.0-or-later
"""From starting the program to its painted unlock screen."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.home import Home
from bench.measured import Measured

TIMES: Final = 7
_PROGRAM: Final = Path(__file__).with_name("first_paint.py")


def figures() -> Mapping[str, Measured]:
    """The median, on a screen of its own where Xvfb is installed, else drawn off screen."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.run("space", "create", "Bench")
        screen = _Screen() if shutil.which("Xvfb") else None
        try:
            platform = screen.surroundings if screen else {"QT_QPA_PLATFORM": "offscreen"}
            _start(home, platform)  # now it is in the page cache
            seconds = [_start(home, platform) for _turn in range(TIMES)]
        finally:
            if screen:
                screen.close()
    where = "under X11" if screen else "drawn off screen"
    spread = f"{min(seconds):.2f} to {max(seconds):.2f} s"
    value = round(statistics.median(seconds), 3)
    return {"window.start_to_unlock_screen": Measured(value, f"{where}, {spread}")}


def _start(home: Home, platform: Mapping[str, str]) -> float:
    begun = time.monotonic()
    with home.start([sys.executable, "-I", str(_PROGRAM)], platform) as process:
        printed, _errors = process.communicate()
    return float(printed.split()[-1]) - begun


class _Screen:
    """An X server that nobody sees."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"]
        self._server = subprocess.Popen(
            command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.surroundings = {
                "DISPLAY": f":{numbers.readline().strip()}",
                "QT_QPA_PLATFORM": "xcb",
            }

    def close(self) -> None:
        self._server.terminate()
        self._server.wait()


if __name__ == "__main__":
    print(figures())
