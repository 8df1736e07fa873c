# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bin of an open space, and the way out of it for ever."""

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec

from safespace.domain import Heading, Kind
from safespace.errors import StorageError
from safespace.store.backups import reserve
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import deletion
from safespace.store.rooms.bookmarks import Bookmarks
from safespace.store.rooms.documents import Documents

P = ParamSpec("P")


class Bin:
    """What was deleted and can be restored. As with the space, any thread."""

    def __init__(
        self, owner: OwnerThread, documents: Documents, bookmarks: Bookmarks, folder: Path
    ) -> None:
        self._owner = owner
        self._documents = documents
        self._bookmarks = bookmarks
        self._folder = folder

    def every(self) -> list[Heading]:
        """What is in it, the last deleted first."""
        return self._owner.do(deletion.binned)

    def put(self, kind: Kind, id_: int) -> None:
        """Delete something, also on a full disk, so that it can be restored.

        Gone already is as good.
        """
        self._delete(deletion.put_into_bin, kind, id_)

    def restore(self, kind: Kind, id_: int) -> None:
        """Take something out again. Raises Usage if it is not there."""
        self._owner.do(deletion.restore, kind, id_)

    def erase(self, kind: Kind, id_: int) -> None:
        """Overwrite something, in the bin or not, and what the index knew of it.

        It is out of the write-ahead log too when this returns; gone already is as good.
        """
        self._delete(deletion.erase, kind, id_)
        self._owner.settle()
        self._documents.sweep()
        self._bookmarks.sweep()

    def empty(self) -> None:
        """Erase all that is in the bin."""
        self._delete(deletion.empty_bin)
        self._owner.settle()
        self._documents.sweep()
        self._bookmarks.sweep()

    def _delete(
        self, work: Callable[Concatenate[Database, P], None], *which: P.args, **how: P.kwargs
    ) -> None:
        """Delete something, if need be with the room that is kept for it."""
        try:
            self._owner.do(work, *which, **how)
        except StorageError:
            if not reserve.release(self._folder):
                raise
            self._owner.do(work, *which, **how)
