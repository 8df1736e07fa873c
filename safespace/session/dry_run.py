# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the guard would do with a text, and nothing is done: `safespace guard`, outside any space.

It takes for granted what a text cannot show: a cooperative that was joined, consent, budget, a
trusted site, working stages, a record that can be written, and a model that covers the question.
A line may say otherwise.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from safespace.domain import (
    NO_LIMITS,
    Condition,
    Level,
    LimitsTime,
    ModelCard,
    Route,
    TaskKind,
    Topic,
)
from safespace.errors import Usage
from safespace.guard import wording
from safespace.guard.deciding.decision import Decision, Way, decide, what_would_change
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import Obligation
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.reading.windows import Look, raised
from safespace.guard.weighing.givenaway import GivenAway, given_away
from safespace.guard.weighing.lighter import leaving_out
from safespace.guard.weighing.sensitivity import with_topics
from safespace.guard.weighing.weigh import weigh
from safespace.i18n import _

_CONDITIONS: Final = {
    "consent": Condition.CONSENT,
    "budget": Condition.BUDGET,
    "network": Condition.NETWORK,
    "trusted_site": Condition.SITE,
    "healthy": Condition.STAGES,
    "record_writable": Condition.RECORD,
}
_ANY: Final = "und"
"""A language that cannot be told (ISO 639-2): the model is taken to cover it."""
_ROUTES: Final = {route.key: route for route in Route}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the guard found and decided, and how long it took."""

    facts: Facts
    away: GivenAway
    decision: Decision
    ways: tuple[Way, ...]
    ms: float


class Checker:
    """Judges texts at one level. `region`: ISO 3166 code for telephone numbers.

    `look` has a model read what would leave, and only that.
    """

    def __init__(
        self,
        reader: Reader,
        scanner: Scanner,
        level: Level,
        region: str | None,
        look: Look | None = None,
    ) -> None:
        self._reader, self._scanner = reader, scanner
        self._look = look
        self._level, self._region = level, region
        given_away("", scanner)  # reads its lists, so that no line is charged with that

    def check(self, line: Mapping[str, Any]) -> Checked:
        """One line of `safespace guard check`. Raises Usage for one that is none."""
        text = _typed(line, "text", str, None)
        said = [_said(turn) for turn in _typed(line, "history", list, [])]
        task = _task(_typed(line, "task", str, ""))
        rules = _typed(line, "topic_rules", dict, {})
        unmet = frozenset(
            condition
            for name, condition in _CONDITIONS.items()
            if not _typed(line, name, bool, True)
        )
        joined = _typed(line, "cooperative", bool, True)
        begun = time.perf_counter()
        seen = weigh(text, said, self._reader, self._scanner, self._region)
        topics, kept, here = _ruled(rules, seen.topics)
        facts = Facts(
            level=self._level,
            kind=task or seen.kind,
            explicit=_typed(line, "explicit", bool, True),
            topics=topics,
            subject=seen.subject,
            language=seen.language or _ANY,
            card=_card_for(seen.language or _ANY),
            distress=False,
            reserved=frozenset(),
            topics_without_ai=kept,
            topics_here=here,
            resting=_typed(line, "resting", bool, False),
            pin=_ROUTES.get(_typed(line, "pin", str, Route.COOP.key)),
            before=seen.all.before,
            after=seen.all.after,
            names_possible=seen.all.names_possible,
            unmet=unmet,
            limits=NO_LIMITS,
            limits_time=LimitsTime.OPEN,
            agreed=_topics(_typed(line, "agreed", list, [])),
            cooperative=joined,
        )
        decision = decide(facts)
        if self._look and decision.route > Route.LOCAL:
            redacted = decision.route is Route.COOP_REDACTED and seen.all.redacted
            facts = raised(facts, self._look(redacted or "\n".join((*said, text))))
            decision = decide(facts)
        ms = (time.perf_counter() - begun) * 1000  # what follows only explains
        ways: tuple[Way, ...] = ()
        if decision.route < Route.COOP:
            steps = leaving_out(facts, seen, self._reader, self._scanner, self._region)
            ways = what_would_change(facts, leaving_out=steps)
        return Checked(facts, seen.own, decision, ways, ms)


def outcome(number: object, checked: Checked) -> dict[str, Any]:
    """The line that `safespace guard check` answers with; its keys are stable."""
    facts, away, decision = checked.facts, checked.away, checked.decision
    sensitivity = with_topics(facts.before, facts.topics)
    return {
        "id": number,
        "route": decision.route.key,
        "sensitivity": "UNKNOWN" if sensitivity is None else f"S{sensitivity.value}",
        "findings": [
            {"type": one.kind, "start": one.start, "end": one.end, "detector": one.detector}
            for one in away.found.all
        ],
        "topics": None if facts.topics is None else sorted(facts.topics),
        "subject": facts.subject,
        "obligations": sorted(decision.obligations),
        "reasons": [
            {"code": reason.code, "sentence": wording.sentence(reason)}
            for reason in decision.decisive
        ],
        "counterfactual": wording.way(checked.ways[0]) if checked.ways else None,
        "redacted": away.redacted if Obligation.REDACT in decision.obligations else None,
        "ms": round(checked.ms, 3),
    }


def _typed(line: Mapping[str, Any], name: str, kind: type, otherwise: Any) -> Any:
    value = line.get(name, otherwise)
    if not isinstance(value, kind):
        raise Usage(_("“{name}” is missing or is not what it should be.").format(name=name))
    return value


def _said(turn: object) -> str:
    text = turn.get("text") if isinstance(turn, dict) else turn
    if not isinstance(text, str):
        raise Usage(_("“{name}” is missing or is not what it should be.").format(name="history"))
    return text


def _task(name: str) -> TaskKind | None:
    return TaskKind(name) if name in frozenset(TaskKind) else None


def _topics(names: list[str]) -> frozenset[Topic]:
    return frozenset(Topic(name) for name in names if name in frozenset(Topic))


def _ruled(
    rules: Mapping[str, Any], topics: frozenset[Topic] | None
) -> tuple[frozenset[Topic] | None, ...]:
    """The text's topics, those kept from AI and those kept here, by rules as {"health": "human"}.

    A rule about a topic that we cannot tell, or that we do not understand, closes.
    """
    kept: set[Topic] = set()
    here: set[Topic] = set()
    known = True
    for name, route in rules.items():
        cap = _ROUTES.get(str(route), Route.HUMAN)
        if cap >= Route.COOP:
            continue
        if name not in frozenset(Topic):
            known, topics = known and cap > Route.HUMAN, None
        elif cap is Route.HUMAN:
            kept.add(Topic(name))
        elif cap is Route.LOCAL:
            here.add(Topic(name))
    return topics, (frozenset(kept) if known else None), frozenset(here)


def _card_for(language: str) -> ModelCard:
    return ModelCard(
        name="",
        file="",
        maker="",
        licence="",
        languages=frozenset({language}),
        not_for=frozenset(),
        demonstration=False,
        parameters=0,
        size=None,
        sha256=None,
        source="",
    )
