# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of Safe Space as types: facts that every part shares. Standard library only."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from hashlib import sha256


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


class Role(StrEnum):
    """Who speaks in a conversation. `SAFESPACE` is the program itself: never a model."""

    MEMBER = "member"
    MODEL = "model"
    SAFESPACE = "safespace"


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


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer draws on: characters `start` to `end` of a passage of a document."""

    document: int
    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How an answer came about: route, model, reasons, and whether that was recorded.

    `obligations` are what must be said beside it, such as "demonstration". `overridable`: no
    model answered, and an adult may have it answer all the same. `memory` are the numbers of the
    lines that the model read, `instructed` whether it read the member's own instructions, and
    `adapter` is what changed it.
    `sources` are the places in documents that it read; `sought`: it was looked for some.
    """

    route: Route
    model: str | None
    reasons: tuple[Reason, ...]
    recorded: bool
    obligations: tuple[str, ...] = ()
    overridable: bool = False
    memory: tuple[int, ...] = ()
    instructed: bool = False
    adapter: str | None = None
    sources: tuple[Source, ...] = ()
    sought: bool = False


class Purpose(StrEnum):
    """Why there is traffic that is no task. `door.purposes` says what each one is."""

    MODELS = "models"
    UPDATES = "updates"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something goes. `url` is called; `site` is the key of who can read it there.

    `relay` passes it on, if anybody does; `tier` is what was promised about the site.
    """

    url: str
    site: str = ""
    relay: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """All that would leave this computer at once, and where to. Nothing is added to it later.

    `body`: the final bytes; with none, something is fetched. `parameters` are those of the
    model, `price` is what it may cost, in the smallest coin; `largest`: bytes taken back.
    """

    destination: Destination
    body: bytes = b""
    model: str = ""
    parameters: tuple[tuple[str, int | float | bool], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    price: int = 0
    purpose: Purpose | None = None
    """None: it is a task."""
    largest: int = 16 * 1024 * 1024

    @property
    def digest(self) -> str:
        """SHA-256 of everything above, in hex."""
        everything = {**asdict(self), "body": sha256(self.body).hexdigest()}
        return sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Clearance:
    """The guard's permission for one errand, once. One that the guard did not make is none.

    It ends with the versions of the level and of the limits; a purpose depends on neither.
    """

    number: str
    errand: Errand
    route: Route | None
    """None for a purpose, which is no task."""
    obligations: frozenset[str] = frozenset()
    level_version: int | None = None
    limits_version: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of everything above, in hex."""
        everything = (
            *(self.number, self.errand.digest, self.route, sorted(self.obligations)),
            *(self.level_version, self.limits_version),
        )
        return sha256(json.dumps(everything).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Message:
    """One node of a conversation's tree. `partial`: stopped or broken off, kept as it was.

    `task`: what the member chose to have done with it; None: it is read out of the words.
    """

    id: int
    conversation: int
    parent: int | None
    role: Role
    text: str
    at: datetime
    partial: bool = False
    mark: Mark | None = None
    siblings: tuple[int, ...] = ()
    """Ids of all versions at this place, this one included, oldest first."""
    task: TaskKind | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A titled tree of messages. `leaf` ends the branch that is shown.

    `deleted`: when it was put into the bin; None for one that is not there. `pin`: how far its
    member lets it go at most; None if that cannot be read.
    """

    id: int
    title: str
    changed: datetime
    leaf: int | None
    draft: str = ""
    deleted: datetime | None = None
    folder: int | None = None
    pin: Route | None = Route.COOP


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands in the place of words that identify somebody: `made` for `meant`.

    `kind`: of what was found there, such as "PERSON".
    """

    made: str
    meant: str
    kind: str


class Kind(StrEnum):
    """What a space holds that can be searched, deleted and restored."""

    CONVERSATION = "conversation"
    NOTE = "note"
    DOCUMENT = "document"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Note:
    """A text of the member's own, in Markdown."""

    id: int
    title: str
    text: str
    changed: datetime
    folder: int | None = None


class Reading(StrEnum):
    """How reading a document for its text went."""

    UNREAD = ""
    WHOLE = "whole"
    PARTLY = "partly"
    WORDLESS = "wordless"
    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_MUCH = "too_much"
    OTHER = "other"
    """A kind of file that is not read for text."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was taken in whole. `title` is its name, `type` (RFC 6838) what its bytes say.

    `conversation`: the one it is attached to. `searchable`: its text is known, and `reading`
    says how well.
    """

    id: int
    title: str
    type: str
    size: int
    sha256: str
    changed: datetime
    searchable: bool
    conversation: int | None = None
    folder: int | None = None
    reading: Reading = Reading.UNREAD
    left_out: int = 0
    """Pictures in it that cannot be shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a document, drawn anew: `page` as of a passage, `after` the passage before it.

    `says`: what it shows, if whoever made the document wrote that down.
    """

    id: int
    document: int
    page: int | None
    after: int | None
    says: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text of a document. `page` counts from 1; None: there are no pages in it."""

    id: int
    document: int
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class MemoryLine:
    """Something that the member wants to be remembered."""

    id: int
    text: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Folder:
    """A named place, from which what was not changed for `days` goes to the bin; None: nothing."""

    id: int
    name: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A thing as lists name it: by its title, or else by how its text begins.

    `deleted`: when it was put into the bin; None for one that is not there.
    """

    kind: Kind
    id: int
    title: str
    changed: datetime
    folder: int | None = None
    deleted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a search found its words: in what kind of thing, which one, and where in it.

    A `message` of a conversation has its `role`, a `passage` of a document its `page` where there
    are pages. `in_title`: there, and not in the text.
    `excerpt` is some of the text around the first of the words; `marks` are the places of the
    words in it as (start, end), in characters, ascending and apart from each other.
    """

    kind: Kind
    id: int
    title: str
    message: int | None
    role: Role | None
    at: datetime
    in_title: bool
    excerpt: str
    marks: tuple[tuple[int, int], ...]
    passage: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model: a fact for the guard, and text for the person.

    `languages` are ISO 639-1 codes it covers; `not_for` are topics it must not be asked;
    `context` counts tokens, 0 if unknown. `data` and `limits` say what it was made of and what
    it cannot do; `terms` what its licence forbids, "" where that is a free one. `address` is
    where its file lies, and `hosts` are those that may pass it on.
    """

    name: str
    file: str
    maker: str
    licence: str
    languages: frozenset[str]
    not_for: frozenset[Topic]
    demonstration: bool
    parameters: int
    size: int | None
    sha256: str | None
    source: str
    context: int = 0
    data: str = ""
    limits: str = ""
    terms: str = ""
    address: str = ""
    hosts: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether somebody reckoned the checksum of its file."""
        return bool(self.file and self.size and self.sha256)

    @property
    def fetchable(self) -> bool:
        """Whether its file can be fetched: only one that was verified, from where it was."""
        return self.verified and bool(self.address)


@dataclass(frozen=True, slots=True)
class Speed:
    """What one generation cost: tokens, milliseconds to the first, tokens per second after."""

    tokens: int
    ttft_ms: float
    tokens_per_s: float
