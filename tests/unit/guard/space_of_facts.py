# SPDX-License-Identifier: AGPL-3.0-or-later
"""States of the guard's abstract space, drawn by chance."""

import random

from safespace.guard.deciding.facts import Facts
from safespace.guard.proving.abstract import FACTS, facts_at


def some_states(count: int) -> list[Facts]:
    """States drawn by chance, the same ones each time."""
    return [facts_at(indices) for indices in some_places(count)]


def some_places(count: int) -> list[tuple[int, ...]]:
    """Where such states stand: of each fact the index of its value."""
    chance = random.Random(count)  # noqa: S311
    return [tuple(chance.randrange(len(fact.values)) for fact in FACTS) for _ in range(count)]
