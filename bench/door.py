# SPDX-License-Identifier: AGPL-3.0-or-later
"""How soon an answer that comes through the door is cut, on both sides of the line."""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from bench.measured import Measured
from safespace.domain import Destination, Errand
from safespace.door import transport
from safespace.door.door import Answer
from safespace.door.line import Line
from safespace.errors import Cut
from tests.unit.door.far_side import (
    Behave,
    far_side,
    keeps_silent,
    never_answers,
    talks_for_ever,
)

CUTS: Final = 20


def figures() -> Mapping[str, Measured]:
    """The slowest of all."""
    ways = (talks_for_ever, keeps_silent, never_answers)
    slowest = {each.__name__: max(_cut(each) for _time in range(CUTS)) for each in ways}
    told = ", ".join(f"{name.replace('_', ' ')} {value:.0f} ms" for name, value in slowest.items())
    return {"door.cut_ms": Measured(round(max(slowest.values()), 1), told)}


def _cut(behave: Behave) -> float:
    """Milliseconds from one cut until both sides know."""
    with far_side(behave) as side:
        line, errand = Line(), Errand(Destination(side.url), b"{}", "m")
        answer = Answer(lambda: transport.carry(errand, line), line, lambda _journey: None)
        while not side.heard:
            time.sleep(0.001)
        begun = time.monotonic()
        line.cut()
        with suppress(Cut):
            list(answer)
        here = time.monotonic()
        while not side.ended:
            time.sleep(0.001)
        return 1000 * (max(here, side.ended[0]) - begun)
