# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going on with a long conversation after a restart, without the model reading it anew."""

import hashlib
from contextlib import suppress
from typing import Final

from safespace.errors import Known
from safespace.local_ai.engine import Adapter, Engine
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.turn.desk import Desk
from safespace.store.rooms.bookmarks import Bookmark

WORTH: Final = 512
"""Tokens below which reading anew is nothing that a person notices."""
FURTHER: Final = 8
"""A bookmark moves when the conversation is an eighth longer than it: each is written whole."""
SETTING: Final = "assistant.bookmarks"
_FAILS: Final = (Known, OSError)
"""OSError: the disk that the model lies on may be gone while it still answers."""


def fit(desk: Desk) -> None:
    """Let go of what no longer has room. Raises StorageError."""
    desk.space.bookmarks.shrink(_room(desk))


def _room(desk: Desk) -> int:
    megabytes = desk.get(SETTING)
    assert isinstance(megabytes, int)
    return megabytes * 2**20


class Bookmarking:
    """Of one conversation's turn; for its thread. What fails only costs time."""

    def __init__(
        self,
        desk: Desk,
        conversation: int,
        model: ShelfModel,
        adapter: Adapter | None = None,
        forgotten: int | None = None,
    ) -> None:
        """`forgotten` is how often bookmarks were before it was chosen what the model reads."""
        self._desk = desk
        self._bookmarks = desk.space.bookmarks
        self._conversation = conversation
        self._model = model
        self._adapter = adapter
        self._forgotten = forgotten

    def open(self) -> None:
        """Before an answer: have the engine know what it knew of this conversation."""
        engine = self._desk.engine
        if not _room(self._desk) or (self._conversation, engine.life) in self._desk.read:
            return
        with suppress(*_FAILS):
            if bookmark := self._bookmarks.open(self._conversation, self._bound(engine)):
                engine.recall(bookmark.state)

    def keep(self, tokens: int) -> None:
        """After an answer that ends `tokens` tokens of conversation."""
        engine = self._desk.engine
        self._desk.read.add((self._conversation, engine.life))
        if not (room := _room(self._desk)) or tokens < WORTH:
            return
        with suppress(*_FAILS):
            bound = self._bound(engine)
            before = self._bookmarks.tokens(self._conversation, bound)
            if tokens - before > before // FURTHER:
                there, state = engine.keep()
                if there >= WORTH:
                    bookmark = Bookmark(there, state)
                    self._bookmarks.keep(self._conversation, bound, bookmark, room, self._forgotten)

    def _bound(self, engine: Engine) -> str:
        """What model and build a bookmark is for. A file that no catalogue knows goes by its
        name, size and time, since reading it whole for its hash would take longer than it saves.
        """
        card, file = self._model.card, self._model.path.stat()
        which = (card and card.sha256) or f"{self._model.path} {file.st_size} {file.st_mtime_ns}"
        if adapter := self._adapter:
            worn = adapter.file.stat()
            which += f" {adapter} {worn.st_size} {worn.st_mtime_ns}"
        return hashlib.sha256(f"{which}\n{engine.build}".encode()).hexdigest()
