# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make test`: the checks, then every room of tests in a process and environment of its own.

The core's rooms run where no Qt is installed: that is the proof that they need none.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import check
from tools.results import Result, read

ROOT: Final = Path(__file__).resolve().parent.parent
REPORTS: Final = ROOT / "build" / "tests"
SLOWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Room:
    """A folder of tests and the environment it runs in."""

    folder: str
    environment: str

    @property
    def python(self) -> Path:
        return ROOT / self.environment / "bin" / "python"


ROOMS: Final = (
    Room("unit", ".venv-core"),
    Room("worker", ".venv-core"),
    Room("ui", ".venv"),
    Room("e2e", ".venv"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """How one room went: its minutes, its tests, and whether pytest ended well."""

    name: str
    minutes: float
    results: tuple[Result, ...]
    sound: bool

    @property
    def ended_early(self) -> bool:
        """Whether it went wrong without a test to say so: a crash, a file that cannot be read."""
        return not self.sound and all(result.outcome != "failed" for result in self.results)


def main(options: Sequence[str] = ()) -> int:
    """Run all; 1 when anything failed. `options` go to pytest."""
    visits = [_check()]
    visits += [_visit(room, options) for room in ROOMS if (ROOT / "tests" / room.folder).is_dir()]
    print(summary(visits))
    return 0 if all(visit.sound for visit in visits) else 1


def summary(visits: Sequence[Visit]) -> str:
    """Minutes per room, the slowest tests, what failed, and one plain last line."""
    results = [result for visit in visits for result in visit.results]
    slowest = sorted(results, key=lambda result: -result.seconds)[:SLOWEST]
    failed = [result.name for result in results if result.outcome == "failed"]
    failed += [f"{visit.name} ended early" for visit in visits if visit.ended_early]
    passed = sum(result.outcome == "passed" for result in results)
    skipped = sum(result.outcome == "skipped" for result in results)
    lines = ["", "minutes  room"]
    lines += [f"{visit.minutes:7.1f}  {visit.name}" for visit in visits]
    lines += ["", "seconds  slowest tests"]
    lines += [f"{result.seconds:7.1f}  {result.name}" for result in slowest]
    lines += ["", *(f"failed: {name}" for name in failed)]
    last = f"{passed} passed, {len(failed)} failed"
    return "\n".join([*lines, last + (f", {skipped} skipped" if skipped else "")])


def _check() -> Visit:
    begun = time.monotonic()
    failed = check.run()
    minutes = (time.monotonic() - begun) / 60
    results = tuple(
        Result(f"check: {name}", "failed" if name in failed else "passed", 0.0)
        for name in check.CHECKS
    )
    return Visit("check", minutes, results, not failed)


def _visit(room: Room, options: Sequence[str]) -> Visit:
    print(f"\n{room.folder}", flush=True)
    report = REPORTS / f"{room.folder}.xml"
    report.unlink(missing_ok=True)
    begun = time.monotonic()
    done = subprocess.run(
        [
            room.python,
            "-m",
            "pytest",
            "-q",
            f"--junitxml={report}",
            *options,
            f"tests/{room.folder}",
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    minutes = (time.monotonic() - begun) / 60
    return Visit(room.folder, minutes, read(report), done.returncode == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
