# SPDX-License-Identifier: AGPL-3.0-or-later
"""Standing consent: topics of which a member lets texts leave unasked at level 4, for 90 days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from safespace.domain import Topic
from safespace.errors import Damaged, StorageError, Usage
from safespace.guard import wording
from safespace.guard.deciding.facts import PROTECTED
from safespace.i18n import _
from safespace.store.rooms.consents import ConsentTable

LASTS: Final = timedelta(days=90)
TOPICS: Final = tuple(topic for topic in Topic if topic not in PROTECTED)
"""The topics that can be agreed to; of the others nothing ever leaves."""


@dataclass(frozen=True, slots=True)
class Consent:
    """To one topic, until `ends`."""

    topic: Topic
    ends: datetime


class Consents:
    """Those of an open space. Any thread. `clock` gives this moment."""

    def __init__(self, table: ConsentTable, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock

    def standing(self) -> tuple[Consent, ...]:
        """Those that hold now. One of a moment to come counts for nothing: the clock went back."""
        now = self._clock()
        return tuple(
            Consent(Topic(topic), given + LASTS)
            for topic, given in self._table.every()
            if topic in TOPICS and given <= now < given + LASTS
        )

    def agreed(self) -> frozenset[Topic] | None:
        """The topics that were agreed to; None if that cannot be read."""
        try:
            return frozenset(consent.topic for consent in self.standing())
        except (Damaged, StorageError, ValueError):
            return None

    def give(self, topic: Topic) -> None:
        """Agree, for the next 90 days. Raises Usage for a topic that never leaves, StorageError."""
        if topic not in TOPICS:
            raise Usage(
                _("What is about {topic} never leaves this computer.").format(
                    topic=wording.topic_name(topic)
                )
            )
        self._table.give(topic.value, self._clock())

    def withdraw(self, topic: Topic) -> None:
        """Agree no longer, from now on. Raises StorageError."""
        self._table.withdraw(topic.value)
