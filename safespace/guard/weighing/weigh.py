# SPDX-License-Identifier: AGPL-3.0-or-later
"""A text and all that goes along with it, read and looked through for the guard's facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from safespace.domain import Subject, TaskKind, Topic
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.givenaway import GivenAway, given_away

_BY_STRICTNESS: Final = (Subject.NOBODY, Subject.OWN, Subject.OTHER_ADULT, Subject.MINOR)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a task is about and gives away. None: that could not be told.

    `own` is what the text alone gives away, `all` what it does together with the rest.
    """

    kind: TaskKind | None
    language: str | None
    topics: frozenset[Topic] | None
    subject: Subject | None
    own: GivenAway
    all: GivenAway
    text: str
    said: tuple[str, ...]
    answers: tuple[str, ...]

    @property
    def words(self) -> str:
        """All that was looked through."""
        return "\n".join((*self.said, *self.answers, self.text))


def weigh(
    text: str,
    said: Sequence[str],
    reader: Reader,
    scanner: Scanner,
    region: str | None = None,
    answers: Sequence[str] = (),
) -> Weighed:
    """`said` before by the same person counts for the topics too; `answers` only for what they
    give away. Never raises.
    """
    reading = reader.read(text)
    readings = (reading, *map(reader.read, said))
    own = given_away(text, scanner, region)
    rest = (*said, *answers)
    words = "\n".join((*rest, text))
    whole = given_away(words, scanner, region) if rest else own
    topics = _together(one.topics for one in readings)
    subject = _strictest(one.subject for one in readings)
    if whole.found.of(Kind.MINOR):
        subject = Subject.MINOR
        topics = None if topics is None else topics | {Topic.MINORS}
    return Weighed(
        reading.kind,
        reading.language,
        topics,
        subject,
        own,
        whole,
        text,
        tuple(said),
        tuple(answers),
    )


def _together(each: Iterable[frozenset[Topic] | None]) -> frozenset[Topic] | None:
    topics = frozenset[Topic]()
    for one in each:
        if one is None:
            return None
        topics |= one
    return topics


def _strictest(each: Iterable[Subject | None]) -> Subject | None:
    known = list(each)
    present = [subject for subject in known if subject is not None]
    return max(present, key=_BY_STRICTNESS.index) if len(present) == len(known) else None
