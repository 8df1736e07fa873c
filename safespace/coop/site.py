# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site of the cooperative that would answer, as far as a member's computer knows it."""

from dataclasses import dataclass

from safespace.domain import Condition, Destination, ModelCard


@dataclass(frozen=True, slots=True)
class Site:
    """Where its model is called, and what is known of that model. `card.file` is its name there.

    `unmet` are the conditions of sending that do not hold now; `price` is what a task may cost.
    """

    destination: Destination
    card: ModelCard
    unmet: frozenset[Condition] = frozenset()
    price: int = 0
