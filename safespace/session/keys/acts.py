# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member does about keys. Each act asks for the passphrase or recovery code again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from safespace.errors import CalledOff, Known, StorageError, Usage
from safespace.i18n import _
from safespace.session.backing_up import folder_of
from safespace.session.holder import Hold
from safespace.session.keys import passphrases
from safespace.session.keys.by_keyring import ByKeyring
from safespace.session.keys.drill import Drill, Sheet
from safespace.session.keys.stages import Stage, Told
from safespace.store import acts
from safespace.store.backups import backups
from safespace.store.keys import header_copies
from safespace.store.keys.wraps import Cost, SpaceKey
from safespace.store.rooms.bookmarks import forget_files
from safespace.store.rooms.openings import By
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces


@dataclass(frozen=True, slots=True)
class Renewed:
    """A space under a new key: its new recovery code, shown once, and what still opens as before.

    `copies` are folders beside the space that hold an older copy of it; `unreached` says, in
    sentences, which others there may be.
    """

    recovery_code: str = field(repr=False)
    copies: tuple[Path, ...]
    unreached: tuple[str, ...]


class Acts:
    """The acts on keys. Methods block for seconds: off the interface thread.

    `present` is the passphrase, or with `recovery` the recovery code. All raise
    WrongPassphrase, WaitFirst, Damaged, NewerSpace, StorageError, InUse while the space is
    open anywhere, and Usage for a passphrase that will not do.
    """

    def __init__(
        self,
        spaces: Spaces,
        cost: Cost | None,
        backup_folder: Callable[[], str],
        keyring: ByKeyring,
    ) -> None:
        self._spaces = spaces
        self._cost = cost
        self._backup_folder = backup_folder
        self._keyring = keyring

    def new_passphrase(
        self, info: SpaceInfo, present: str, fresh: str, *, recovery: bool = False
    ) -> None:
        """I want a new passphrase: the key stays, and so does the recovery code."""
        with self._proven(info, present, recovery=recovery) as key:
            guessable = self._guessable(fresh, info)
            acts.new_passphrase(info.folder, key, fresh, self._cost, guessable=guessable)

    def new_recovery_code(self, info: SpaceInfo, present: str, *, recovery: bool = False) -> str:
        """Another recovery code in the place of the one before; the key stays."""
        with self._proven(info, present, recovery=recovery, sheet=True) as key:
            return acts.new_recovery_code(info.folder, key)

    def new_key(
        self,
        info: SpaceInfo,
        present: str,
        fresh: str,
        *,
        recovery: bool = False,
        told: Told = lambda _stage, _part: None,
        called_off: Callable[[], bool] = lambda: False,
    ) -> Renewed:
        """Somebody knows it: another key, another recovery code, everything encrypted anew.

        `told` hears how far it has come. Until the new key is in force, `called_off` ends it:
        then it raises CalledOff, and nothing has changed.
        """

        def go_on(part: float | None) -> None:
            if called_off():
                raise CalledOff(
                    _("It was called off: there is no new key."), _("Everything opens as before.")
                )
            told(Stage.PROVING if part is None else Stage.ENCRYPTING, part)

        with self._proven(info, present, recovery=recovery, sheet=True) as key:
            guessable = self._guessable(fresh, info)
            code = acts.new_key(
                info.folder,
                key,
                fresh,
                self._cost,
                guessable=guessable,
                state=self._spaces.state,
                told=go_on,
            )
            # From here on nothing may fail: there is a new code, and its member must get it.
            forget_files(info.folder)  # their keys were in what somebody could open
            told(Stage.BACKUPS, None)
            self._keyring.forget(info)
            unreached = (
                *self._renew_backups(info, fresh),
                _("Copies of this space made before, on sticks, elsewhere or in a sync folder."),
                _("What a disk or a snapshot keeps of the old file, though it was replaced."),
            )
        return Renewed(code, self._copies_of(info), unreached)

    def is_recovery_code(self, info: SpaceInfo, present: str) -> bool:
        """Whether `present` opens the space as its recovery code; False: as its passphrase."""

        def by_passphrase(typed: str) -> bool:
            self._spaces.unlock(info, typed)
            return False

        def by_code(typed: str) -> bool:
            self._spaces.unlock_with_recovery(info, typed)
            return True

        return passphrases.by_either(present, by_passphrase, by_code)

    def keyring_on(
        self, info: SpaceInfo, present: str, *, alone: bool, recovery: bool = False
    ) -> None:
        """Have this computer's keyring open the space too. Raises also NeedsConfirm, NoKeyring."""
        with self._proven(info, present, recovery=recovery) as key:
            self._keyring.turn_on(info, key, alone=alone)

    def keyring_off(self, info: SpaceInfo) -> None:
        """Have it open the space no longer, which takes no passphrase. Raises also NoKeyring."""
        hold = Hold(info.folder)
        try:
            self._keyring.turn_off(info)
        finally:
            hold.release()

    def _renew_backups(self, info: SpaceInfo, fresh: str) -> tuple[str, ...]:
        """One backup under the new key in the place of all earlier ones; or which ones stay."""
        folder = folder_of(self._backup_folder(), info.folder.parent)
        if not backups.kept(folder, info.id):
            return ()
        try:
            key = self._spaces.unlock(info, fresh)
            space = Space(info.folder, key, self._spaces.state)
            try:
                backups.make(space, key, info, folder, keep=1)
            finally:
                space.close()
        except Known:
            return (_("The backups in {folder}: no new one could be made.").format(folder=folder),)
        return ()

    def _copies_of(self, info: SpaceInfo) -> tuple[Path, ...]:
        with suppress(StorageError):
            return self._spaces.copies_of(info)
        return ()

    def _put_back(self, info: SpaceInfo, key: SpaceKey, sheet: Sheet) -> None:
        """The sheet of before is the one in force: have the drill count from its day again."""
        space = Space(info.folder, key, self._spaces.state)
        try:
            Drill(space, info.folder).put_back(sheet)
        finally:
            space.close()

    def _guessable(self, fresh: str, info: SpaceInfo) -> bool:
        if not fresh:
            raise Usage(_("A space needs a passphrase."))
        names = [info.name, *(other.name for other in self._spaces.list())]
        return not passphrases.strength(fresh, *names).sealed

    @contextmanager
    def _proven(
        self, info: SpaceInfo, present: str, *, recovery: bool, sheet: bool = False
    ) -> Iterator[SpaceKey]:
        """The key, while nobody else has the space; the opening is noted like any other.

        `sheet`: there will be a new recovery code, which nobody has tried yet.
        """
        hold = Hold(info.folder)
        try:
            if recovery:
                key = self._spaces.unlock_with_recovery(info, present)
            else:
                key = self._spaces.unlock(info, present)
            space = Space(info.folder, key, self._spaces.state)
            try:
                space.note_opening(By.RECOVERY_CODE if recovery else By.PASSPHRASE)
                drill = Drill(space, info.folder)
                before = drill.sheet()
                if sheet:
                    drill.begin()
            finally:
                space.close()
            header_copies.finish(info.folder)
            try:
                yield key
            except CalledOff:
                self._put_back(info, key, before)
                raise
        finally:
            hold.release()
