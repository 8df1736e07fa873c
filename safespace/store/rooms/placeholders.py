# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the placeholders of a conversation stand for: known here and nowhere else."""

from collections.abc import Iterable

from safespace.domain import Placeholder
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread


class Placeholders:
    """Those of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def of(self, conversation: int) -> list[Placeholder]:
        """Those of a conversation, the first one first."""
        return self._owner.do(every, conversation)

    def keep(self, conversation: int, known: Iterable[Placeholder]) -> None:
        """Add those that are new; what one stands for never changes."""
        self._owner.do(keep, conversation, tuple(known))


def every(database: Database, conversation: int) -> list[Placeholder]:
    """Those of a conversation, the first one first."""
    return [
        Placeholder(*row)
        for row in database.rows(
            "SELECT made, meant, kind FROM placeholder WHERE conversation = ? ORDER BY id",
            conversation,
        )
    ]


def keep(database: Database, conversation: int, known: Iterable[Placeholder]) -> None:
    """Add those that are new; what one stands for never changes."""
    for one in known:
        database.change(
            "INSERT INTO placeholder (conversation, made, meant, kind) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (conversation, made) DO NOTHING",
            conversation,
            one.made,
            one.meant,
            one.kind,
        )
