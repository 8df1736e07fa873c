# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the guard knows of a task. Every default is the strictest: what nobody said is unknown."""

from dataclasses import dataclass
from typing import Final

from safespace.domain import (
    Condition,
    Level,
    Limits,
    LimitsTime,
    ModelCard,
    Route,
    Sensitivity,
    Subject,
    TaskKind,
    Topic,
)

PROTECTED: Final = frozenset(Topic) - {Topic.BELIEF, Topic.WORK}
"""Topics of which nothing ever leaves this computer."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One task as the rules see it. None means unknown, and counts as the strictest value."""

    level: Level | None = None
    kind: TaskKind | None = None
    explicit: bool = False
    """The member asked for this themselves, just now."""
    topics: frozenset[Topic] | None = None
    subject: Subject | None = None
    """Whom it is about."""
    language: str | None = None
    """ISO 639-1 code of the text."""
    model: str | None = None
    """The file name of the model that would answer; None with no card: there is none."""
    card: ModelCard | None = None
    """What is known of that model."""
    overridden: bool = False
    """An adult said "ask it anyway", for this one question."""
    distress: bool = True
    """Words of self-harm, abuse or overdose: nothing for a model to improvise on."""
    reserved: frozenset[TaskKind] | None = None
    """Kinds of task that the member does without AI."""
    topics_without_ai: frozenset[Topic] | None = None
    """Topics that the member keeps from every AI."""
    topics_here: frozenset[Topic] | None = None
    """Topics that the member keeps on this computer."""
    resting: bool = True
    """The hours that the member keeps free of AI are now, or may be."""
    pin: Route | None = None
    """How far the member lets this conversation go; `Route.COOP` where they said nothing."""
    limits: Limits | None = None
    """What a guardian and the member agreed on; `NO_LIMITS` where there is no guardian."""
    limits_time: LimitsTime = LimitsTime.UNKNOWN
    """Whether the limits' hours are open now."""
    before: Sensitivity | None = None
    """What the text gives away by what was found in it; its topics count beside it."""
    after: Sensitivity | None = None
    """What it would still give away with the placeholders of a redaction in it."""
    names_possible: bool = True
    """A word in it may be a name, and nothing but its spelling says so."""
    unmet: frozenset[Condition] | None = None
    """Conditions of sending that do not hold, or of which it is not known."""
    agreed: frozenset[Topic] | None = None
    """Topics of which the member agreed that they may leave, in the last 90 days."""
    cooperative: bool = False
    """The member has joined a cooperative."""

    @property
    def model_name(self) -> str | None:
        """The model as a person knows it; None when there is none."""
        return self.card.name if self.card else self.model
