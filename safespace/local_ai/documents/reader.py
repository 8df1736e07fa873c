# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child that reads a document: bytes come in at stdin, text and pixels go out.

What it says are JSON Lines: the text, then how reading it went, then the pictures, each with its
rows behind its line. So a picture that breaks the child costs no text. It begins between the
walls of `walls`, may read its own program and nothing else, and has a bound for memory, processor
time and what it says. Its one argument is the media type.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

from safespace.domain import Reading
from safespace.local_ai.documents.bounds import MOST_CHARACTERS, MOST_LOOKED_AT, MOST_SAID
from safespace.local_ai.walls.raising import TRY, raise_walls

if TYPE_CHECKING:
    from safespace.local_ai.documents.found import Found

MEMORY: Final = 1 << 30
"""Bytes of address space, beside the file itself twice over."""
SECONDS: Final = 120
"""Of processor time."""
LINE: Final = 50_000
"""Characters of text in one line."""


def main() -> NoReturn:
    """Read stdin to its end, say what is in it, and end."""
    raise_walls([])
    untrusted = sys.stdin.buffer.read()
    _cap(len(untrusted))
    frames = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not pass for text
    with os.fdopen(frames, "wb") as out:
        pictures: list[tuple[int, Found]] = []
        reading = _text(out, sys.argv[1], untrusted, pictures)
        _say(out, {"end": reading.value, "pictures": len(pictures)})
        out.flush()
        _draw(out, pictures)
    os._exit(0)


def _text(
    out: BinaryIO, type_: str, untrusted: bytes, pictures: "list[tuple[int, Found]]"
) -> Reading:
    """Say all text; gather pictures, each with the number of lines said before it."""
    from safespace.local_ai.documents import formats  # between the walls, like all that it does
    from safespace.local_ai.documents.found import Unreadable

    total = lines = 0
    try:
        for place in formats.places(type_, untrusted):
            if not isinstance(place, tuple):
                if len(pictures) < MOST_LOOKED_AT:
                    pictures.append((lines, place))
                continue
            page, text = place
            total += len(text)
            if total > MOST_CHARACTERS:
                return Reading.PARTLY
            while text:
                end = LINE if len(text) > LINE else len(text)
                if end < len(text):  # no word is cut, if it can be helped
                    end = max(text.rfind("\n", 0, LINE), text.rfind(" ", 0, LINE)) + 1 or LINE
                _say(out, {"page": page, "text": text[:end]})
                lines += 1
                text = text[end:]
    except Unreadable as problem:
        return problem.reading
    except MemoryError:
        return Reading.TOO_MUCH
    return Reading.WHOLE if lines else Reading.WORDLESS


def _draw(out: BinaryIO, pictures: "Sequence[tuple[int, Found]]") -> None:
    if not pictures:
        return
    from safespace.local_ai.documents.album import Album, LeftOut, Surplus

    album = Album()
    for after, found in pictures:
        try:
            drawn = album.draw(found)
        except Surplus:
            _say(out, {"surplus": True})
            continue
        except LeftOut:
            continue
        size = {"width": drawn.width, "height": drawn.height, "depth": drawn.depth}
        told = {"page": found.page, "after": after, "says": found.says[:MOST_SAID], **size}
        _say(out, {**told, "bytes": len(drawn.packed)})
        out.write(drawn.packed)
        out.flush()


def _say(out: BinaryIO, said: Mapping[str, object]) -> None:
    out.write(json.dumps(said).encode() + b"\n")


def _cap(size: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if sys.platform == "linux":
            most = MEMORY + 3 * size
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    if sys.argv[1:2] == [TRY]:
        from safespace.local_ai.walls import trial

        trial.attempt(sys.argv[2:])
    main()
