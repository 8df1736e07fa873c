# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guessing an answer's next words from what was said before, where an answer quotes it.

Prompt lookup (Saxena 2023, github.com/apoorvumang/prompt-lookup-decoding): where the last few
tokens stood before, what followed then is likely to follow again. The model checks a guess in
one go, which is cheaper than token by token, and takes only what it would have said itself.
"""

from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Final

ALIKE: Final = 3
"""So many tokens must have stood there before: fewer guess wrongly too often."""
MOST: Final = 8
"""Tokens guessed at once, at most."""
REST: Final = 32
"""Steps without a guess after guessing did not pay."""
TRIED: Final = 4
"""Guesses by which that is judged: one alone says more about the moment's load."""
_PLAIN: Final = 15
"""Steps without a guess that are remembered to compare with."""


class Lookup:
    """The guesses of one answer; for one thread."""

    def __init__(self, said: Iterable[int]) -> None:
        self._said: list[int] = []
        self._after: dict[tuple[int, ...], int] = {}
        self._plain: deque[float] = deque(maxlen=_PLAIN)
        self._guessed: deque[tuple[float, int]] = deque(maxlen=TRIED)
        self._most = MOST // 2
        self._rest = 0
        for token in said:
            self.add(token)

    def add(self, token: int) -> None:
        """One more token was said."""
        if len(self._said) >= ALIKE:
            # Noted only when something follows, so that an ending never finds itself.
            self._after[tuple(self._said[-ALIKE:])] = len(self._said)
        self._said.append(token)

    def guess(self, most: int) -> list[int]:
        """What may come next, at most `most` tokens; often nothing."""
        if self._rest:
            return []
        place = self._after.get(tuple(self._said[-ALIKE:]))
        return [] if place is None else self._said[place : place + max(0, min(most, self._most))]

    def note(self, guessed: int, right: int, seconds: float) -> None:
        """A step took `seconds`: one token, and `right` of `guessed` further ones."""
        self._rest = max(0, self._rest - 1)
        if not guessed:
            self._plain.append(seconds)
            return
        self._guessed.append((seconds, right + 1))
        self._most = min(MOST, 2 * self._most) if right == guessed else max(2, right)
        if self._plain and len(self._guessed) == TRIED:
            spent, gained = map(sum, zip(*self._guessed, strict=True))
            if spent > gained * median(self._plain):
                self._rest = REST
                self._guessed.clear()
