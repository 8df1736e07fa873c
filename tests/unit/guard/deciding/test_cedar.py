# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules twice: ours, and a twin in Cedar that was written apart from them, decide alike."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cedarpy
import pytest

from safespace.domain import (
    NO_LIMITS,
    Condition,
    Level,
    Limits,
    LimitsTime,
    ModelCard,
    Reason,
    Route,
    Sensitivity,
    Subject,
    TaskKind,
    Topic,
)
from safespace.guard.deciding import rules
from safespace.guard.deciding.decision import Decision, decide
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import OPEN, SENDING, Obligation, Ruling
from tests.conftest import Share

_HERE: Final = Path(__file__).parent / "cedar"
_SCHEMA: Final = (_HERE / "guard.cedarschema").read_text("utf-8")
POLICIES: Final = (_HERE / "guard.cedar").read_text("utf-8")
_ROUTES: Final = (Route.COOP, Route.COOP_REDACTED, Route.LOCAL)
_AT_ONCE: Final = 500

Decided = tuple[Route, frozenset[str]]


class Twin:
    """The guard's decision, made by Cedar. What is neither allowed cleanly nor denied fails."""

    def __init__(self, policies: str) -> None:
        self._schema = cedarpy.Schema.from_str(_SCHEMA)
        self._policies = cedarpy.PolicySet.from_str(policies)
        self._entities = cedarpy.Entities.from_json_str("[]", _SCHEMA)

    def decide(self, each: Sequence[Facts]) -> list[Decided]:
        """Route and obligations of each task; those of sending only where something leaves."""
        names = [*(route.key for route in _ROUTES), *(f"without_{one.value}" for one in Obligation)]
        results = cedarpy.is_authorized_batch(
            [_request(name, facts) for facts in each for name in names],
            self._policies,
            self._entities,
            self._schema,
        )
        allowed = [self._clean(result) for result in results]
        width = len(names)
        return [self._decided(allowed[at : at + width]) for at in range(0, len(allowed), width)]

    @staticmethod
    def _clean(result: cedarpy.AuthzResult) -> bool:
        assert result.decision is not cedarpy.Decision.NoDecision, result.diagnostics.errors
        assert not result.diagnostics.errors
        return bool(result.allowed)

    @staticmethod
    def _decided(allowed: Sequence[bool]) -> Decided:
        routes = zip(_ROUTES, allowed, strict=False)
        route = next((route for route, may in routes if may), Route.HUMAN)
        free = zip(Obligation, allowed[len(_ROUTES) :], strict=True)
        duties = frozenset(duty.value for duty, may in free if not may)
        return route, duties if route > Route.LOCAL else duties - SENDING


def _request(action: str, facts: Facts) -> dict[str, Any]:
    return {
        "principal": {"type": "Member", "id": "somebody"},
        "action": {"type": "Action", "id": action},
        "resource": {"type": "Task", "id": "something"},
        "context": {
            name: _said(value)
            for name in Facts.__slots__
            if (value := getattr(facts, name)) is not None
        },
    }


def _said(value: object) -> object:
    match value:
        case ModelCard():
            return {
                "languages": sorted(value.languages),
                "not_for": sorted(value.not_for),
                "demonstration": value.demonstration,
            }
        case Limits():
            models = {} if value.models is None else {"models": sorted(value.models)}
            return {
                "highest": int(value.highest),
                "topics": sorted(value.topics),
                "cooperative": value.cooperative,
                "override": value.override,
                **models,
            }
        case Route():
            return value.key
        case frozenset():
            return sorted(value)
        case bool():
            return value
        case int():
            return int(value)
    return str(value)


class AnyTask:
    """Tasks drawn by chance: mostly known and mostly free, so that each rule gets its turn."""

    _LANGUAGES: Final = ("en", "de", "fr")
    _MODELS: Final = ("a.gguf", "b.gguf")

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311

    def draw(self) -> Facts:
        often = self._chance.choice((0.04, 0.1, 0.3))
        others = self._others().items()
        return replace(_FREE, **{n: value for n, value in others if self._chance.random() < often})

    def _others(self) -> Mapping[str, Any]:
        return {
            "level": self._maybe(Level),
            "kind": self._maybe(TaskKind),
            "explicit": False,
            "topics": self._maybe_some(Topic),
            "subject": self._maybe(Subject),
            "language": self._maybe(self._LANGUAGES),
            "model": self._maybe(self._MODELS),
            "card": self._card(),
            "overridden": True,
            "distress": True,
            "reserved": self._maybe_some(TaskKind),
            "topics_without_ai": self._maybe_some(Topic),
            "topics_here": self._maybe_some(Topic),
            "resting": True,
            "pin": self._maybe(Route),
            "limits": self._limits(),
            "limits_time": self._chance.choice(tuple(LimitsTime)),
            "before": self._maybe((*Sensitivity, *[Sensitivity.IDENTIFYING] * 5)),
            "after": self._maybe(Sensitivity),
            "names_possible": True,
            "unmet": self._maybe_some(Condition),
            "agreed": self._maybe_some(Topic),
            "cooperative": False,
        }

    def _maybe(self, members: Iterable[Any]) -> Any:
        return self._chance.choice((None, *members))

    def _some(self, members: Iterable[Any]) -> frozenset[Any]:
        return frozenset(one for one in members if self._chance.random() < 0.3)

    def _maybe_some(self, members: Iterable[Any]) -> frozenset[Any] | None:
        return None if self._chance.random() < 0.2 else self._some(members)

    def _card(self) -> ModelCard | None:
        return self._chance.choice(
            (
                None,
                replace(
                    _CARD,
                    languages=self._some(self._LANGUAGES),
                    not_for=self._some(Topic),
                    demonstration=self._chance.random() < 0.5,
                ),
            )
        )

    def _limits(self) -> Limits | None:
        return self._chance.choice(
            (
                None,
                Limits(
                    self._chance.choice(tuple(Level)),
                    self._some(Topic),
                    models=self._maybe_some(self._MODELS),
                    cooperative=self._chance.random() < 0.5,
                    override=self._chance.random() < 0.5,
                ),
            )
        )


