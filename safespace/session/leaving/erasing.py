# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a space from its entrance: what would go, the act, and what nobody can promise."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.i18n import N_, _
from safespace.session.backing_up import folder_of
from safespace.session.holder import Hold
from safespace.session.keys.by_keyring import ByKeyring, is_on
from safespace.store.backups import backups, erasing
from safespace.store.backups.erasing import Erased
from safespace.store.spaces import SpaceInfo, Spaces

UNPROMISED: Final = (
    N_("A solid-state disk, a snapshot or a backup of the whole computer may keep old bytes."),
    N_("Copies on sticks, on other computers or with a sync service are not touched."),
    N_("Disks that are not plugged in now keep what is on them."),
    N_("What was exported or printed is yours to destroy."),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What erasing a space would destroy, and copies of it seen here that it would not."""

    files: tuple[Path, ...]
    backups: tuple[Path, ...]
    copies: tuple[Path, ...]


class Erasing:
    """Off the interface thread: a key takes half a second, files as long as they take."""

    def __init__(
        self, spaces: Spaces, backup_folder: Callable[[], str], keyring: ByKeyring
    ) -> None:
        self._spaces = spaces
        self._backup_folder = backup_folder
        self._keyring = keyring

    def reach(self, info: SpaceInfo) -> Reach:
        """What there is of a space."""
        folder = folder_of(self._backup_folder(), info.folder.parent)
        kept = tuple(backup.file for backup in backups.kept(folder, info.id))
        return Reach(erasing.reachable(info.folder, ()), kept, self._spaces.copies_of(info))

    def erase(self, info: SpaceInfo, present: str, *, recovery: bool = False) -> Erased:
        """Destroy a space and its backups, once the passphrase or recovery code opened it.

        A space whose header is damaged needs neither: nothing opens it any more. Raises
        WrongPassphrase, WaitFirst, InUse while it is open, StorageError.
        """
        hold = Hold(info.folder)
        try:
            if info.damaged:
                pass
            elif recovery:
                self._spaces.unlock_with_recovery(info, present)
            else:
                self._spaces.unlock(info, present)
            reach = self.reach(info)
            if not info.damaged and is_on(info.folder):
                self._keyring.forget(info)
        finally:
            hold.release()
        return erasing.erase(info.folder, reach.backups, self._spaces.state)


def unpromised() -> tuple[str, ...]:
    """What erasing cannot promise, in sentences."""
    return tuple(map(_, UNPROMISED))
