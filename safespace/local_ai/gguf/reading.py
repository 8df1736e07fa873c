# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model file, read from its beginning with every count and length bounded.

Format: ggml/docs/gguf.md of llama.cpp, versions 2 and 3, little-endian.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal

Flaw = Literal["foreign", "cut_short", "malformed", "architecture"]
"""No GGUF file that we read; shorter than it says; contradicts itself; of an unknown kind."""

Value = int | float | bool | bytes

MOST_HEAD: Final = 2**28
"""Bytes before the weights. The largest vocabularies of today take about 20 million."""
MOST_ITEMS: Final = 2**22
_MOST_ENTRIES: Final = 4096
_MOST_TENSORS: Final = 2**16
_MOST_STRING: Final = 2**20
_AHEAD: Final = 2**18

_VERSIONS: Final = (2, 3)
_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of a value, by its type in GGUF; type 7 is true or false, 8 a string, 9 a list."""
_WHOLE: Final = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 10: "<Q", 11: "<q"}
_BROKEN: Final = {6: "<f", 12: "<d"}
_BOOL, _STRING, _LIST = 7, 8, 9


class Unsound(ValueError):
    """The file is not built as it says; `flaw` is in which way."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw: Flaw = flaw


class Reading:
    """An open file, fetched as far as it is looked at. Everything raises Unsound, or OSError."""

    def __init__(self, untrusted: BinaryIO) -> None:
        self.size = untrusted.seek(0, 2)
        """Bytes of the whole file."""
        untrusted.seek(0)
        self._file = untrusted
        self._held = bytearray()
        self.place = 0

    def counts(self) -> tuple[int, int]:
        """What stands first: how many tensors and how many entries follow."""
        if self.size < 4 or self.number("<I") != int.from_bytes(b"GGUF", "little"):
            raise Unsound("foreign")
        if self.number("<I") not in _VERSIONS:
            raise Unsound("foreign")
        tensors, entries = self.number("<Q"), self.number("<Q")
        if tensors > _MOST_TENSORS or entries > _MOST_ENTRIES:
            raise Unsound("malformed")
        return tensors, entries

    def entries(self, count: int) -> Iterator[tuple[bytes, Value | None]]:
        """The next entries: a key that did not come before, and its value; None for a list."""
        seen: set[bytes] = set()
        for _entry in range(count):
            key = self.text()
            if not key or key in seen:
                raise Unsound("malformed")
            seen.add(key)
            yield key, self._value(self.number("<I"))

    def number(self, form: str) -> int:
        """The next whole number, in the form that `struct` reads."""
        value: int
        (value,) = struct.unpack_from(form, self._held, self._past(struct.calcsize(form)))
        return value

    def text(self, most: int = _MOST_STRING) -> bytes:
        """The next string, of at most so many bytes."""
        length = self.number("<Q")
        if length > most:
            raise Unsound("malformed")
        at = self._past(length)
        return bytes(self._held[at : self.place])

    def _value(self, kind: int) -> Value | None:
        if kind in _WHOLE:
            return self.number(_WHOLE[kind])
        if kind in _BROKEN:
            value: float
            (value,) = struct.unpack_from(_BROKEN[kind], self._held, self._past(_SIZES[kind]))
            return value
        if kind == _BOOL:
            at = self.place
            self._skip_truths(1)
            return bool(self._held[at])
        if kind == _STRING:
            return self.text()
        if kind == _LIST:
            self._skip_list()
            return None
        raise Unsound("malformed")

    def _skip_list(self) -> None:
        kind, count = self.number("<I"), self.number("<Q")
        if count > MOST_ITEMS:
            raise Unsound("malformed")
        if kind == _STRING:
            self._skip_strings(count)
        elif kind == _BOOL:
            self._skip_truths(count)
        elif kind in _SIZES:
            self._past(count * _SIZES[kind])
        else:
            raise Unsound("malformed")

    def _skip_strings(self, count: int) -> None:
        """A vocabulary has hundreds of thousands."""
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
                self._past(8)
        self.place = place
        self._past(0)

    def _skip_truths(self, count: int) -> None:
        """Nothing but zeros and ones may stand there."""
        at = self._past(count)
        if self._held[at : self.place].strip(b"\0\1"):
            raise Unsound("malformed")

    def _past(self, length: int) -> int:
        """Go on by so many bytes, which are then held; where they begin."""
        begin, end = self.place, self.place + length
        if end > self.size:
            raise Unsound("cut_short")
        if end > MOST_HEAD:
            raise Unsound("malformed")
        while len(self._held) < end:
            more = self._file.read(max(_AHEAD, end - len(self._held)))
            if not more:  # it became shorter meanwhile
                raise Unsound("cut_short")
            self._held += more
        self.place = end
        return begin
