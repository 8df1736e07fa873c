# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where our own program lies: what a process still reads when its walls stand."""

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path


def own_program() -> Iterator[Path]:
    """Files and folders from which modules and libraries are still loaded."""
    yield Path(__file__).parents[2]
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(name))
    if bundle := getattr(sys, "_MEIPASS", None):
        yield Path(bundle)
        yield Path(sys.executable)  # at whose end the modules lie
