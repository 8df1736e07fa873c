# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pixels and nothing else: rows as PNG has them (w3.org/TR/png-3), packed by zlib.

What stands around them is written here, so a PNG of ours holds what was checked here alone: no
text, no profile, no place where it was taken.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GREY: Final = 1
COLOUR: Final = 3
LARGEST: Final = 3 << 20
"""Bytes that the rows of a picture may have: one million pixels in colour, three in grey."""

_SIGN: Final = b"\x89PNG\r\n\x1a\n"
_KINDS: Final = {GREY: 0, COLOUR: 2}
_FILTERS: Final = frozenset(range(5))
_BITS: Final = 8


@dataclass(frozen=True, slots=True)
class Pixels:
    """`packed` are the rows, `depth` the bytes of a pixel: GREY or COLOUR."""

    width: int
    height: int
    depth: int
    packed: bytes


def sound(untrusted: Pixels) -> bool:
    """Whether the rows are as many and as long as is said, and no larger than they may be."""
    wide, high, depth = untrusted.width, untrusted.height, untrusted.depth
    if depth not in _KINDS or min(wide, high) < 1 or wide * high * depth > LARGEST:
        return False
    stride = 1 + wide * depth
    unpacking = zlib.decompressobj()
    try:
        rows = unpacking.decompress(untrusted.packed, stride * high + 1)
    except zlib.error:
        return False
    whole = unpacking.eof and not unpacking.unused_data and len(rows) == stride * high
    return whole and set(rows[::stride]) <= _FILTERS


def png(pixels: Pixels) -> bytes:
    """A file of these pixels."""
    head = struct.pack(
        ">IIBBBBB", *(pixels.width, pixels.height, _BITS, _KINDS[pixels.depth], 0, 0, 0)
    )
    return b"".join(
        (_SIGN, _chunk(b"IHDR", head), _chunk(b"IDAT", pixels.packed), _chunk(b"IEND", b""))
    )


def read(untrusted: bytes) -> Pixels | None:
    """The pixels of a PNG in one of these two forms; None if it is no such file, or not sound."""
    chunks = list(_chunks(untrusted))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != struct.calcsize(">IIBBBBB"):
        return None
    wide, high, bits, kind, *ways = struct.unpack(">IIBBBBB", chunks[0][1])
    depth = next((depth for depth, one in _KINDS.items() if one == kind), 0)
    packed = b"".join(data for name, data in chunks if name == b"IDAT")
    found = Pixels(wide, high, depth, packed)
    return found if bits == _BITS and not any(ways) and sound(found) else None


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _chunks(untrusted: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The named parts of a PNG, up to where it ends or makes no sense."""
    if not untrusted.startswith(_SIGN):
        return
    place = len(_SIGN)
    while place + 8 <= len(untrusted):
        length, name = struct.unpack_from(">I4s", untrusted, place)
        data = untrusted[place + 8 : place + 8 + length]
        yield name, data
        place += 12 + length
