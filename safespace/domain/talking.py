# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations, their messages, and how an answer came about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from safespace.domain.deciding import Reason, Route, TaskKind


class Role(StrEnum):
    """Who speaks in a conversation. `SAFESPACE` is the program itself: never a model."""

    MEMBER = "member"
    MODEL = "model"
    SAFESPACE = "safespace"


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
