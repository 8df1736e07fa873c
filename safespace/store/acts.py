# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member does about keys: another passphrase, another recovery code, another key.

Two different acts. *I want a new passphrase* wraps the same key anew; a copy of the old header
still opens with the old passphrase. *Somebody knows it* makes a new key and encrypts the
database with it, so that no old header, passphrase or recovery code opens today's file.

The second goes in this order, each step on the disk before the next, so that a kill at any
moment leaves the old key whole or the new one, and never none:

1. FRESH: the whole database under the new key, with a chain and a head of its own; opened again
   and every page proved.
2. NEXT: the new header. Until here the two old copies are in force.
3. FRESH takes the database's place, in one rename. From here NEXT is in force, since the
   database begins with its salt.
4. Both copies become the new header; NEXT goes.

`header_copies.finish` completes or clears what a kill left, at the next opening. All of this
is for who holds the space while nobody has its database open.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from safespace.errors import StorageError
from safespace.store.connection import DATABASE, open_database, reencrypt
from safespace.store.files import settle_folder, write_whole, writing_in
from safespace.store.keys import header, header_copies
from safespace.store.keys.header_copies import FRESH, NEXT
from safespace.store.keys.price import price
from safespace.store.keys.wraps import Cost, SpaceKey, fresh_key, fresh_recovery_code
from safespace.store.migrations import migrate
from safespace.store.proofs.receipts import Receipts
from safespace.store.truth import chain, witness


def new_passphrase(
    folder: Path, key: SpaceKey, passphrase: str, cost: Cost | None, *, guessable: bool
) -> None:
    """Have `passphrase` open the space instead of the one before. Raises StorageError."""
    kept = header_copies.read(folder).header
    header_copies.put(
        folder,
        header.with_passphrase(kept, key, passphrase, cost or price(), guessable=guessable),
    )


def new_recovery_code(folder: Path, key: SpaceKey) -> str:
    """A recovery code that opens the space instead of the one before. Raises StorageError."""
    kept = header_copies.read(folder).header
    code = fresh_recovery_code()
    header_copies.put(folder, header.with_recovery_code(kept, key, code))
    return code


def keyring_on(folder: Path, key: SpaceKey, secret: str) -> None:
    """Have `secret`, which a keyring keeps, open the space too. Raises StorageError."""
    kept = header_copies.read(folder).header
    header_copies.put(folder, header.with_keyring(kept, key, secret))


def keyring_off(folder: Path) -> None:
    """Have no keyring open the space. Raises StorageError."""
    kept = header_copies.read(folder).header
    if kept.keyring is not None:
        header_copies.put(folder, header.without_keyring(kept))


def new_key(
    folder: Path,
    key: SpaceKey,
    passphrase: str,
    cost: Cost | None,
    *,
    guessable: bool,
    state: Path | None = None,
    told: Callable[[float | None], None] = lambda _part: None,
) -> str:
    """Encrypt the space with a new key; the recovery code that opens it from now on.

    In the `state` folder its head is kept too. Needs as much room again as the database takes.
    Up to step 2 `told` hears which part is encrypted, and None while that is proved; it may
    raise to call it off. Raises that, StorageError and Damaged, having changed nothing.
    """

    def copied(part: float) -> None:
        told(part if part < 1 else None)

    fresh, code = fresh_key(), fresh_recovery_code()
    kept = header.without_keyring(header_copies.read(folder).header)
    rewrapped = header.with_passphrase(
        kept, fresh, passphrase, cost or price(), guessable=guessable
    )
    following = header.with_recovery_code(rewrapped, fresh, code)
    try:
        try:
            told(0.0)
            reencrypt(folder / DATABASE, key, folder / FRESH, fresh, copied)
            _begin(folder / FRESH, fresh, state)
            told(None)  # from here on nobody is asked
        except BaseException:
            witness.forget_key(folder / FRESH, fresh, state)
            raise
        write_whole(folder / NEXT, header.encode(following))
        with writing_in(folder):
            (folder / FRESH).replace(folder / DATABASE)
        with suppress(OSError):  # it is done, and who asked must get the code
            settle_folder(folder)
        if state:
            with suppress(StorageError):
                Receipts(state, folder, key).depart()
    finally:
        header_copies.finish(folder)
    return code


def _begin(file: Path, key: SpaceKey, state: Path | None) -> None:
    """A chain and a head under the new key: the old ones prove nothing to it."""
    database = open_database(file, key, state)
    try:
        migrate(database)
        with database.transaction():
            chain.found(database)
        database.witness.begin(database)
    finally:
        database.close()
