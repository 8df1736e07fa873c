# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast this computer is at two fixed loops: what absolute goals are to be read beside."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Final

from bench.measured import Measured

# Seconds on the computer where the goals were set: 2 virtual cores, idle.
REFERENCE_CPU: Final = 0.32
REFERENCE_FSYNC: Final = 0.09
_ROUNDS: Final = 5


def figures() -> Mapping[str, Measured]:
    """Both factors: reference over measured, so that below 1 is a slower computer."""
    cpu, disk = _best(_count), _best(_sync)
    return {
        "machine.cpu": Measured(round(REFERENCE_CPU / cpu, 2), f"{cpu:.3f} s a loop"),
        "machine.fsync": Measured(round(REFERENCE_FSYNC / disk, 2), f"{disk:.3f} s a loop"),
    }


def _best(loop: Callable[[], None]) -> float:
    return min(_seconds(loop) for _round in range(_ROUNDS))


def _seconds(loop: Callable[[], None]) -> float:
    begun = time.perf_counter()
    loop()
    return time.perf_counter() - begun


def _count() -> None:
    data, total = bytes(1 << 20), 0
    for number in range(400):
        total += hashlib.sha256(data).digest()[0] + sum(range(number * 50))


def _sync() -> None:
    with tempfile.TemporaryFile(dir=".") as file:
        for _write in range(400):
            file.write(os.urandom(4096))
            file.flush()
            os.fsync(file.fileno())


if __name__ == "__main__":
    print(figures())
