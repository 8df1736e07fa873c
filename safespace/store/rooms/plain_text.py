# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text in passages: pieces that are found and shown together, cut where a line or a word ends."""

import codecs
from typing import Final

from safespace.store.rooms.kinds_of_file import TEXT, encoding, type_of

LONGEST: Final = 4_000
"""Characters of a passage."""


class PlainText:
    """Turns the bytes of a plain text into passages, as they come; of anything else, none."""

    def __init__(self, start: bytes) -> None:
        name = encoding(start) if type_of(start) == TEXT else None
        self._decoder = codecs.getincrementaldecoder(name)("replace") if name else None
        self._left = ""

    def passages(self, piece: bytes, *, last: bool) -> list[str]:
        """The passages that are whole now; with the `last` piece, all that is left."""
        if self._decoder is None:
            return []
        self._left += self._decoder.decode(piece, last)
        found = []
        while len(self._left) > LONGEST or (last and self._left):
            end = end_of_passage(self._left)
            found.append(self._left[:end])
            self._left = self._left[end:]
        return found


def end_of_passage(text: str) -> int:
    """Where a passage ends: after the last line, or else the last word, of its second half."""
    if len(text) <= LONGEST:
        return len(text)
    for mark in "\n ":
        if place := text.rfind(mark, LONGEST // 2, LONGEST) + 1:
            return place
    return LONGEST
