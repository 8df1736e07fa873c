# SPDX-License-Identifier: AGPL-3.0-or-later
"""A document read by the walled child: its bytes handed over, its text taken back, untrusted."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from safespace.domain import Reading
from safespace.local_ai.documents.kinds import READ
from safespace.local_ai.walls import outside

_PASSED_ON: Final = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP")
_LONGEST_LINE: Final = 1 << 20
_PATIENCE_S: Final = 300.0
"""For the whole of a document, however slow the computer is."""
_MOST_MEMORY: Final = 3 << 30
"""Bytes. On Linux the child bounds itself by the size of the document, and lower."""

Texts = Generator[tuple[int | None, str], None, Reading]


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

    def texts(self, type_: str, pieces: Iterable[bytes]) -> Texts:
        """Yield (page or None, text), and return how it went. Closing it ends the child.

        The child's death, babble and slowness are no errors: they count as damaged or too much.
        What could not be begun, or was stopped, is still unread.
        """
        child = self._start(type_)
        if child is None:
            return Reading.UNREAD
        watch = threading.Timer(self._patience_s, child.kill)
        watch.daemon = True
        watch.start()
        some = False
        try:
            assert child.stdin
            assert child.stdout
            with suppress(OSError):  # dead already: the end of its words tells
                for piece in pieces:
                    child.stdin.write(piece)
            with suppress(OSError):
                child.stdin.close()
            while untrusted_line := child.stdout.readline(_LONGEST_LINE):
                said = _understood(untrusted_line)
                if said is None:
                    return Reading.DAMAGED
                if isinstance(said, Reading):
                    return Reading.PARTLY if some and said is not Reading.WHOLE else said
                some = True
                yield said
            return self._why_it_ended(child.wait(), some)
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

    def _why_it_ended(self, code: int, some: bool) -> Reading:
        if self._stopped:
            return Reading.UNREAD
        if some:
            return Reading.PARTLY
        return Reading.TOO_MUCH if code in _BY_A_BOUND else Reading.DAMAGED


_BY_A_BOUND: Final = (-24, -9)
"""SIGXCPU, SIGKILL"""


def _understood(untrusted_line: bytes) -> tuple[int | None, str] | Reading | None:
    """What a line says; None if it makes no sense."""
    try:
        untrusted: Any = json.loads(untrusted_line)
        match untrusted:
            case {"end": str(word)} if len(untrusted) == 1:
                return Reading(word)
            case {"page": None | int() as page, "text": str(text)} if len(untrusted) == 2:
                return page, text.encode("utf-8", "replace").decode()
            case _:
                return None
    except (ValueError, RecursionError):
        return None
