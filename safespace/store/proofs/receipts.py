# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts: what the other spaces of this computer remember of one space's head.

A space lays its receipt, sealed under its own key, into the state folder. Every other space
takes in the receipts it finds when it is unlocked, without being able to read them, and lays
those it holds out again. So who puts a space back, its head and the state folder too, is told on
by the others.

    state/receipts/SPACE/SPACE   the space's own
    state/receipts/SPACE/OTHER   those of it that another space holds

Sealed with ChaCha20-Poly1305 (RFC 8439), the key by HKDF (RFC 5869) from the space's.
"""

import binascii
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from struct import Struct, error
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safespace.errors import StorageError
from safespace.store.connection import Database
from safespace.store.files import make_private_folder, write_whole
from safespace.store.keys.wraps import NONCE_BYTES, SpaceKey
from safespace.store.rooms import codec
from safespace.store.truth.head import Head, later, new_life
from safespace.store.truth.witness import Doubt, Wrong

HELD: Final = 8
"""So many receipts of each other space are held, the last ones found."""
_MOST: Final = 200
"""No more spaces, and no more files of one, are looked at: the folder is open to anyone's junk."""
_LARGEST: Final = 256 << 10
_RECORD: Final = Struct(">16sQQ")
_BOUND_TO: Final = b"safespace receipt/1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far the chain of a space was, in which life of it. `at` is Unix time in microseconds.

    `limits` are the documents in force there, one after the other; empty without any.
    """

    life: bytes
    n: int
    at: int
    limits: bytes = b""


class Receipts:
    """Those in the state folder, for the space in `folder`. Junk is passed over."""

    def __init__(self, state: Path, folder: Path, key: SpaceKey) -> None:
        self._root = state / "receipts"
        self._space = folder.name
        own = HKDF(SHA256(), 32, key.salt, b"safespace receipt").derive(key.key)
        self._cipher = ChaCha20Poly1305(own)

    def publish(self, head: Head, limits: bytes) -> None:
        """Lay out the receipt of this space. Raises StorageError."""
        self._publish(head.life, head.n, limits)

    def depart(self) -> None:
        """Lay out the last receipt under this key: a space under another one takes its place.

        So who puts back what opens with this key is told on. Raises StorageError.
        """
        self._publish(new_life(*self.lives()), 0, self.limits())

    def lives(self) -> list[bytes]:
        """Those of this space that there is a receipt of."""
        return [receipt.life for receipt in self._own()]

    def limits(self) -> bytes:
        """The limits in the newest receipt of this space, of whatever life; empty without."""
        newest = max(self._own(), key=lambda receipt: receipt.at, default=None)
        return newest.limits if newest else b""

    def doubt(self, head: Head) -> Doubt | None:
        """Whether somebody holds a receipt of this space that is ahead of `head`."""
        own = self._own()
        ahead = [receipt for receipt in own if receipt.life == head.life and receipt.n > head.n]
        since = [receipt for receipt in own if later(receipt.life, head.life)]
        newest = max(since or ahead, key=lambda receipt: receipt.at, default=None)
        if newest is None:
            return None
        changes = 0 if since else newest.n - head.n  # another life counts anew
        return Doubt(Wrong.OLDER, changes, newest.at // 1_000_000)

    def exchange(self, database: Database) -> None:
        """Take in what the other spaces laid out, and lay out what is held of them.

        Owner thread, inside a transaction. Raises StorageError.
        """
        for space in self._others():
            for sealed in self._of(space, by=space):
                database.change(
                    "INSERT INTO receipt (space, sealed, at) VALUES (?, ?, ?)"
                    " ON CONFLICT (space, sealed) DO NOTHING",
                    space,
                    sealed,
                    codec.moment_to_column(codec.now()),
                )
        database.change(
            "DELETE FROM receipt WHERE rowid NOT IN (SELECT rowid FROM (SELECT rowid, row_number()"
            " OVER (PARTITION BY space ORDER BY rowid DESC) AS age FROM receipt) WHERE age <= ?)",
            HELD,
        )
        held: dict[str, list[bytes]] = {}
        for space, sealed in database.rows("SELECT space, sealed FROM receipt ORDER BY rowid"):
            held.setdefault(space, []).append(sealed)
        for space, receipts in held.items():
            if receipts != list(self._of(space, by=self._space)):
                with suppress(StorageError):  # one place that refuses is not all of them
                    self._lay_out(space, receipts)

    def _publish(self, life: bytes, n: int, limits: bytes) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = _RECORD.pack(life, n, time.time_ns() // 1000) + limits
        sealed = nonce + self._cipher.encrypt(nonce, plain, _BOUND_TO)
        there = self._of(self._space, by=self._space)
        of_keys_before = [one for one in there if not self._opened(one)]
        self._lay_out(self._space, [sealed, *of_keys_before][:HELD])

    def _own(self) -> list[Receipt]:
        return [found for sealed in self._of(self._space) if (found := self._opened(sealed))]

    def _others(self) -> list[str]:
        with suppress(OSError):
            names = sorted(folder.name for folder in self._root.iterdir())[:_MOST]
            return [name for name in names if name != self._space]
        return []

    def _of(self, space: str, by: str | None = None) -> Iterator[bytes]:
        """The sealed receipts of a space, all of them or those that `by` laid out."""
        files: list[Path] = []
        with suppress(OSError):
            folder = self._root / space
            files = [folder / by] if by else sorted(folder.iterdir())[:_MOST]
        for file in files:
            with suppress(OSError, binascii.Error):
                if not file.is_file():  # a pipe would keep us waiting
                    continue
                with file.open("rb") as opened:
                    lines = opened.read(_LARGEST).splitlines()
                yield from [b64decode(line, validate=True) for line in lines[:HELD]]

    def _lay_out(self, space: str, sealed: list[bytes]) -> None:
        make_private_folder(self._root / space)
        write_whole(self._root / space / self._space, b"\n".join(map(b64encode, sealed)))

    def _opened(self, sealed: bytes) -> Receipt | None:
        with suppress(InvalidTag, ValueError, error):
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            plain = self._cipher.decrypt(nonce, rest, _BOUND_TO)
            life, n, at = _RECORD.unpack(plain[: _RECORD.size])
            return Receipt(life, n, at, plain[_RECORD.size :])
        return None


def forget(state: Path | None, space: str) -> None:
    """Have no receipt of a space's folder in the state folder."""
    if state:
        with suppress(OSError, StorageError):
            for file in (state / "receipts" / space).iterdir():
                file.unlink()
            (state / "receipts" / space).rmdir()
