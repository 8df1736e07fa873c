# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer on its way into the store: kept now and then, so that a crash costs little."""

import time
from contextlib import suppress
from typing import Final

from safespace.domain import Mark, Message, Role
from safespace.errors import StorageError
from safespace.store.space import Space

_KEEP_EVERY_S: Final = 2.0
"""How much of a running answer a crash may cost, in seconds."""


class KeptAnswer:
    """Of one question; for the thread of its turn."""

    def __init__(self, space: Space, asked: Message, mark: Mark) -> None:
        self.text = ""
        self.mark = mark
        self._space = space
        self._asked = asked
        self._message: Message | None = None
        self._kept_at = time.monotonic()

    def add(self, text: str) -> None:
        """Some more words."""
        self.text += text
        if time.monotonic() - self._kept_at > _KEEP_EVERY_S:
            with suppress(StorageError):  # the end tries again, and says so
                self.keep(partial=True)

    def keep(self, *, partial: bool) -> Message:
        """Have what came until now in the store. Raises StorageError."""
        self._kept_at = time.monotonic()
        if self._message is None:
            self._message = self._space.add_message(
                self._asked.conversation,
                self._asked.id,
                Role.MODEL,
                self.text,
                partial=partial,
                mark=self.mark,
            )
        else:
            self._message = self._space.update_message(
                self._message.id, self.text, partial=partial, mark=self.mark
            )
        return self._message

    def withhold(self, mark: Mark) -> Message:
        """Keep what passed of an answer whose rest is not shown; without anything, why."""
        self.mark = mark
        if self.text:
            return self.keep(partial=True)
        asked = self._asked
        return self._space.add_message(asked.conversation, asked.id, Role.SAFESPACE, "", mark=mark)
