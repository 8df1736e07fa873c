# SPDX-License-Identifier: AGPL-3.0-or-later
"""Decision diagrams: what holds in which states of a space too large to be written down.

A diagram is True, False, or a node that branches on one fact; nodes that would branch to the
same everywhere are left out and equal ones exist once, so two diagrams are the same function if
and only if they are the same object. Multi-valued form of Bryant, "Graph-Based Algorithms for
Boolean Function Manipulation" (1986).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Branches on the fact at `place`; `branches` has a diagram for each of its values."""

    place: int
    branches: tuple["bool | Node", ...]


Diagram = bool | Node


class Diagrams:
    """All diagrams over facts that have so many values each. Not safe on several threads."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes = tuple(sizes)
        self._nodes: dict[tuple[int, tuple[int, ...]], Node] = {}
        self._known: dict[tuple[str, int, int], Diagram] = {}

    def node(self, place: int, branches: Sequence[Diagram]) -> Diagram:
        """The diagram that goes on with one of `branches`, by the value of a fact."""
        if all(branch is branches[0] for branch in branches):
            return branches[0]
        key = (place, tuple(map(id, branches)))
        return self._nodes.setdefault(key, Node(place, tuple(branches)))

    def both(self, one: Diagram, other: Diagram) -> Diagram:
        """True where both are."""
        return self._apply("and", bool.__and__, one, other)

    def either(self, one: Diagram, other: Diagram) -> Diagram:
        """True where one of them is."""
        return self._apply("or", bool.__or__, one, other)

    def without(self, one: Diagram, other: Diagram) -> Diagram:
        """True where `one` is and `other` is not."""
        return self._apply("not", bool.__gt__, one, other)

    def all(self, each: Iterable[Diagram]) -> Diagram:
        """True where every one is."""
        made: Diagram = True
        for one in each:
            made = self.both(made, one)
        return made

    def any(self, each: Iterable[Diagram]) -> Diagram:
        """True where some one is."""
        made: Diagram = False
        for one in each:
            made = self.either(made, one)
        return made

    def given(self, one: Diagram, place: int, value: int) -> Diagram:
        """What `one` is where the fact at `place` has the value at that index."""
        done: dict[Node, Diagram] = {}

        def fixed(at: Diagram) -> Diagram:
            if isinstance(at, bool) or at.place > place:
                return at
            if at.place == place:
                return at.branches[value]
            if at not in done:
                done[at] = self.node(at.place, [fixed(branch) for branch in at.branches])
            return done[at]

        return fixed(one)

    def holds(self, one: Diagram, state: Sequence[int]) -> bool:
        """Whether it is True in the state that has of each fact the value at that index."""
        while isinstance(one, Node):
            one = one.branches[state[one.place]]
        return one

    def count(self, one: Diagram) -> int:
        """In how many states it is True."""
        done: dict[Node, int] = {}

        def below(at: Diagram, place: int) -> int:
            if isinstance(at, bool):
                return at * prod(self._sizes[place:])
            if at not in done:
                done[at] = sum(below(branch, at.place + 1) for branch in at.branches)
            return done[at] * prod(self._sizes[place : at.place])

        return below(one, 0)

    def _apply(
        self,
        name: str,
        operation: Callable[[bool, bool], bool],
        one: Diagram,
        other: Diagram,
    ) -> Diagram:
        if isinstance(one, bool) and isinstance(other, bool):
            return operation(one, other)
        key = (name, id(one), id(other))
        if key not in self._known:
            place = min(at.place for at in (one, other) if isinstance(at, Node))
            self._known[key] = self.node(
                place,
                [
                    self._apply(name, operation, _at(one, place, value), _at(other, place, value))
                    for value in range(self._sizes[place])
                ],
            )
        return self._known[key]


def _at(one: Diagram, place: int, value: int) -> Diagram:
    return one.branches[value] if isinstance(one, Node) and one.place == place else one
