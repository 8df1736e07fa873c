# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space holds besides conversations, and where words are found in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from safespace.domain.talking import Role


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
    words in it as (start, end), in characters, ascending and apart from each other. `meant`: it
    has none of the words, and means something like them.
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
    meant: bool = False
