# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a decision about a task is made of: its facts, its routes, its limits."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How far a member engages with AI. A new space starts at 1."""

    NO_AI = 0
    WHEN_I_ASK = 1
    AT_MY_SIDE = 2
    ASK_EACH_TIME = 3
    COOPERATIVE = 4


class Route(IntEnum):
    """Where a task goes, as a chain of growing exposure; `min` of two is the safer one."""

    HUMAN = 0
    LOCAL = 1
    COOP_REDACTED = 2
    COOP = 3

    @property
    def key(self) -> str:
        """The stable name for JSON and the store: "human", "local", ..."""
        return self.name.lower()


class Sensitivity(IntEnum):
    """How much a text gives away. None stands for a class that cannot be told: as strict as 3."""

    NEUTRAL = 0
    LIGHT = 1
    """A first name alone, a date without a year of birth, a place of a town's size or larger."""
    IDENTIFYING = 2
    """A surname, an address, a number or an account of somebody."""
    PROTECTED = 3
    """A child, health, money, the law: never leaves this computer."""
    SECRET = 4
    """Passwords and keys: never leave this computer."""


class Condition(StrEnum):
    """What must hold, beside a text that may leave, before anything is sent."""

    CONSENT = "consent"
    BUDGET = "budget"
    NETWORK = "network"
    SITE = "site"
    STAGES = "stages"
    RECORD = "record"
    DECLINED = "declined"
    """Its member saw it and said no."""
    UNFIT = "unfit"
    """Nothing that the cooperative offers is fit for it."""


class TaskKind(StrEnum):
    """What kind of thing is asked; a member can reserve kinds for themselves."""

    CHAT = "chat"
    SUMMARY = "summary"
    REWRITE = "rewrite"
    TRANSLATION = "translation"
    EXPLANATION = "explanation"
    LETTER = "letter"


class Topic(StrEnum):
    """Topics the guard recognises."""

    HEALTH = "health"
    MONEY = "money"
    LEGAL = "legal"
    MINORS = "minors"
    INTIMATE = "intimate"
    BELIEF = "belief"  # faith and politics
    WORK = "work"  # what an employer or a client keeps to itself
    OTHERS = "others"  # what another person told in confidence


class Subject(StrEnum):
    """Whom a text is about."""

    NOBODY = "nobody"
    OWN = "own"
    OTHER_ADULT = "other_adult"
    MINOR = "minor"


class LimitsTime(StrEnum):
    """Whether the hours of a space's limits are open now, and if not, why."""

    UNKNOWN = "unknown"
    CLOCK = "clock"  # the computer's clock was set back
    HOURS = "hours"
    MINUTES = "minutes"  # today's are used up
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a guardian and a member agreed on; without any, everything is as the member wants.

    `hours` are windows of a day in minutes after midnight, begin and end; none: all day.
    `minutes`: so many with AI a day. `models`: file names; None: all. `override`: the member may
    ask a model about what its card does not cover.
    """

    highest: Level = Level.COOPERATIVE
    topics: frozenset[Topic] = frozenset()
    hours: tuple[tuple[int, int], ...] = ()
    minutes: int | None = None
    models: frozenset[str] | None = None
    cooperative: bool = True
    override: bool = True


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule capped a task: a stable code, and the values its sentence names.

    The sentence is made where it is shown (`guard.wording`), so records stay language-free.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()
