# SPDX-License-Identifier: AGPL-3.0-or-later
"""The spaces on this computer: finding them, making one, unlocking one."""

import shutil
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from safespace.errors import Damaged, NewerSpace, NoSuchSpace, StorageError, Usage, WrongPassphrase
from safespace.i18n import _
from safespace.store.connection import DATABASE, Database, create_database
from safespace.store.files import (
    make_private_folder,
    not_readable,
    settle_folder,
    write_whole,
    writing_in,
)
from safespace.store.keys import attempts, header, header_copies, veil
from safespace.store.keys.header_copies import HEADERS
from safespace.store.keys.price import price
from safespace.store.keys.wraps import Cost, SpaceKey, fresh_key, fresh_recovery_code
from safespace.store.migrations import migrate

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """A space as the entrance shows it. `id` is its folder's name, a random one.

    `damaged`: both copies of its header are; then `name` is the folder's too. `guessable`: its
    passphrase does not seal it against people who use this account. `keyring`: the operating
    system's keyring opens it too. `hidden`: it shows neither name nor picture, and `name` is the
    folder's until somebody types it. `picture`: a small PNG, or nothing.
    """

    id: str
    name: str
    folder: Path
    damaged: bool = False
    guessable: bool = False
    keyring: bool = False
    hidden: bool = False
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class NewSpace:
    """A space just made. The recovery code is nowhere else: show it once."""

    info: SpaceInfo
    key: SpaceKey
    recovery_code: str = field(repr=False)


class Spaces:
    """One folder per space under `root`. Any thread; keeps nothing in memory.

    `clock` gives Unix time, for the wait after wrong passphrases. `state` is the folder where
    a second head of each is kept; without one there is none.
    """

    def __init__(
        self, root: Path, clock: Callable[[], float] = time.time, state: Path | None = None
    ) -> None:
        self._root = root
        self._clock = clock
        self.state = state

    def list(self) -> list[SpaceInfo]:
        """Every space, by name; folders that hold none are passed over. Raises StorageError."""
        try:
            folders = [folder for folder in self._root.iterdir() if _holds_space(folder)]
        except FileNotFoundError:
            return []
        except OSError:
            raise not_readable(self._root) from None
        return sorted(map(_info, folders), key=lambda info: (info.name.casefold(), info.id))

    def find(self, name: str | None) -> SpaceInfo:
        """The space called `name`, or with that id; without a name, the only one there is.

        Raises NoSuchSpace, which names those there are.
        """
        spaces = self.list()
        if not spaces:
            raise NoSuchSpace(
                _("There is no space on this computer yet."),
                _("Make one: safespace space create NAME"),
            )
        if name is None:
            found, sentence = spaces, _("There are several spaces on this computer.")
        else:
            found = [info for info in spaces if name == info.id or veil.same(name, info.name)]
            found = found or _behind_veils(spaces, name)
            sentence = _("There is no space called “{name}”.").format(name=name)
        if len(found) == 1:
            return found[0]
        if name is not None and found:  # such as a backup put beside its original
            sentence = _("There are several spaces called “{name}”.").format(name=name)
            names = [info.id for info in found]
        else:
            names = [info.name for info in spaces if not info.hidden]
        raise NoSuchSpace(
            sentence,
            _("Choose with --space: {names}.").format(names=", ".join(names))
            if names
            else _("Choose with --space NAME."),
        )

    def hidden(self, name: str) -> SpaceInfo:
        """The space called `name` that does not show it. Raises NoSuchSpace, SpaceError.

        Takes as long as a guess of a passphrase, for each space that hides its name.
        """
        found = _behind_veils(self.list(), name)
        if len(found) == 1:
            return found[0]
        raise NoSuchSpace(
            _("There is no hidden space called “{name}”.").format(name=name.strip()),
            _("Check how it is written. Capital letters make no difference."),
        )

    def create(
        self,
        name: str,
        passphrase: str,
        cost: Cost | None = None,
        *,
        guessable: bool = False,
        begin: Callable[[Database], None] = lambda _database: None,
    ) -> NewSpace:
        """Make a space, at what `price` finds unless a test says `cost`. Whole or not at all.

        `begin` may put into its database what it shall hold from the first moment.

        Raises Usage for a name or passphrase that will not do, StorageError.
        """
        name = self.fit_name(name)
        if not passphrase:
            raise Usage(_("A space needs a passphrase."))
        key, code = fresh_key(), fresh_recovery_code()
        sealed = header.seal(name, key, passphrase, code, cost or price(), guessable=guessable)
        make_private_folder(self._root)
        folder, unfinished = self._root / sealed.id, self._root / f".{sealed.id}"
        make_private_folder(unfinished)
        try:
            for copy in HEADERS:
                write_whole(unfinished / copy, header.encode(sealed))
            database = create_database(unfinished / DATABASE, key)
            try:
                migrate(database)
                with database.transaction():
                    begin(database)
                database.witness.begin(database)
            finally:
                database.close()
            with writing_in(self._root):
                unfinished.rename(folder)
                settle_folder(self._root)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        return NewSpace(SpaceInfo(folder.name, name, folder, guessable=guessable), key, code)

    def unlock(self, info: SpaceInfo, passphrase: str) -> SpaceKey:
        """The key of a space; takes as long as its cost says.

        Raises WrongPassphrase, WaitFirst after several of those, Damaged, NewerSpace, StorageError.
        """
        kept = header_copies.read(info.folder)
        attempts.check(info.folder, self._clock())
        try:
            key = kept.header.unlock(passphrase)
        except WrongPassphrase:
            attempts.count_wrong(info.folder, self._clock())
            raise
        attempts.forget(info.folder)
        return header_copies.mend(info.folder, kept, key)

    def unlock_with_recovery(self, info: SpaceInfo, code: str) -> SpaceKey:
        """The key of a space by its recovery code, which no wait holds up: it is not guessed.

        Raises WrongPassphrase, Damaged, NewerSpace, StorageError.
        """
        kept = header_copies.read(info.folder)
        key = kept.header.unlock_with_recovery(code)
        attempts.forget(info.folder)
        return header_copies.mend(info.folder, kept, key)

    def unlock_with_keyring(self, info: SpaceInfo, secret: str) -> SpaceKey:
        """The key of a space by what the keyring kept: nothing that could be guessed.

        Raises NoKeyring, Damaged, NewerSpace, StorageError.
        """
        kept = header_copies.read(info.folder)
        return header_copies.mend(info.folder, kept, kept.header.unlock_with_keyring(secret))

    def copies_of(self, info: SpaceInfo) -> tuple[Path, ...]:
        """Folders under `root` that hold another copy of this space, by the id in its header."""
        folders = (other.folder for other in self.list() if other.folder != info.folder)
        own = _id(info.folder)
        return tuple(folder for folder in folders if own and _id(folder) == own)

    @property
    def root(self) -> Path:
        """The folder that holds them all."""
        return self._root

    def fit_name(self, name: str, but_for: str = "") -> str:
        """`name` as a space may bear it, that with the id `but_for` aside.

        Raises Usage for one that is taken or will not do. A hidden one does not count as taken:
        the refusal would tell that it is there.
        """
        name = unicodedata.normalize("NFC", name).strip()
        if not name or not name.isprintable() or len(name) > LONGEST_NAME:
            raise Usage(
                _("A space needs a name of 1 to {count} letters.").format(count=LONGEST_NAME)
            )
        if any(veil.same(name, info.name) for info in self.list() if info.id != but_for):
            raise Usage(
                _("There is already a space called “{name}”.").format(name=name),
                _("Choose another name."),
            )
        return name


