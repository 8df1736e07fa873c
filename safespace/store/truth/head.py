# SPDX-License-Identifier: AGPL-3.0-or-later
"""The head: what a space looked like last, kept outside its database.

It says where the chain ended, and holds a MAC over the tag that SQLCipher stores at the end of
every page (the last 80 bytes: its initialisation vector and HMAC). So a page, a log or a file
that was put back, or lost, is noticed, though each of its pages proves itself.

A file of two slots that are written in turn, so that one is whole at any moment; each slot is
a MACed record. HMAC-SHA256 (RFC 2104), its key by HKDF (RFC 5869) from the space's.
"""

import hmac
import mmap
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from struct import Struct
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safespace.store.files import write_whole, writing_in
from safespace.store.keys.wraps import SpaceKey

PAGE_BYTES: Final = 4096
TAG_BYTES: Final = 80
LIFE_BYTES: Final = 16
_BEGUN_BYTES: Final = 8

_SLOT_BYTES: Final = 4096
_RECORD: Final = Struct(">8sQ16sQ16sq?Q32s")
_MAGIC: Final = b"sshead1\n"
_MAC_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Head:
    """What a space looked like. `at` is Unix time in seconds.

    `life`: from the making of its file, a restore or a change of key to the next; see `new_life`.
    `n`, `link`: the end of its chain. `settled`: nothing was being moved into the database, so
    that `pages` and `tags` are those of the file.
    """

    serial: int
    life: bytes
    n: int
    link: bytes
    at: int
    settled: bool
    pages: int
    tags: bytes


def new_life(*after: bytes) -> bytes:
    """A life that begins now, and later than those `after` even where the clock was set back.

    Its first half is that moment in microseconds of Unix time, the second chance.
    """
    known = [int.from_bytes(life[:_BEGUN_BYTES], "big") for life in after if _tells_time(life)]
    begun = max([time.time_ns() // 1000, *(earlier + 1 for earlier in known)])
    return begun.to_bytes(_BEGUN_BYTES, "big") + secrets.token_bytes(LIFE_BYTES - _BEGUN_BYTES)


def later(life: bytes, other: bytes) -> bool:
    """Whether `life` began after `other`. Lives of the first format do not tell: False."""
    return _tells_time(life) and _tells_time(other) and life[:_BEGUN_BYTES] > other[:_BEGUN_BYTES]


def _tells_time(life: bytes) -> bool:
    return life[:1] == b"\0"  # until the year 4253


class HeadKey:
    """Makes and checks the MACs of one space's head and pages."""

    def __init__(self, key: SpaceKey) -> None:
        self._key = HKDF(SHA256(), 32, key.salt, b"safespace head").derive(key.key)

    def encode(self, head: Head) -> bytes:
        """A slot's content."""
        record = _RECORD.pack(
            _MAGIC,
            head.serial,
            head.life,
            head.n,
            head.link,
            head.at,
            head.settled,
            head.pages,
            head.tags,
        )
        return record + self._mac(record)

    def decode(self, slot: bytes) -> Head | None:
        """The head in a slot; None if it is damaged, empty or another space's."""
        record = slot[: _RECORD.size]
        mac = slot[_RECORD.size : _RECORD.size + _MAC_BYTES]
        if len(mac) < _MAC_BYTES or not hmac.compare_digest(mac, self._mac(record)):
            return None
        return Head(*_RECORD.unpack(record)[1:])

    def tags(self, database: Path) -> tuple[int, bytes]:
        """How many pages a database file has, and the MAC over their tags. Raises OSError."""
        with database.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                return 0, bytes(_MAC_BYTES)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                tags = b"".join(
                    data[end - TAG_BYTES : end] for end in range(PAGE_BYTES, size + 1, PAGE_BYTES)
                )
        return size // PAGE_BYTES, self._mac(b"pages" + tags)

    def _mac(self, data: bytes) -> bytes:
        return hmac.digest(self._key, data, "sha256")


class HeadFile:
    """A file that holds a head, beside the database or elsewhere."""

    def __init__(self, path: Path, key: HeadKey) -> None:
        self.path = path
        self._key = key

    def read(self) -> Head | None:
        """The newest head in it; None if there is none that this key made."""
        try:
            data = self.path.read_bytes()[: 2 * _SLOT_BYTES]
        except OSError:
            return None
        slots = (data[:_SLOT_BYTES], data[_SLOT_BYTES:])
        heads = [head for slot in slots if (head := self._key.decode(slot))]
        return max(heads, key=lambda head: head.serial, default=None)

    def write(self, head: Head, *, settle: bool) -> None:
        """Put `head` beside the one before; with `settle` it is on the disk then.

        Raises StorageError. Without room: its place was made with the file, all at once, since
        a file without a head in it is an alarm.
        """
        slot = head.serial % 2 * _SLOT_BYTES
        encoded = self._key.encode(head)
        if not self._has_places():
            first = bytearray(2 * _SLOT_BYTES)
            first[slot : slot + len(encoded)] = encoded
            write_whole(self.path, bytes(first))
            return
        with writing_in(self.path.parent):
            handle = os.open(self.path, os.O_RDWR)
            try:
                os.lseek(handle, slot, os.SEEK_SET)
                os.write(handle, encoded)
                if settle:
                    os.fsync(handle)
            finally:
                os.close(handle)

    def _has_places(self) -> bool:
        try:
            return self.path.stat().st_size >= 2 * _SLOT_BYTES
        except OSError:
            return False

    def remove(self) -> None:
        """Have it gone, if that can be."""
        with suppress(OSError):
            self.path.unlink()


def following(head: Head, **changes: object) -> Head:
    """The head that comes after `head`."""
    return replace(head, serial=head.serial + 1, **changes)  # type: ignore[arg-type]
