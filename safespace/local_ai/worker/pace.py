# SPDX-License-Identifier: AGPL-3.0-or-later
"""On how many threads a model answers fastest: tried on the tokens of real answers.

More threads help until memory or a busy neighbour is what everyone waits for, and that is
different for every model, computer and hour. So nothing is reckoned: a few counts are tried for
a few tokens each, the best is kept, and they are tried again when the pace changes.
"""

from statistics import mean
from typing import Final

STRETCH: Final = 8
"""Tokens that are timed together: fewer tell more of chance than of the count."""
ROUNDS: Final = 2
"""How often each count is tried in turn, so that a moment's load does not decide."""
SETTLED: Final = 32
"""Stretches after which the neighbours of a count are tried again in any case."""
CHANGED: Final = 1.5
"""So many times slower or faster, twice in a row, and the load has changed."""
AS_GOOD: Final = 1.05
"""Fewer threads are taken where they cost no more than this: the others are somebody else's."""


class Pace:
    """The choice of a count of threads, up to `most`; for one thread, and one loaded model."""

    def __init__(self, most: int, begin: int = 0) -> None:
        """`begin` is what was best the last time; 0: not known."""
        self._ladder = ladder(most)
        self.count = _nearest(self._ladder, begin or max(1, most // 2))
        self._tokens = 0
        self._seconds = 0.0
        self._tried: dict[int, list[float]] = {}
        self._trials: list[int] = []
        self._settled = 0.0
        self._rest = 0
        self._surprises = 0
        self._try()

    @property
    def settled(self) -> bool:
        """Whether `count` was found better than its neighbours, and is not just being tried."""
        return not self._trials

    def note(self, tokens: int, seconds: float) -> None:
        """`tokens` more took `seconds` on `count` threads, which may be another one now."""
        self._tokens += tokens
        self._seconds += seconds
        if self._tokens < STRETCH:
            return
        pace = self._seconds / self._tokens
        self._tokens, self._seconds = 0, 0.0
        if self._trials:
            self._judge(pace)
        else:
            self._watch(pace)

    def _judge(self, pace: float) -> None:
        self._tried.setdefault(self.count, []).append(pace)
        del self._trials[0]
        if self._trials:
            self.count = self._trials[0]
            return
        paces = {count: mean(seen) for count, seen in self._tried.items()}
        best = min(paces.values())
        self.count = min(count for count, each in paces.items() if each <= best * AS_GOOD)
        self._settled, self._rest, self._surprises = paces[self.count], SETTLED, 0

    def _watch(self, pace: float) -> None:
        far = pace > self._settled * CHANGED or pace * CHANGED < self._settled
        self._surprises = self._surprises + 1 if far else 0
        self._rest -= 1
        if self._surprises == 2 or not self._rest:
            self._try()

    def _try(self) -> None:
        place = self._ladder.index(self.count)
        counts = self._ladder[max(0, place - 1) : place + 2]
        self._tried = {}
        self._trials = [*counts] * ROUNDS if len(counts) > 1 else []
        self._settled, self._rest = self._settled or float("inf"), SETTLED
        if self._trials:
            self.count = self._trials[0]


def ladder(most: int) -> tuple[int, ...]:
    """The counts that are worth a try: powers of two, and all there are."""
    return (*(2**power for power in range(most.bit_length()) if 2**power < most), most)


def _nearest(counts: tuple[int, ...], count: int) -> int:
    return min(counts, key=lambda each: abs(each - count))
