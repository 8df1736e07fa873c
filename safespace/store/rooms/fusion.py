# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several rankings of the same things as one, by the places that they give and nothing else.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms
Condorcet and individual Rank Learning Methods", SIGIR 2009): what stands at place r of a ranking
gets 1 / (60 + r) from it.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Final, TypeVar

T = TypeVar("T", bound=Hashable)

_K: Final = 60
"""As in the paper: it keeps a first place in one ranking from outweighing all others."""


def fused(rankings: Iterable[Sequence[T]]) -> list[T]:
    """All that any ranking has, the best first; what is equal stays as it came."""
    scores: dict[T, float] = {}
    for ranking in rankings:
        for place, thing in enumerate(dict.fromkeys(ranking), start=1):
            scores[thing] = scores.get(thing, 0.0) + 1 / (_K + place)
    return sorted(scores, key=lambda thing: -scores[thing])
