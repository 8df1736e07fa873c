# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member agreed to, and when: to the sending of a topic. Of one withdrawn nothing stays."""

from datetime import datetime

from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import codec


class ConsentTable:
    """That of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def every(self) -> list[tuple[str, datetime]]:
        """Each topic with the moment of the consent to it."""
        return self._owner.do(every)

    def give(self, topic: str, at: datetime) -> None:
        """Agree from this moment on."""
        moment = codec.moment_to_column(at)
        self._owner.do(
            Database.change, "INSERT OR REPLACE INTO consent VALUES (?, ?)", topic, moment
        )

    def withdraw(self, topic: str) -> None:
        """Agree no longer."""
        self._owner.do(Database.change, "DELETE FROM consent WHERE topic = ?", topic)


def every(database: Database) -> list[tuple[str, datetime]]:
    """Each topic with the moment of the consent to it."""
    found = database.rows("SELECT topic, given FROM consent ORDER BY topic")
    return [(topic, codec.moment(given)) for topic, given in found]