_CARD: Final = ModelCard(
    name="A model",
    file="a.gguf",
    maker="",
    licence="",
    languages=frozenset({"en", "de"}),
    not_for=frozenset(),
    demonstration=False,
    parameters=1,
    size=None,
    sha256=None,
    source="",
)
_FREE: Final = Facts(
    level=Level.COOPERATIVE,
    kind=TaskKind.CHAT,
    explicit=True,
    topics=frozenset(),
    subject=Subject.NOBODY,
    language="en",
    model="a.gguf",
    card=_CARD,
    distress=False,
    reserved=frozenset(),
    topics_without_ai=frozenset(),
    topics_here=frozenset(),
    resting=False,
    pin=Route.COOP,
    limits=NO_LIMITS,
    limits_time=LimitsTime.OPEN,
    before=Sensitivity.NEUTRAL,
    after=Sensitivity.NEUTRAL,
    names_possible=False,
    unmet=frozenset(),
    agreed=frozenset(),
    cooperative=True,
)


def ours(facts: Facts) -> Decided:
    decision = decide(facts)
    return decision.route, decision.obligations


def test_the_twin_fits_its_schema() -> None:
    assert cedarpy.validate_policies(POLICIES, _SCHEMA).errors == []
    unguarded = (
        'forbid (principal, action in Action::"model", resource) when { context.level < 1 };'
    )
    assert cedarpy.validate_policies(unguarded, _SCHEMA).errors  # it would be left out, and open


@pytest.mark.torture("guard.cedar")
def test_both_decide_alike(share: Share) -> None:
    twin, count = Twin(POLICIES), share(50_000)
    tasks = AnyTask(0)
    routes: Counter[Route] = Counter()
    while (left := count - routes.total()) > 0:
        each = [tasks.draw() for _ in range(min(left, _AT_ONCE))]
        for facts, theirs in zip(each, twin.decide(each), strict=True):
            assert ours(facts) == theirs, facts
            routes[theirs[0]] += 1
    assert min(routes[route] for route in Route) > count / 100


@pytest.mark.parametrize("left_out", ["level", "protected", "redact", "names", "caution"])
def test_a_twin_that_differs_is_noticed(left_out: str) -> None:
    """A control: without one of its prohibitions, it decides otherwise somewhere."""
    tasks = AnyTask(1)
    each = [tasks.draw() for _ in range(_AT_ONCE)]
    begun, rest = POLICIES.split(f'@id("{left_out}")')
    assert Twin(begun + rest[rest.index(";") + 1 :]).decide(each) != list(map(ours, each))


def test_nothing_known_goes_nowhere_there_either() -> None:
    assert Twin(POLICIES).decide([Facts()]) == [(Route.HUMAN, frozenset())]


TABLES: Final = {name: table for name, table in vars(rules).items() if name.startswith("_BY_")}
ENTRIES: Final = [(name, key) for name, table in TABLES.items() for key in table]


@pytest.fixture(scope="module")
def judged() -> list[tuple[Facts, Decision]]:
    """Tasks of which both decide alike, and what we decide."""
    tasks = AnyTask(2)
    each = [tasks.draw() for _ in range(2000)]
    assert list(map(ours, each[:_AT_ONCE])) == Twin(POLICIES).decide(each[:_AT_ONCE])
    return [(facts, decide(facts)) for facts in each]


@pytest.mark.parametrize(("name", "key"), ENTRIES)
def test_another_entry_in_a_table_of_the_rules_is_noticed(
    judged: list[tuple[Facts, Decision]],
    name: str,
    key: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = Ruling(Route.LOCAL, Reason("test"))
    monkeypatch.setitem(TABLES[name], key, closed if TABLES[name][key] is OPEN else OPEN)
    assert any(decide(facts) != decision for facts, decision in judged)
