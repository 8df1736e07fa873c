# SPDX-License-Identifier: AGPL-3.0-or-later
"""A progress line: one that rewrites itself on a terminal, one in ten per cent elsewhere."""

import sys
import time


class Progress:
    """How far a long job is, and about how long it will still take."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._begun = time.monotonic()
        self._shown = -1

    def show(self, done: int, whole: int) -> None:
        """Say that `done` of `whole` equal steps are behind us."""
        percent = 100 * done // whole
        rewrite = sys.stdout.isatty()
        if percent == self._shown or (not rewrite and percent // 10 == self._shown // 10):
            return
        self._shown = percent
        line = f"{self._what}: {percent} %{self._left(done / whole)}"
        print(f"\r{line:<70}" if rewrite else line, end="" if rewrite else "\n", flush=True)

    def end(self) -> None:
        """Say that it is done, and how long it took."""
        took = _spoken(time.monotonic() - self._begun)
        first = "\r" if sys.stdout.isatty() else ""
        print(f"{first}{f'{self._what}: done in {took}':<70}".rstrip(" "), flush=True)

    def _left(self, part: float) -> str:
        spent = time.monotonic() - self._begun
        return f", about {_spoken(spent / part - spent)} left" if 0.03 < part < 1 else ""


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
