# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is a model file built as it says? Looked at whole, save its weights, before llama.cpp sees it.

Format: ggml/docs/gguf.md of llama.cpp, versions 2 and 3, little-endian. Nothing in the file is
believed: each count and length is bounded, each list ends inside the file, each tensor has a
kind that this build knows, begins where the one before it ends, and lies inside the file.
"""

import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final, Literal

from safespace.local_ai.worker.architectures import ARCHITECTURES

Flaw = Literal["foreign", "cut_short", "malformed", "architecture"]
"""No GGUF file that we read; shorter than it says; contradicts itself; of an unknown kind."""

MOST_HEAD: Final = 2**28
"""Bytes before the weights. The largest vocabularies of today take about 20 million."""
_MOST_ENTRIES: Final = 4096
_MOST_TENSORS: Final = 2**16
_MOST_ITEMS: Final = 2**22
_MOST_STRING: Final = 2**20
_MOST_NAME: Final = 63  # GGML_MAX_NAME, less the zero at its end
_MOST_DIMENSIONS: Final = 4  # GGML_MAX_DIMS
_MOST_ELEMENTS: Final = 2**62
_AHEAD: Final = 2**20
_ALIGNMENT: Final = 32
_MOST_ALIGNMENT: Final = 2**16

_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of a value, by its type in GGUF; type 7 is true or false, 8 a string, 9 a list."""
_WHOLE: Final = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 10: "<Q", 11: "<q"}
_BOOL, _STRING, _LIST = 7, 8, 9

TENSORS: Final[Mapping[int, tuple[int, int]]] = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 36), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4),
    27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66),
    39: (32, 17), 40: (64, 36), 41: (128, 18), 42: (64, 18),
}  # fmt: skip
"""Weights to a block and bytes of it, by kind of tensor: ggml_blck_size and ggml_type_size."""

BOUNDS: Final = {
    "block_count": (1, 4096),
    "context_length": (128, 2**31 - 1),
    "embedding_length": (1, 2**20),
    "feed_forward_length": (0, 2**24),
    "attention.head_count": (0, 2**16),
    "attention.head_count_kv": (0, 2**16),
    "attention.key_length": (1, 2**16),
    "attention.value_length": (1, 2**16),
    "rope.dimension_count": (0, 2**16),
    "vocab_size": (1, _MOST_ITEMS),
    "expert_count": (0, 2**16),
    "expert_used_count": (0, 2**16),
}
"""What can be true of a model, where the file says it: it divides and allocates by these."""


class Unsound(ValueError):
    """The file is not built as it says; `flaw` is in which way."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw: Flaw = flaw


def check_structure(file: Path) -> None:
    """Raises Unsound if `file` is not built as it says, OSError if it cannot be read."""
    with file.open("rb") as untrusted:
        untrusted.seek(0, 2)
        size = untrusted.tell()
        untrusted.seek(0)
        _check(_Reading(untrusted, size), size)


class _Reading:
    """The file from its beginning, fetched as far as it is looked at."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._held = bytearray()
        self.place = 0

    def number(self, form: str) -> int:
        """The next whole number, in the form that `struct` reads."""
        at = self.place
        self.skip(struct.calcsize(form))
        value: int
        (value,) = struct.unpack_from(form, self._held, at)
        return value

    def text(self, most: int) -> bytes:
        """The next string, of at most so many bytes."""
        length = self.number("<Q")
        if length > most:
            raise Unsound("malformed")
        at = self.place
        self.skip(length)
        return bytes(self._held[at : self.place])

    def skip(self, length: int) -> None:
        """Go on by so many bytes, which are then held."""
        end = self.place + length
        if end > self._size:
            raise Unsound("cut_short")
        if end > MOST_HEAD:
            raise Unsound("malformed")
        while len(self._held) < end:
            more = self._file.read(max(_AHEAD, end - len(self._held)))
            if not more:  # it became shorter meanwhile
                raise Unsound("cut_short")
            self._held += more
        self.place = end

    def skip_strings(self, count: int) -> None:
        """Go past so many strings: a vocabulary has hundreds of thousands."""
        read, place = struct.Struct("<Q").unpack_from, self.place
        while count:
            try:
                while count:
                    (length,) = read(self._held, place)
                    if length > _MOST_STRING:
                        raise Unsound("malformed")
                    place += 8 + length
                    count -= 1
            except struct.error:  # not fetched so far
                self.place = place
                self.skip(8)
        self.place = place
        self.skip(0)

    def truths(self, count: int) -> None:
        """Go past so many values that are true or false: nothing else may stand there."""
        at = self.place
        self.skip(count)
        if self._held[at : self.place].strip(b"\0\1"):
            raise Unsound("malformed")


