# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child that reads a document: bytes come in at stdin, text goes out, JSON Lines.

It begins between the walls of `walls`, may read its own program and nothing else, and has a
bound for memory, processor time and what it says. Its one argument is the media type.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Final, NoReturn

from safespace.domain import Reading
from safespace.local_ai.walls.raising import raise_walls

MEMORY: Final = 1 << 30
"""Bytes of address space, beside the file itself twice over."""
SECONDS: Final = 120
"""Of processor time."""
MOST_CHARACTERS: Final = 20_000_000
"""Of text that one document yields: the Bible has four million."""
LINE: Final = 50_000
"""Characters of text in one line."""


def main() -> NoReturn:
    """Read stdin to its end, say what is in it, and end."""
    raise_walls([])
    untrusted = sys.stdin.buffer.read()
    _cap(len(untrusted))
    frames = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not pass for text
    with os.fdopen(frames, "w", encoding="ascii") as out:
        reading = Reading.WORDLESS
        try:
            for said in _said(sys.argv[1], untrusted):
                reading = Reading.WHOLE
                out.write(json.dumps(said) + "\n")
        except MemoryError:
            reading = Reading.TOO_MUCH
        except _Over as over:
            reading = over.reading
        out.write(json.dumps({"end": reading.value}) + "\n")
    os._exit(0)


class _Over(Exception):
    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.value)
        self.reading = reading


def _said(type_: str, untrusted: bytes) -> Iterator[dict[str, object]]:
    from safespace.local_ai.documents import formats  # between the walls, like all that it does

    total = 0
    try:
        for page, text in formats.places(type_, untrusted):
            total += len(text)
            if total > MOST_CHARACTERS:
                raise _Over(Reading.PARTLY)
            while text:
                end = LINE if len(text) > LINE else len(text)
                if end < len(text):  # no word is cut, if it can be helped
                    end = max(text.rfind("\n", 0, LINE), text.rfind(" ", 0, LINE)) + 1 or LINE
                yield {"page": page, "text": text[:end]}
                text = text[end:]
    except formats.Unreadable as problem:
        raise _Over(problem.reading) from None


def _cap(size: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if sys.platform == "linux":
            most = MEMORY + 3 * size
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
