# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is there? Lists spaces, makes a new one, opens one."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import Level
from safespace.errors import Damaged, StorageError
from safespace.i18n import _
from safespace.session import holder
from safespace.session.at_entrance import AtEntrance, name_of
from safespace.session.backing_up import BackingUp, folder_of
from safespace.session.checks.checkup import sync_warning
from safespace.session.computer import Computer
from safespace.session.keys import passphrases
from safespace.session.keys.acts import Acts
from safespace.session.keys.by_keyring import ByKeyring
from safespace.session.keys.keys import Keys
from safespace.session.keys.passphrases import Strength
from safespace.session.leaving.erasing import Erasing
from safespace.session.leaving.leaving import Leaving
from safespace.session.limits.agreements import Agreements
from safespace.session.limits.beginning import Beginning
from safespace.session.session import Session
from safespace.session.turn.desk import Desk
from safespace.store.backups import backups, erasing, reserve
from safespace.store.keys import header_copies
from safespace.store.keys.keyring import Keyring
from safespace.store.keys.wraps import Cost, SpaceKey
from safespace.store.proofs.repair import Repaired, repair
from safespace.store.rooms.openings import By
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces

_LOCKED_WITHIN_S: Final = 15.0
"""How long a process may take to keep an answer that is being written and end its worker."""


