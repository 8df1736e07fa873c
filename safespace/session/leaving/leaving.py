# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving an open space: taking everything along, and erasing it, once its member is proven."""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from safespace.errors import CalledOff, SpaceError, StorageError
from safespace.i18n import _
from safespace.session.keys.passphrases import by_either
from safespace.session.leaving import export
from safespace.session.leaving.erasing import Erasing, Reach
from safespace.store.backups.erasing import Erased
from safespace.store.rooms.activity import Way
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces


class Leaving:
    """The way out of one open space. Any thread; methods block for seconds."""

    def __init__(self, space: Space, info: SpaceInfo, erasing: Erasing) -> None:
        self._space = space
        self._info = info
        self._erasing = erasing
        self._one_at_a_time = threading.Lock()
        self._ended = threading.Event()

    def prove(self, present: str) -> None:
        """Check the passphrase or the recovery code of the open space, whichever it is.

        Raises WrongPassphrase, WaitFirst, Damaged, StorageError.
        """
        info, spaces = self._info, Spaces(self._info.folder.parent)
        by_either(
            present,
            lambda passphrase: spaces.unlock(info, passphrase),
            lambda code: spaces.unlock_with_recovery(info, code),
        )

    def export(self, folder: Path, called_off: Callable[[], bool] = lambda: False) -> Path:
        """Write everything into a new folder inside `folder`. Raises StorageError; CalledOff or,
        once the space is locked, SpaceError, and nothing is left of it.

        It is not encrypted, so a face has its member proven and told before.
        """

        nothing_left = _("Nothing of it is left in the folder.")

        def go_on() -> None:
            if self._ended.is_set():
                raise SpaceError(_("The space was locked during the export."), nothing_left)
            if called_off():
                raise CalledOff(_("The export was called off."), nothing_left)

        with self._one_at_a_time:
            with suppress(StorageError):  # a full disk must not keep anyone from leaving
                self._space.activity.left(Way.EXPORT)
            return export.write(
                self._space.export(),
                folder,
                bytes_of=self._space.documents.read,
                picture=self._space.pictures.png,
                name=self._info.name,
                space=self._info.id,
                go_on=go_on,
            )

    def reach(self) -> Reach:
        """What erasing the space would destroy, and which copies stay."""
        return self._erasing.reach(self._info)

    def erase(self, present: str) -> Erased:
        """Destroy the space, which is closed by now. Raises as `Erasing.erase` does."""
        info, erasing = self._info, self._erasing
        return by_either(
            present,
            lambda passphrase: erasing.erase(info, passphrase),
            lambda code: erasing.erase(info, code, recovery=True),
        )

    def end(self) -> None:
        """Call off an export that is being written, and wait until nothing is left of it."""
        self._ended.set()
        with self._one_at_a_time:
            pass
