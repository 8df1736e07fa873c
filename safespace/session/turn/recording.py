# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the activity record keeps of a decision: little, and of what stayed here even less."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from safespace.domain import Route
from safespace.guard.deciding.decision import Decision
from safespace.guard.deciding.facts import Facts
from safespace.guard.weighing.weigh import Weighed
from safespace.guard.wording.discreet import ABOUT_SOMEBODY, discreet
from safespace.store.rooms.activity import ActivityEntry, Seen

MOST_EVIDENCE: Final = 100
"""So many findings of one text are kept, those that stand first in it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A task's facts, and what of them was read out of its words."""

    facts: Facts
    seen: Weighed


def entry_of(judged: Judged, decision: Decision, at: datetime) -> tuple[ActivityEntry, list[Seen]]:
    """What is written down, and what evidence is taken of.

    What a task was about is kept only where it left or its member was asked whether it may.
    """
    words = judged.seen.words
    facts, named = judged.facts, decision.route > Route.LOCAL
    subject = facts.subject
    reasons = decision.decisive if named else dict.fromkeys(map(discreet, decision.decisive))
    entry = ActivityEntry(
        at=at,
        kind=facts.kind,
        level=facts.level,
        route=decision.route,
        reasons=tuple(reasons),
        model=None if decision.route is Route.HUMAN else facts.model_name,
        overridden=facts.overridden,
        obligations=tuple(sorted(decision.obligations)),
        topics=_listed(facts) if named else None,
        subject=subject.value if named and subject else None,
        size=len(words.encode("utf-8", "replace")),
    )
    seen = [
        Seen(one.kind.value, one.start, words[one.start : one.end])
        for one in sorted(judged.seen.all.found.all)
        if named or one.kind not in ABOUT_SOMEBODY
    ]
    return entry, seen[:MOST_EVIDENCE]


def _listed(facts: Facts) -> tuple[str, ...]:
    topics = facts.topics
    return ("unknown",) if topics is None else tuple(sorted(topic.value for topic in topics))