def _check(reading: _Reading, size: int) -> None:
    if size < 4 or reading.number("<I") != int.from_bytes(b"GGUF", "little"):
        raise Unsound("foreign")
    if reading.number("<I") not in (2, 3):
        raise Unsound("foreign")
    tensors, entries = reading.number("<Q"), reading.number("<Q")
    if tensors > _MOST_TENSORS or entries > _MOST_ENTRIES:
        raise Unsound("malformed")
    numbers = _entries(reading, entries)
    alignment = numbers.get(b"general.alignment", _ALIGNMENT)
    if not 0 < alignment <= _MOST_ALIGNMENT or alignment & (alignment - 1):
        raise Unsound("malformed")
    end = _tensors(reading, tensors, alignment)
    if tensors and _padded(reading.place, alignment) + end > size:
        raise Unsound("cut_short")


def _entries(reading: _Reading, count: int) -> Mapping[bytes, int]:
    """The whole numbers that the file says of itself, by key."""
    numbers: dict[bytes, int] = {}
    seen: set[bytes] = set()
    architecture = b""
    for _entry in range(count):
        key = reading.text(_MOST_STRING)
        if not key or key in seen:
            raise Unsound("malformed")
        seen.add(key)
        kind = reading.number("<I")
        if key == b"general.architecture":
            if kind != _STRING:
                raise Unsound("malformed")
            architecture = reading.text(_MOST_STRING)
        elif kind in _WHOLE:
            numbers[key] = reading.number(_WHOLE[kind])
        elif key == b"general.alignment":
            raise Unsound("malformed")
        else:
            _skip(reading, kind)
    if architecture.decode("utf-8", "replace") not in ARCHITECTURES:
        raise Unsound("architecture")
    for name, (least, most) in BOUNDS.items():
        said = numbers.get(architecture + b"." + name.encode())
        if said is not None and not least <= said <= most:
            raise Unsound("malformed")
    return numbers


def _skip(reading: _Reading, kind: int) -> None:
    if kind == _LIST:
        kind, count = reading.number("<I"), reading.number("<Q")
        if count > _MOST_ITEMS:
            raise Unsound("malformed")
    else:
        count = 1
    if kind == _STRING:
        reading.skip_strings(count)
    elif kind == _BOOL:
        reading.truths(count)
    elif kind in _SIZES:
        reading.skip(count * _SIZES[kind])
    else:
        raise Unsound("malformed")


def _tensors(reading: _Reading, count: int, alignment: int) -> int:
    """Bytes from the first weight to the last."""
    end = weights = 0
    seen: set[bytes] = set()
    for _tensor in range(count):
        name = reading.text(_MOST_NAME)
        dimensions = reading.number("<I")
        if name in seen or dimensions > _MOST_DIMENSIONS:
            raise Unsound("malformed")
        seen.add(name)
        shape = [reading.number("<Q") for _dimension in range(dimensions)]
        block, bytes_of_block = TENSORS.get(reading.number("<I"), (0, 0))
        elements = math.prod(shape)
        if not block or not 0 < elements < _MOST_ELEMENTS or (shape and shape[0] % block):
            raise Unsound("malformed")
        if reading.number("<Q") != end:
            raise Unsound("malformed")
        weights = end + elements // block * bytes_of_block
        end = _padded(weights, alignment)
    return weights


def _padded(place: int, alignment: int) -> int:
    return -(-place // alignment) * alignment
