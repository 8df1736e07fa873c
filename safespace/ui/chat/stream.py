# SPDX-License-Identifier: AGPL-3.0-or-later
"""Splits a growing answer into blocks that are finished and a tail that still changes. No Qt.

A blank line ends a block, except inside a code fence: an open fence stays in the tail until
it closes, so that its lines are parsed once, as what they are. A list goes on past blank
lines, so a block that is followed by an indented line is not finished either.
"""

import re

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


class Stream:
    """What arrived of one answer. `settled` never changes again; `tail` may."""

    def __init__(self) -> None:
        self._text = ""
        self._settled = 0
        self._taken = 0

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    @property
    def tail(self) -> str:
        """What is not settled yet."""
        return self._text[self._settled :]

    def add(self, more: str) -> None:
        """Some more words."""
        self._text += more
        self._settled += settled_length(self.tail)

    def take_settled(self) -> str:
        """The blocks that were settled since the last call."""
        new = self._text[self._taken : self._settled]
        self._taken = self._settled
        return new


def settled_length(text: str) -> int:
    """How many characters of `text` are whole blocks, blank lines after them included."""
    fence = ""
    settled = position = 0
    blank_before = False
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):
            if blank_before and line.strip() and not line[0].isspace():
                settled = position
            break
        blank = not line.strip()
        if blank_before and not blank and not line[0].isspace():
            settled = position
        if match := _FENCE.match(line):
            mark = match[1]
            if not fence:
                fence = mark
            elif mark[0] == fence[0] and len(mark) >= len(fence) and line.strip() == mark:
                fence = ""
        blank_before = blank and not fence
        position += len(line)
    return settled
