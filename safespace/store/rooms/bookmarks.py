# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bookmarks: what a model made of a conversation, so that it goes on without reading it anew.

They are large and can be made again, so each is a file beside the database, sealed under a key
of its own that the database holds: erasing a conversation erases the key, and with it the file,
whatever a disk keeps of it. What the model read beside the conversation is in them as well: when
some of that is erased or changed, all of them go. The files are in no backup and in no export.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safespace.store.connection import Database
from safespace.store.files import write_whole
from safespace.store.owner import OwnerThread
from safespace.store.rooms import codec

_SUFFIX: Final = ".bookmark"
_NONCE: Final = bytes(12)
"""Each key seals one file, once."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """What was made of the first `tokens` tokens of a conversation, as the engine gave it."""

    tokens: int
    state: bytes = field(repr=False)


class Bookmarks:
    """Those of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread, folder: Path) -> None:
        self._owner = owner
        self._folder = folder

    def forgotten(self) -> int:
        """How often all were let go of since the space was opened."""
        return self._owner.do(forgotten)

    def keep(
        self,
        conversation: int,
        bound: str,
        bookmark: Bookmark,
        room: int,
        forgotten: int | None = None,
    ) -> None:
        """Keep it in the place of the one before; those used longest ago make way, so that all
        take `room` bytes at most. `bound` names the model and what runs it. `forgotten` is what
        that method said before the model read: what went since may be in it, so it is not kept.

        Raises StorageError.
        """
        if len(bookmark.state) > room:
            self.shrink(room)
            return
        name, key = secrets.token_hex(8), AESGCM.generate_key(256)
        sealed = AESGCM(key).encrypt(_NONCE, bookmark.state, bound.encode())
        self.shrink(room - len(sealed), but=conversation)
        write_whole(self._folder / f"{name}{_SUFFIX}", sealed)
        known = (bound, name, key, bookmark.tokens, len(sealed))
        self._owner.do(keep, conversation, *known, forgotten)
        self.sweep()

    def tokens(self, conversation: int, bound: str) -> int:
        """How far the bookmark of a conversation goes; 0 where there is none that serves."""
        found = self._owner.do(find, conversation, bound)
        return found[2] if found else 0

    def open(self, conversation: int, bound: str) -> Bookmark | None:
        """The bookmark of a conversation; None if there is none for this model and what runs
        it, or its file is gone or damaged.
        """
        found = self._owner.do(find, conversation, bound)
        if found is None:
            return None
        name, key, tokens = found
        try:
            sealed = (self._folder / f"{name}{_SUFFIX}").read_bytes()
            state = AESGCM(key).decrypt(_NONCE, sealed, bound.encode())
        except (OSError, InvalidTag):
            return None
        self._owner.do(used, conversation)
        return Bookmark(tokens, state)

    def shrink(self, room: int, but: int | None = None) -> None:
        """Let go of those used longest ago until the rest, save that of the conversation `but`,
        takes `room` bytes at most. Raises StorageError.
        """
        self._owner.do(shrink, room, but)
        self.sweep()

    def sweep(self) -> None:
        """Remove the files whose key is gone."""
        names = self._owner.do(names_of)
        for file in self._folder.glob(f"*{_SUFFIX}"):
            if file.stem not in names:
                with suppress(OSError):
                    file.unlink()


def forget_files(folder: Path) -> None:
    """Remove every bookmark of the space in `folder`, which nobody has open."""
    for file in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):
            file.unlink()


def keep(
    database: Database,
    conversation: int,
    bound: str,
    name: str,
    key: bytes,
    tokens: int,
    size: int,
    since: int | None,
) -> None:
    """The one bookmark of a conversation, from now on; nothing if that is gone meanwhile, or if
    all were let go of `since`.
    """
    if since is not None and since != forgotten(database):
        return
    if not database.row("SELECT 1 FROM conversation WHERE id = ?", conversation):
        return
    database.change("DELETE FROM bookmark WHERE conversation = ?", conversation)
    database.change(
        "INSERT INTO bookmark (conversation, bound, name, key, tokens, size, used)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(conversation, bound, name, key, tokens, size, codec.moment_to_column(codec.now())),
    )


def forget(database: Database) -> None:
    """Erase the keys of all of them; their files go when they are next swept."""
    database.change("DELETE FROM bookmark")
    forgotten(database)
    database.change("INSERT INTO temp.bookmarks_forgotten VALUES (1)")


def forgotten(database: Database) -> int:
    """How often that was done. It lies in memory: no answer outlasts an opening."""
    database.change("CREATE TEMP TABLE IF NOT EXISTS bookmarks_forgotten (once INTEGER)")
    row = database.row("SELECT count(*) FROM temp.bookmarks_forgotten")
    assert row
    return int(row[0])


def find(database: Database, conversation: int, bound: str) -> tuple[str, bytes, int] | None:
    """Name, key and tokens of the bookmark that serves."""
    return database.row(
        "SELECT name, key, tokens FROM bookmark WHERE conversation = ? AND bound = ?",
        conversation,
        bound,
    )


def used(database: Database, conversation: int) -> None:
    """It served just now."""
    database.change(
        "UPDATE bookmark SET used = ? WHERE conversation = ?",
        codec.moment_to_column(codec.now()),
        conversation,
    )


def shrink(database: Database, room: int, but: int | None) -> None:
    """Delete those used longest ago, save that of the conversation `but`, down to `room`."""
    rows = database.rows(
        "SELECT conversation, size FROM bookmark WHERE conversation IS NOT ?"
        " ORDER BY used DESC, conversation DESC",
        but,
    )
    for conversation, size in rows:
        room -= size
        if room < 0:
            database.change("DELETE FROM bookmark WHERE conversation = ?", conversation)


def names_of(database: Database) -> frozenset[str]:
    """Those whose key is there."""
    return frozenset(name for (name,) in database.rows("SELECT name FROM bookmark"))
