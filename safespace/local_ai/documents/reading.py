# SPDX-License-Identifier: AGPL-3.0-or-later
"""A document read by the walled child: bytes handed over, text and pixels taken back, untrusted."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from safespace.domain import Reading
from safespace.local_ai.documents.bounds import (
    MOST_CHARACTERS,
    MOST_LOOKED_AT,
    MOST_SAID,
    MOST_SHOWN,
    ROOM,
)
from safespace.local_ai.documents.kinds import READ
from safespace.local_ai.documents.pixels import LARGEST, Pixels, sound
from safespace.local_ai.walls import outside

_PASSED_ON: Final = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP")
_LONGEST_LINE: Final = 1 << 20
_MOST_PAGES: Final = 1 << 31
_PATIENCE_S: Final = 300.0
"""For the whole of a document, however slow the computer is."""
_MOST_MEMORY: Final = 3 << 30
"""Bytes. On Linux the child bounds itself by the size of the document, and lower."""

_MOST_PACKED: Final = LARGEST + (1 << 20)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: behind so many pieces of text, on a page, and what it says to who cannot see."""

    after: int
    page: int | None
    says: str
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class Read:
    """How reading went, and how many pictures in it cannot be shown."""

    text: Reading
    left_out: int = 0


Place = tuple[int | None, str]
Parts = Generator[Place | Drawn, None, Read]


def readable(type_: str) -> bool:
    """Whether the text of such files can be brought out."""
    return type_ in READ


def command() -> tuple[str, ...]:
    """How the child starts: beside a frozen program one of its own, otherwise this Python."""
    if getattr(sys, "frozen", False):
        name = "safespace-reader.exe" if sys.platform == "win32" else "safespace-reader"
        return (str(Path(sys.executable).with_name(name)),)
    return (outside.PYTHON, "-I", "-m", "safespace.local_ai.documents.reader")


class Reader:
    """Reads one document after the other, each in a child of its own."""

    def __init__(
        self, program: Sequence[str] | None = None, patience_s: float = _PATIENCE_S
    ) -> None:
        self._program = program or command()
        self._patience_s = patience_s
        self._child: subprocess.Popen[bytes] | None = None
        self._hold: outside.Hold | None = None
        self._stopped = False
        self._changing = threading.Lock()

    def stop(self) -> None:
        """End what is read, and read nothing more. Any thread."""
        with self._changing:
            self._stopped = True
            if self._child:
                self._child.kill()

    def parts(self, type_: str, pieces: Iterable[bytes]) -> Parts:
        """Yield each (page or None, text), then pictures; return how it went.

        Closing it ends the child.

        The child's death, babble and slowness are no errors: they count as damaged or too much.
        What could not be begun, or was stopped, is still unread.
        """
        child = self._start(type_)
        if child is None:
            return Read(Reading.UNREAD)
        watch = threading.Timer(self._patience_s, child.kill)
        watch.daemon = True
        watch.start()
        said = _Said()
        try:
            assert child.stdin
            assert child.stdout
            with suppress(OSError):  # dead already: the end of its words tells
                for piece in pieces:
                    child.stdin.write(piece)
            with suppress(OSError):
                child.stdin.close()
            try:
                while untrusted_line := child.stdout.readline(_LONGEST_LINE):
                    if part := said.understand(untrusted_line, child.stdout):
                        yield part
            except ValueError:
                said.babbled = True
            code = child.wait() if not said.babbled else 0
            return Read(Reading.UNREAD) if self._stopped else said.outcome(code)
        finally:
            watch.cancel()
            child.kill()
            child.wait()
            if self._hold:
                self._hold.let_go()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):
                    assert pipe
                    pipe.close()

    def _start(self, type_: str) -> "subprocess.Popen[bytes] | None":
        with self._changing:
            if self._stopped:
                return None
            try:
                self._child = subprocess.Popen(
                    [*self._program, type_],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=outside.ENVIRONMENT
                    | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                    start_new_session=True,  # Ctrl-C is for us
                    creationflags=outside.FLAGS,
                )
            except OSError:
                return None
            self._hold = outside.Hold(self._child)
            self._hold.allow_memory(_MOST_MEMORY)
            return self._child


_BY_A_BOUND: Final = (-24, -9)
"""SIGXCPU, SIGKILL"""


class _Said:
    """What a child said so far."""

    def __init__(self) -> None:
        self.babbled = False
        self._lines = self._characters = 0
        """Of text."""
        self._shown = self._bytes = 0
        """Of pictures."""
        self._text: Reading | None = None
        self._left = 0
        """Pictures that it has not shown yet."""

    def understand(self, untrusted_line: bytes, out: IO[bytes]) -> Place | Drawn | None:
        """What a line says, with the rows behind it. Raises ValueError if it makes no sense."""
        untrusted: Any = _parsed(untrusted_line)
        match untrusted:
            case {"page": page, "text": str(text)} if self._text is None and _is_page(page):
                self._lines += 1
                self._characters += len(text)
                if self._characters > MOST_CHARACTERS:
                    raise ValueError
                return page, _clean(text)
            case {"end": str(word), "pictures": int(count)} if (
                self._text is None and 0 <= count <= MOST_LOOKED_AT
            ):
                self._text, self._left = Reading(word), count
            case {"surplus": True} if self._left > 0:
                self._left -= 1
            case {
                "page": page, "after": int(after), "says": str(says),
                "width": int(wide), "height": int(high), "depth": int(depth), "bytes": int(length),
            } if (
                self._left > 0 and _is_page(page)
                and 0 <= after <= self._lines and 0 < length <= _MOST_PACKED
            ):  # fmt: skip
                self._shown += 1
                self._bytes += length
                if self._shown > MOST_SHOWN or self._bytes > ROOM:
                    raise ValueError
                pixels = Pixels(wide, high, depth, out.read(length))
                if not sound(pixels):
                    raise ValueError
                self._left -= 1
                return Drawn(after, page, _clean(says)[:MOST_SAID], pixels)
            case _:
                raise ValueError
        return None

    def outcome(self, code: int) -> Read:
        """How it went, if the child ended with `code`."""
        some = bool(self._lines)
        if self._text is None and self.babbled:
            return Read(Reading.PARTLY if some else Reading.DAMAGED)
        if self._text is None:
            broken = Reading.TOO_MUCH if code in _BY_A_BOUND else Reading.DAMAGED
            return Read(Reading.PARTLY if some else broken)
        partly = some and self._text is not Reading.WHOLE
        return Read(Reading.PARTLY if partly else self._text, self._left)


def _is_page(untrusted: object) -> bool:
    """Whether it is a page's number that a database takes, or None."""
    return untrusted is None or (type(untrusted) is int and 0 <= untrusted < _MOST_PAGES)


def _parsed(untrusted_line: bytes) -> object:
    try:
        return json.loads(untrusted_line)
    except RecursionError:
        raise ValueError from None


def _clean(text: str) -> str:
    """Without halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode()