def _holds_space(folder: Path) -> bool:
    if folder.name.startswith("."):
        return False
    try:
        return any((folder / name).is_file() for name in (*HEADERS, DATABASE))
    except PermissionError:  # better shown under its folder's name than as if it were gone
        return True


def _behind_veils(spaces: Sequence[SpaceInfo], name: str) -> list[SpaceInfo]:
    """The hidden ones among `spaces` that are called `name`, bearing it."""
    called = [info for info in spaces if info.hidden and _is_called(info.folder, name)]
    return [replace(info, name=name.strip()) for info in called]


def _is_called(folder: Path, name: str) -> bool:
    try:
        hidden = header_copies.read(folder).header.veil
    except (Damaged, NewerSpace, StorageError):
        return False
    return hidden is not None and hidden.hides(name)


def _id(folder: Path) -> str | None:
    try:
        return header_copies.read(folder).header.id
    except (Damaged, NewerSpace, StorageError):
        return None


def _info(folder: Path) -> SpaceInfo:
    try:
        kept = header_copies.read(folder).header
        return SpaceInfo(
            folder.name,
            folder.name if kept.veil else kept.name,
            folder,
            guessable=kept.guessable,
            keyring=kept.keyring is not None,
            hidden=kept.veil is not None,
            picture=kept.picture,
        )
    except (NewerSpace, StorageError):
        return SpaceInfo(folder.name, folder.name, folder)
    except Damaged:
        return SpaceInfo(folder.name, folder.name, folder, damaged=True)
