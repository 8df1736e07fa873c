# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of this computer that decide which model suits it."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card: bytes of memory free on it and in all, which are the processor's where
    the two share them.
    """

    name: str
    free: int
    total: int
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes, the whole and what programs can still have; processor threads; the
    graphics cards that models may use.
    """

    memory: int
    available: int
    processors: int
    cards: tuple[Card, ...] = ()


def this_machine() -> Machine:
    """The computer this runs on, now."""
    import psutil  # only those who load or choose a model need it

    memory = psutil.virtual_memory()
    return Machine(memory.total, memory.available, processors())


def processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # on Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