class Entrance:
    """The way to a session. Methods block (a key takes half a second): off the interface thread.

    `cost` and `keyring` are for tests: what a person can reach always makes a space at what
    `price` finds, and asks the operating system's own keyring.
    """

    def __init__(
        self,
        computer: Computer,
        spaces: Spaces,
        cost: Cost | None = None,
        keyring: Keyring | None = None,
    ) -> None:
        self.computer = computer
        self._spaces = spaces
        self._cost = cost
        self._keyring = ByKeyring(
            spaces, keyring or Keyring(), lambda: str(computer.settings.get("lock.account"))
        )
        self.beginning = Beginning(
            spaces, lambda info, passphrase: self.unlock(info, passphrase, warm=False)
        )
        self.acts = Acts(spaces, cost, self._backup_folder, self._keyring)
        self.erasing = Erasing(spaces, self._backup_folder, self._keyring)

    @classmethod
    def here(cls) -> "Entrance":
        """The entrance of this computer."""
        erasing.finish(paths.spaces())
        return cls(Computer.here(), Spaces(paths.spaces(), state=paths.state()))

    def spaces(self) -> list[SpaceInfo]:
        """Every space that lies here, by name, the hidden ones too."""
        return self._spaces.list()

    def shown(self) -> list[SpaceInfo]:
        """Those that let their name be seen."""
        return [info for info in self.spaces() if not info.hidden]

    def find(self, name: str | None) -> SpaceInfo:
        """The space called `name`; None: the only one. Raises NoSuchSpace."""
        return self._spaces.find(name)

    def hidden(self, name: str) -> SpaceInfo:
        """The space of that name which does not show it; takes a while. Raises NoSuchSpace."""
        return self._spaces.hidden(name)

    def create(self, name: str, passphrase: str, guardian: str = "") -> tuple[Session, str]:
        """A new space at level 1, opened, and its recovery code, which is shown once.

        Where a household has limits it begins under them, unless its `guardian` typed the
        passphrase of their own space. Raises Usage for a name or passphrase that will not do,
        WrongPassphrase for the guardian's, StorageError.
        """
        guessable = not self.strength(passphrase, name).sealed
        with ExitStack() as undone:
            with self.beginning.asked(guardian) as word:
                new = self._spaces.create(
                    name, passphrase, self._cost, guessable=guessable, begin=word.begin
                )
                undone.callback(self._forget, new.info)
                word.made(new.info.id)
            session = self._open(new.info, lambda: new.key, None, warm=False)
            undone.pop_all()
        session.notice = session.notice or sync_warning(self._spaces.root)
        return session, new.recovery_code

    def _forget(self, made: SpaceInfo) -> None:
        """Of a space that was just made nobody was shown the code, and nothing is in it."""
        with suppress(StorageError):
            erasing.erase(made.folder, (), self._spaces.state)

    def strength(self, passphrase: str, name: str) -> Strength:
        """How hard `passphrase` is to guess for who knows `name` and all names shown here."""
        return passphrases.strength(passphrase, name, *(info.name for info in self.spaces()))

    def unlock(self, info: SpaceInfo, passphrase: str, *, warm: bool = True) -> Session:
        """Open a space. `warm`: a question is likely, so get a worker ready meanwhile.

        Raises WrongPassphrase, WaitFirst, Damaged, NewerSpace, InUse, StorageError.
        """
        return self._open(
            info, lambda: self._spaces.unlock(info, passphrase), By.PASSPHRASE, warm=warm
        )

    def unlock_with_recovery(self, info: SpaceInfo, code: str) -> Session:
        """Open a space with its recovery code. Raises as `unlock` does."""
        return self._open(
            info,
            lambda: self._spaces.unlock_with_recovery(info, code),
            By.RECOVERY_CODE,
            warm=False,
        )

    def unlock_with_keyring(self, info: SpaceInfo) -> Session:
        """Open a space by what this computer's keyring holds. Raises NoKeyring too."""
        return self._open(info, lambda: self._keyring.key(info), By.KEYRING, warm=True)

    def check_recovery_code(self, info: SpaceInfo, code: str) -> None:
        """The drill: try the code on a paper, and note in the space that it opens.

        Raises as `unlock` does, InUse too: an open window asks for the paper itself.
        """
        session = self.unlock_with_recovery(info, code)
        try:
            session.keys.drill.check(code)
        finally:
            session.close()

    def is_held(self, info: SpaceInfo) -> bool:
        """Whether a process has this space open."""
        return holder.is_held(info.folder)

    def knock(self, info: SpaceInfo, verb: str, **values: Any) -> Iterator[Mapping[str, Any]]:
        """Ask the process that holds the space to `raise`, `lock` or lower the `level`.

        Raises InUse if it says nothing, or if after a `lock` it holds the space still.
        """
        replies = list(holder.knock(info.folder, {"do": verb, **values}))
        if not replies:
            raise holder.silent()
        yield from replies
        if verb == "lock":
            self._wait_until_free(info)

    def through(
        self, info: SpaceInfo, passphrase: str, verb: str, **values: Any
    ) -> Iterator[Mapping[str, Any]]:
        """Have the process that holds the space `ask`, make a `backup` or an `export`.

        The passphrase is checked here. Raises as `unlock` does; InUse if nobody answers.
        """
        key = self._spaces.unlock(info, passphrase)
        answered = False
        for reply in holder.knock(info.folder, {"do": verb, **values}, key.key):
            answered = True
            yield reply
        if not answered:
            raise holder.silent()

    def restore(
        self,
        file: Path,
        secret: str,
        *,
        recovery: bool | None = None,
        name: str | None = None,
        guardian: str = "",
    ) -> SpaceInfo:
        """Bring a backup back as a space of its own, by its passphrase or its recovery code.

        Without `recovery`, `secret` may be either. The limits that it had hold in it, the newest
        that are known here; those of the household as in `create`.

        Raises Usage, WrongPassphrase, Damaged, NewerSpace, StorageError.
        """
        with self.beginning.asked(guardian) as word:
            begin = partial(self.beginning.bring_back, word)
            key_of = _opening(secret, recovery=recovery)
            info = backups.restore(file, key_of, self._spaces, name, begin)
            word.made(info.id)
        return info

    def drill(self, file: Path, secret: str, *, recovery: bool) -> datetime:
        """Try a backup out and leave nothing behind; when it was made. Raises as `restore`."""
        key_of = _opening(secret, recovery=recovery)
        return backups.drill(file, key_of, self._spaces.root).made

    def repair(self, info: SpaceInfo, secret: str, *, recovery: bool) -> Repaired:
        """Put what can be read of a damaged space into a new file. Raises as `unlock` does."""
        hold = holder.Hold(info.folder)
        try:
            if recovery:
                key = self._spaces.unlock_with_recovery(info, secret)
            else:
                key = self._spaces.unlock(info, secret)
            return repair(info.folder, key, self._spaces.state)
        except Damaged as problem:
            raise self._with_newest_backup(problem, info) from None
        finally:
            hold.release()

    def backups_beside_spaces(self) -> Path:
        """The backup folder where none was chosen: on the disk of the spaces."""
        return folder_of("", self._spaces.root)

    def _signs_with(self, info: SpaceInfo, passphrase: str) -> bytes:
        session = self.unlock(info, passphrase, warm=False)
        try:
            return session.heirs.own_key
        finally:
            session.close()

    def _backup_folder(self) -> str:
        return str(self.computer.settings.get("backup.folder"))

    def _with_newest_backup(self, problem: Damaged, info: SpaceInfo) -> Damaged:
        folder = folder_of(self._backup_folder(), info.folder.parent)
        newest = next(iter(backups.kept(folder, info.id)), None)
        if newest is None:
            return Damaged(
                problem.sentence,
                _("Nothing was changed. Keep what can be read: safespace space repair"),
            )
        return Damaged(
            problem.sentence,
            _(
                "Nothing was changed. Its newest verified backup: safespace space restore {file}"
                " — or keep what can be read: safespace space repair"
            ).format(file=newest.file),
        )

    def _wait_until_free(self, info: SpaceInfo) -> None:
        until = time.monotonic() + _LOCKED_WITHIN_S
        while self.is_held(info):
            if time.monotonic() > until:
                raise holder.silent()
            time.sleep(0.05)

    def _open(
        self, info: SpaceInfo, derive: Callable[[], SpaceKey], by: By | None, *, warm: bool
    ) -> Session:
        try:
            with ExitStack() as undone:  # what was begun ends where the rest fails
                hold = holder.Hold(info.folder)
                undone.callback(hold.release)
                engine = self.computer.engine()
                undone.callback(engine.close)
                if warm:
                    engine.start()  # needs nothing from the key, and loads no model
                key = derive()
                reserve.keep(info.folder)
                space = Space(info.folder, key, self._spaces.state)
                undone.callback(space.close)
                info = replace(info, name=name_of(info, space))
                agreements = Agreements.of(space, info, self._spaces, self._signs_with)
                desk = Desk(space, self.computer, engine, agreements.own)
                header_copies.finish(info.folder)
                if desk.level() in (None, Level.NO_AI):
                    engine.close()
                earlier = tuple(space.openings())
                if by:
                    with suppress(StorageError):  # a full disk must not keep anyone from reading
                        space.note_opening(by)
                backing_up = BackingUp(space, key, info, self._backup_folder)
                undone.callback(backing_up.end)
                keys = Keys(info, space, self._spaces, self._cost, self._keyring)
                leaving = Leaving(space, info, self.erasing)
                shown = AtEntrance(info, space, self._spaces)
                told = (self._keyring.end_if_shared(info), agreements.news())
                session = Session(
                    *(info, desk, key, hold, earlier, backing_up),
                    *(keys, leaving, agreements, shown, told),
                )
                undone.pop_all()
                return session
        except Damaged as problem:
            raise self._with_newest_backup(problem, info) from None


def _opening(secret: str, *, recovery: bool | None) -> backups.KeyOf:
    """How the header of a backup gives its key."""
    if recovery is None:
        return lambda header: passphrases.by_either(
            secret, header.unlock, header.unlock_with_recovery
        )
    return lambda header: header.unlock_with_recovery(secret) if recovery else header.unlock(secret)
