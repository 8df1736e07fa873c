# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a guess of a passphrase shall cost on this computer, found out by paying it."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from safespace.store.keys.wraps import MOST_PASSES, STANDARD, Cost, derive

GUESS_S: Final = 0.5
"""Seconds that one guess takes at least, where MOST_PASSES can bring that about."""


def price(seconds_for: Callable[[Cost], float] | None = None) -> Cost:
    """STANDARD, with its passes raised until the fastest of three derivations takes GUESS_S.

    The fastest, since a guesser's computer is not busy with something else meanwhile.

    Blocks for some two seconds and takes 256 MiB meanwhile. `seconds_for` says what one
    derivation took. Raises SpaceError for want of memory.
    """
    took = seconds_for or _measured
    cost = STANDARD
    while cost.passes < MOST_PASSES:
        seconds = min(took(cost) for _try in range(3))
        if seconds >= GUESS_S:
            break
        wanted = math.ceil(cost.passes * GUESS_S / max(seconds, 0.001))
        cost = replace(cost, passes=min(max(wanted, cost.passes + 1), MOST_PASSES))
    return cost


def _measured(cost: Cost) -> float:
    begun = time.perf_counter()
    derive("a passphrase of no space", bytes(16), cost)
    return time.perf_counter() - begun
