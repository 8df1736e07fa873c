# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a worker may leave a request without an answer before it is ended.

Counted in what it computes, never by the clock: a slow computer, a busy one and one that slept
in between cost nobody an answer; a worker that hangs, or a model file whose chat template turns
in circles, does not keep anybody waiting for ever.
"""

from typing import Final

from safespace.local_ai.engine import Begun
from safespace.local_ai.protocol import Load, Piece, Reply, Request

LOOKS: Final = 60
"""So often in a row, a second apart, it may be seen neither computing nor answering."""
LOADING: Final = 600.0
"""Seconds of processor time to load a model; a model of nine gigabytes takes about ten."""
BEGINNING: Final = 120.0
"""Seconds of processor time from the request to its prompt's tokens."""
PER_TOKEN: Final = 10.0
"""Seconds of processor time for each token of the prompt: some twice what the slowest need."""
BETWEEN: Final = 600.0
"""Seconds of processor time from some words to the next."""
_MOVED: Final = 0.001


class Patience:
    """With one worker. Of one thread."""

    def __init__(self) -> None:
        self._allowed: float | None = None  # None: nothing is asked
        self._began: float | None = None
        self._last = 0.0
        self._still = 0

    def asked(self, request: Request) -> None:
        """Something was asked of it."""
        self._allow(LOADING if isinstance(request, Load) else BEGINNING)

    def heard(self, reply: Reply) -> None:
        """It answered."""
        match reply:
            case Begun():
                self._allow(BETWEEN + PER_TOKEN * reply.prompt_tokens)
            case Piece():
                self._allow(BETWEEN)
            case _:
                self._allow(None)

    def over(self, computed: float) -> bool:
        """Whether to wait no longer: it has computed so many seconds in its life."""
        if self._allowed is None:
            return False
        if self._began is None:
            self._began = self._last = computed
        self._still = self._still + 1 if computed - self._last < _MOVED else 0
        self._last = computed
        return self._still >= LOOKS or computed - self._began > self._allowed

    def _allow(self, seconds: float | None) -> None:
        self._allowed, self._began, self._still = seconds, None, 0
