# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deciding every abstract state, and comparing it with each state that is one step stricter.

What the rules decide is kept as diagrams: for each route, in which states it may go that far,
so that the minimum of the caps is AND; for each obligation, in which states it is due, so that
their union is OR. A rule reads few facts, so its diagrams are small, and so are all together:
every state is compared with its twin, though nobody could write all of them down.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

from safespace.domain import Route
from safespace.guard.deciding.decision import ruling_of
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import RULES, SENDING, Obligation, Rule, Ruling
from safespace.guard.proving.abstract import FACTS, Fact
from safespace.guard.proving.diagram import Diagram, Diagrams

_FURTHER: Final = tuple(route for route in Route if route > Route.HUMAN)


@dataclass(frozen=True, slots=True)
class Violation:
    """A fact of which a stricter value leads further, or to fewer obligations, in some state."""

    fact: str
    strict: str
    lax: str
    what: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and what was wrong in it."""

    states: int
    edges: int
    violations: tuple[Violation, ...]
    seconds: float
    routes: tuple[tuple[str, int], ...]
    """Of each route, how many states have it."""


class Table:
    """What `rules` decide in every state over `facts`."""

    def __init__(self, rules: Sequence[Rule], facts: Sequence[Fact]) -> None:
        self.diagrams = Diagrams([len(fact.values) for fact in facts])
        self.states = prod(len(fact.values) for fact in facts)
        parts = [_of_one(rule, facts, self.diagrams) for rule in rules]
        self.reaches: dict[Route, Diagram] = {
            route: self.diagrams.all(reaches[route] for reaches, _ in parts) for route in _FURTHER
        }
        """In which states it may go at least so far."""
        self.due: dict[Obligation, Diagram] = {
            duty: self.diagrams.any(due[duty] for _, due in parts) for duty in Obligation
        }
        """In which states a rule obliges to it."""

    def route(self, state: Sequence[int]) -> Route:
        """How far the state that has of each fact the value at that index may go."""
        return max(
            (route for route in _FURTHER if self.diagrams.holds(self.reaches[route], state)),
            default=Route.HUMAN,
        )

    def duties(self, state: Sequence[int]) -> frozenset[Obligation]:
        """To what the rules oblige there."""
        return frozenset(duty for duty in self.due if self.diagrams.holds(self.due[duty], state))

    def counted(self) -> Iterator[tuple[str, int]]:
        """Of each route, how many states have it."""
        further = [self.states, *(self.diagrams.count(self.reaches[route]) for route in _FURTHER)]
        for route, those, beyond in zip(Route, further, [*further[1:], 0], strict=True):
            yield route.key, those - beyond


def prove(rules: Sequence[Rule] = RULES, facts: Sequence[Fact] = FACTS) -> Proof:
    """Every state over `facts`, and every edge to a state with one stricter fact."""
    begun = time.perf_counter()
    table = Table(rules, facts)
    edges = 0
    violations: list[Violation] = []
    for place, fact in enumerate(facts):
        for strict, lax in fact.stricter_than:
            edges += table.states // len(fact.values)
            violations += _violations(table, fact, place, strict, lax)
    counted = tuple(table.counted())
    seconds = time.perf_counter() - begun
    return Proof(table.states, edges, tuple(violations), seconds, counted)


def _of_one(
    rule: Rule, facts: Sequence[Fact], diagrams: Diagrams
) -> tuple[dict[Route, Diagram], dict[Obligation, Diagram]]:
    """Where one rule lets a task go so far, and where it obliges to what."""
    read = _read_by(rule, facts)
    rulings: dict[tuple[int, ...], Ruling] = {}
    places = [place for place, fact in enumerate(facts) if fact.fields & read]
    for state in product(*(range(len(facts[place].values)) for place in places)):
        chosen: dict[str, Any] = {}
        for place, value in zip(places, state, strict=True):
            chosen.update(facts[place].values[value])
        rulings[state] = ruling_of(rule, Facts(**chosen))

    def spread(holds: dict[tuple[int, ...], bool], state: tuple[int, ...] = ()) -> Diagram:
        if len(state) == len(places):
            return holds[state]
        place = places[len(state)]
        values = range(len(facts[place].values))
        return diagrams.node(place, [spread(holds, (*state, value)) for value in values])

    reaches = {
        route: spread({state: ruling.cap >= route for state, ruling in rulings.items()})
        for route in _FURTHER
    }
    due = {
        duty: spread({state: duty in ruling.obligations for state, ruling in rulings.items()})
        for duty in Obligation
    }
    return reaches, due


class _Traced:
    """Facts that note which of them were read."""

    def __init__(self, values: dict[str, Any], read: set[str]) -> None:
        self._values, self._read = values, read

    def __getattr__(self, name: str) -> object:
        if isinstance(derived := getattr(Facts, name, None), property):
            assert derived.fget is not None
            return derived.fget(self)
        self._read.add(name)
        return self._values[name]


def _read_by(rule: Rule, facts: Sequence[Fact]) -> frozenset[str]:
    """The facts that `rule` reads in any state.

    Whether it reads one more depends on those read before, so trying all their values until
    nothing new is read finds them all.
    """
    default = {name: value for fact in facts for name, value in fact.values[0].items()}
    known: frozenset[str] = frozenset()
    while True:
        read: set[str] = set(known)
        varied = [fact for fact in facts if fact.fields & known]
        for values in product(*(fact.values for fact in varied)):
            chosen = dict(default)
            for value in values:
                chosen.update(value)
            ruling_of(rule, _Traced(chosen, read))  # type: ignore[arg-type]
        if read == known:
            return known
        known = frozenset(read)


def _violations(table: Table, fact: Fact, place: int, strict: int, lax: int) -> Iterator[Violation]:
    named = (fact.name, repr(fact.values[strict]), repr(fact.values[lax]))
    made = table.diagrams

    def twins(one: Diagram) -> tuple[Diagram, Diagram]:
        return made.given(one, place, strict), made.given(one, place, lax)

    low: dict[Route, Diagram] = {}
    further = False
    for route in _FURTHER:
        low[route], high = twins(table.reaches[route])
        further = further or made.without(low[route], high) is not False
    if further:
        yield Violation(*named, "goes further")
    for duty in Obligation:
        matters = low[Route.COOP_REDACTED if duty.value in SENDING else Route.LOCAL]
        here, there = twins(table.due[duty])
        if made.both(made.without(there, here), matters) is not False:
            yield Violation(*named, "drops an obligation")
            return
