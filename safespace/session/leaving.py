# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking everything along from an open space, after its member has proven to be there."""

import threading
from pathlib import Path

from safespace.session import export
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces


class Leaving:
    """The way out of one open space. Any thread; methods block for seconds."""

    def __init__(self, space: Space, info: SpaceInfo) -> None:
        self._space = space
        self._info = info
        self._one_at_a_time = threading.Lock()
        self._ended = threading.Event()

    def prove(self, secret: str, *, recovery: bool = False) -> None:
        """Check the passphrase, or with `recovery` the recovery code, of the open space.

        Raises WrongPassphrase, WaitFirst, Damaged, StorageError.
        """
        spaces = Spaces(self._info.folder.parent)
        if recovery:
            spaces.unlock_with_recovery(self._info, secret)
        else:
            spaces.unlock(self._info, secret)

    def export(self, folder: Path) -> Path:
        """Write everything into a new folder inside `folder`. Raises StorageError.

        It is not encrypted, so a face has its member proven and told before.
        """
        with self._one_at_a_time:
            return export.write(
                self._space.export(),
                folder,
                bytes_of=self._space.documents.read,
                name=self._info.name,
                space=self._info.id,
                stopped=self._ended.is_set,
            )

    def end(self) -> None:
        """Call off an export that is being written, and wait until nothing is left of it."""
        self._ended.set()
        with self._one_at_a_time:
            pass
