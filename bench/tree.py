# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory of a process and all its descendants, as the proportional share that Linux counts."""

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MIB: Final = 1 << 20
_EVERY: Final = 0.01


@dataclass(frozen=True, slots=True)
class Sample:
    """Summed PSS in bytes at one moment, and that of the process that was started."""

    whole: int
    first: int


def may_watch() -> bool:
    """Whether this account sees what memory our programs have: they close it to their own."""
    return os.geteuid() == 0


def watch(process: subprocess.Popen[bytes]) -> list[Sample]:
    """Sample a process tree every 10 ms until its first process has ended."""
    samples = []
    while process.poll() is None:
        shares = [_pss(pid) for pid in _family(process.pid)]
        samples.append(Sample(sum(shares), shares[0]))
        time.sleep(_EVERY)
    return samples


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from _family(int(child))
    except OSError:
        return  # it ended meanwhile


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0
    )
