# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer that is judged before it is shown: it passes in whole sentences."""

import re
from typing import Final

from safespace.domain import Reason
from safespace.guard.reading.answers import Judge

_ENDS: Final = re.compile(r"[.!?…。！？][\"'”’)\]]*\s|\n")
_LONGEST: Final = 400
"""So many characters without an end of a sentence pass all the same."""


class HeldBack:
    """Each piece is judged together with all before it. `reason`: why no more of it passes."""

    def __init__(self, judge: Judge | None) -> None:
        self._judge = judge
        self._passed = ""
        self._waiting = ""
        self.reason: Reason | None = None

    def add(self, words: str) -> str:
        """What may be shown now that these words have come."""
        if self._judge is None:
            return words
        self._waiting += words
        ends = [found.end() for found in _ENDS.finditer(self._waiting)]
        if not ends and len(self._waiting) > _LONGEST:
            ends = [len(self._waiting)]
        return self._pass(ends[-1]) if ends else ""

    def end(self) -> str:
        """What may be shown of the rest: no more will come."""
        return self._pass(len(self._waiting)) if self._waiting else ""

    def _pass(self, end: int) -> str:
        assert self._judge
        piece, self._waiting = self._waiting[:end], self._waiting[end:]
        self.reason = self.reason or self._judge(self._passed + piece)
        if self.reason:
            return ""
        self._passed += piece
        return piece
