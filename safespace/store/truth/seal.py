# SPDX-License-Identifier: AGPL-3.0-or-later
"""The MACs of which the chain's entries are made: pure, under a key that the space's key yields.

Row MACs and links are HMAC-SHA256 (RFC 2104), cut to 128 bits as its section 5 permits.
"""

import hmac
from struct import pack
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safespace.store.keys.wraps import SpaceKey

BYTES: Final = 16
NO_ROW: Final = bytes(BYTES)
"""In the place of a row's MAC, where there is none."""
FOUNDED: Final = "chain"
"""The table's name in the entry that begins a chain anew; it binds the end of the old one."""


class Seal:
    """Makes the entries of one space. Thread-safe."""

    def __init__(self, key: SpaceKey) -> None:
        self._key = HKDF(SHA256(), 32, key.salt, b"safespace chain").derive(key.key)

    def entry(self, last: bytes | None, table: str, was: int, is_: int, *values: object) -> bytes:
        """An entry: its link, the MAC of the row that was, the MAC of the row that is.

        `values` are `was` of the first and `is_` of the second; 0 stands for no row.
        """
        gone = self._mac(table, values[:was]) if was else NO_ROW
        come = self._mac(table, values[was : was + is_]) if is_ else NO_ROW
        return self._link(last, table, gone + come) + gone + come

    def founding(self, last: bytes | None) -> bytes:
        """The entry that begins a chain anew after `last`."""
        return self._link(last, FOUNDED, NO_ROW + NO_ROW) + NO_ROW + NO_ROW

    def follows(self, last: bytes | None, table: str, entry: bytes) -> bool:
        """Whether `entry` is bound to `last`."""
        return entry[:BYTES] == self._link(last, table, entry[BYTES:])

    def row(self, table: str, values: tuple[object, ...]) -> int:
        """The MAC of a row, as a number to sum up."""
        return int.from_bytes(self._mac(table, values), "big")

    def _link(self, last: bytes | None, table: str, macs: bytes) -> bytes:
        return self._mac("", ((last or NO_ROW)[:BYTES], table, macs))

    def _mac(self, table: str, values: tuple[object, ...]) -> bytes:
        data = b"".join(map(_plain, (table, *values)))
        return hmac.digest(self._key, data, "sha256")[:BYTES]


def _plain(value: object) -> bytes:
    """A value of SQLite as bytes that no other value, and no two values, could be."""
    match value:
        case None:
            return b"n"
        case int():
            return b"i%d;" % value
        case float():
            return b"f" + pack(">d", value)
        case str():
            text = value.encode()
            return b"s%d:" % len(text) + text
        case bytes():
            return b"b%d:" % len(value) + value
    raise TypeError(type(value).__name__)
