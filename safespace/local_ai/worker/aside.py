# SPDX-License-Identifier: AGPL-3.0-or-later
"""States of conversations that a model has read and that wait for their next turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """What a model made of `tokens`, as llama.cpp writes it. Any buffer of `size` bytes."""

    tokens: Sequence[int]
    data: Any = field(repr=False)
    size: int


class Aside:
    """The last ones used, up to `room` bytes and `tokens` tokens together; for one thread."""

    def __init__(self, room: int, tokens: int) -> None:
        self._room = room
        self._tokens = tokens
        self._states: list[State] = []

    def put(self, state: State) -> None:
        """Keep a state, if need be in the place of those that waited longest.

        It replaces those that it goes on from, or that only differ from it at the end.
        """
        others = [
            other
            for other in self._states
            if common(other.tokens, state.tokens) < len(other.tokens) // 2
        ]
        self._states = [*others, state]
        while self._over():
            del self._states[0]

    def _over(self) -> bool:
        return (
            sum(each.size for each in self._states) > self._room
            or sum(len(each.tokens) for each in self._states) > self._tokens
        )

    def best(self, prompt: Sequence[int]) -> tuple[State | None, int]:
        """The state that saves most of reading `prompt`, and how many of its tokens."""
        found = [(state, common(state.tokens, prompt)) for state in self._states]
        return max(found, key=lambda each: each[1], default=(None, 0))

    def let_go(self, state: State) -> None:
        """It is in use again, and waits no more."""
        self._states = [other for other in self._states if other is not state]


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens both begin with."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return count
