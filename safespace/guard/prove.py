# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deciding every abstract state, and comparing it with each state that is one step stricter.

A state's decision is kept in one byte of a table: three bits of how far it may go, so that the
minimum of the caps is AND, and in a second table its obligations, so that their union is OR.
A rule reads few facts; its part of the table is laid out once and repeated over all others.
Whole tables are then put together and compared as big numbers.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final, NamedTuple

from safespace.domain import Route
from safespace.guard.abstract import FACTS, Fact
from safespace.guard.decision import ruling_of
from safespace.guard.facts import Facts
from safespace.guard.rules import RULES, SENDING, Obligation, Rule

_DUTIES: Final = tuple(duty.value for duty in Obligation)
_ALL_DUTIES: Final = (1 << len(_DUTIES)) - 1
_OF_SENDING: Final = sum(1 << at for at, duty in enumerate(_DUTIES) if duty in SENDING)
_ROUTE_BITS: Final = {route: (1 << route.value) - 1 for route in Route}
_DUE: Final = bytes(
    0 if not cap else _ALL_DUTIES & ~_OF_SENDING if cap == 1 else _ALL_DUTIES for cap in range(256)
)
"""By how far a state goes: the obligations that matter there."""


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


class Table(NamedTuple):
    """Of every state, in the order of `itertools.product`: how far, and its obligations."""

    caps: bytes
    duties: bytes


def prove(rules: Sequence[Rule] = RULES, facts: Sequence[Fact] = FACTS) -> Proof:
    """Every state over `facts`, and every edge to a state with one stricter fact."""
    begun = time.perf_counter()
    table = table_of(rules, facts)
    edges = 0
    violations: list[Violation] = []
    for place, fact in enumerate(facts):
        for strict, lax in fact.stricter_than:
            edges += len(table.caps) // len(fact.values)
            violations += _violations(table, facts, place, strict, lax)
    counted = ((route.key, table.caps.count(_ROUTE_BITS[route])) for route in Route)
    return Proof(
        len(table.caps), edges, tuple(violations), time.perf_counter() - begun, tuple(counted)
    )


def table_of(rules: Sequence[Rule], facts: Sequence[Fact]) -> Table:
    """What `rules` decide in every state over `facts`."""
    size = prod(len(fact.values) for fact in facts)
    caps = int.from_bytes(bytes([_ROUTE_BITS[Route.COOP]]) * size)
    duties = 0
    for rule in rules:
        part = _table_of_one(rule, facts)
        caps &= int.from_bytes(part.caps)
        duties |= int.from_bytes(part.duties)
    return Table(caps.to_bytes(size), duties.to_bytes(size))


def _table_of_one(rule: Rule, facts: Sequence[Fact]) -> Table:
    read = _read_by(rule, facts)

    def spread(place: int, chosen: dict[str, Any]) -> tuple[bytes, bytes]:
        if place == len(facts):
            ruling = ruling_of(rule, Facts(**chosen))
            held = sum(1 << at for at, duty in enumerate(_DUTIES) if duty in ruling.obligations)
            return bytes([_ROUTE_BITS[ruling.cap]]), bytes([held])
        fact = facts[place]
        if read.isdisjoint(fact.fields):
            caps, duties = spread(place + 1, chosen)
            return caps * len(fact.values), duties * len(fact.values)
        parts = [spread(place + 1, {**chosen, **value}) for value in fact.values]
        return b"".join(caps for caps, _ in parts), b"".join(duties for _, duties in parts)

    return Table(*spread(0, {}))


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


def _violations(
    table: Table, facts: Sequence[Fact], place: int, strict: int, lax: int
) -> Iterator[Violation]:
    fact = facts[place]
    named = (fact.name, repr(fact.values[strict]), repr(fact.values[lax]))
    sizes = [len(each.values) for each in facts]
    inner = prod(sizes[place + 1 :])
    low = [_with(part, sizes[place], inner, strict) for part in table]
    high = [_with(part, sizes[place], inner, lax) for part in table]
    if int.from_bytes(low[0]) & ~int.from_bytes(high[0]):
        yield Violation(*named, "goes further")
    due = int.from_bytes(low[0].translate(_DUE))
    if fact.name != "card" and int.from_bytes(high[1]) & ~int.from_bytes(low[1]) & due:
        yield Violation(*named, "drops an obligation")  # a card that is wide obliges to nothing


def _with(part: bytes, values: int, inner: int, at: int) -> bytes:
    """Of all states those with the value at index `at`, each standing where its twin does."""
    period = values * inner
    if inner * inner < len(
        part
    ):  # whichever way takes fewer slices; the order is the same for twins
        return b"".join(part[at * inner + step :: period] for step in range(inner))
    starts = range(at * inner, len(part), period)
    return b"".join(part[start : start + inner] for start in starts)
