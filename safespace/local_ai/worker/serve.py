# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child's side of the pipe: frames in, a backend at work, frames out. Knows no model.

The main thread computes. A reader thread takes frames, so that a cancel is seen in the
middle of an answer; when standard input ends the parent is gone, and so are we.
"""

import codecs
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from typing import Final, Literal, NoReturn, Protocol

from safespace.isolation import close_to_others
from safespace.local_ai.engine import Begun, Done, Generation
from safespace.local_ai.protocol import (
    MAX_REQUEST,
    BadFrame,
    Cancel,
    Describe,
    Described,
    Embed,
    Embedded,
    Failed,
    Frame,
    Keep,
    Kept,
    Load,
    Loaded,
    Piece,
    Recall,
    Recalled,
    Reply,
    Request,
    encode,
    read_request,
)

BATCH_S: Final = 0.03
"""Text is sent at most this often: a screen shows no more, and each frame wakes the parent."""

Ended = Literal["complete", "length", "stopped"]


class Refused(Exception):
    """The backend cannot do what was asked; `reply` says why."""

    def __init__(self, reply: Failed) -> None:
        super().__init__(reply.fault)
        self.reply = reply


class Backend(Protocol):
    """What computes. Used by one thread."""

    def about(self) -> Described:
        """Its name and version, and which walls stand around it."""

    @property
    def threads(self) -> int:
        """On how many threads it answers best, as far as it knows; 0: it does not."""

    def load(self, what: Load) -> int:
        """Make a model answer, or find; the context's tokens. Raises Refused."""

    def generate(
        self, request: Generation, stopped: Callable[[], bool]
    ) -> Generator[Begun | bytes, None, Ended]:
        """Begun, then the bytes of each token (they may end inside a character).

        Asks `stopped` between tokens. Returns how it ended. Raises Refused before any bytes.
        """

    def keep(self) -> tuple[int, Sequence[memoryview | bytes]]:
        """What was made of the last conversation, in parts, and of how many tokens."""

    def embed(
        self, texts: Sequence[str], stopped: Callable[[], bool]
    ) -> tuple[int, Sequence[bytes]]:
        """A vector of each text, and how many numbers it has; none if stopped. Raises Refused."""

    def recall(self, state: bytes) -> int:
        """Have what `keep` gave back serve again, if it can: how many tokens it saves."""


def run(make_backend: Callable[[], Backend]) -> NoReturn:
    """Serve until standard input ends. `make_backend` is called once the pipe is safe."""
    # Native code prints where it likes: from here on fd 1 is stderr, and frames have their own.
    frames = os.dup(1)
    os.dup2(2, 1)
    close_to_others()
    try:
        _Server(frames).serve(make_backend)
    except BaseException as bug:  # noqa: BLE001  # the last one to hear of it
        _confess(bug)
    os._exit(1)


def _confess(bug: BaseException) -> None:
    """Type and place of a bug on stderr: never its message, which could hold a person's text."""
    place = bug.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    os.write(2, f"{type(bug).__name__} at {where}\n".encode())


class _Server:
    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._requests: queue.SimpleQueue[tuple[int, Request, bytes]] = queue.SimpleQueue()
        self._cancelled = -1  # the newest cancelled id; ids only grow

    def serve(self, make_backend: Callable[[], Backend]) -> NoReturn:
        threading.Thread(target=self._read, name="frames", daemon=True).start()
        backend = make_backend()
        while True:
            number, request, behind = self._requests.get()
            try:
                if isinstance(request, Load):
                    self._send(number, Loaded(backend.load(request)))
                elif isinstance(request, Generation):
                    self._generate(number, request, backend)
                elif isinstance(request, Keep):
                    tokens, parts = backend.keep()
                    self._send(number, Kept(tokens, sum(map(len, parts))), *parts)
                elif isinstance(request, Embed):
                    width, vectors = backend.embed(request.texts, self._stopped(number))
                    self._send(number, Embedded(width, sum(map(len, vectors))), *vectors)
                elif isinstance(request, Recall):
                    self._send(number, Recalled(backend.recall(behind)))
                elif isinstance(request, Describe):
                    self._send(number, backend.about())
            except Refused as refusal:
                self._send(number, refusal.reply)

    def _read(self) -> None:
        while line := sys.stdin.buffer.readline(MAX_REQUEST + 1):
            try:
                number, request = read_request(line)
            except BadFrame:
                os._exit(2)
            if isinstance(request, Cancel):
                self._cancelled = number
                continue
            behind = b""
            if isinstance(request, Recall):
                behind = sys.stdin.buffer.read(request.size)
            self._requests.put((number, request, behind))
        os._exit(0)

    def _stopped(self, number: int) -> Callable[[], bool]:
        return lambda: self._cancelled >= number

    def _generate(self, number: int, request: Generation, backend: Backend) -> None:
        asked = time.perf_counter()
        steps = backend.generate(request, self._stopped(number))
        text = codecs.getincrementaldecoder("utf-8")("replace")
        waiting = ""
        tokens = 0
        first = last = sent = 0.0
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                ended: Ended = end.value
                break
            if isinstance(step, Begun):
                self._send(number, step)
                continue
            last = time.perf_counter()
            first = first or last
            tokens += 1
            waiting += text.decode(step)
            if waiting and last - sent >= BATCH_S:
                self._send(number, Piece(waiting, tokens))
                waiting, sent = "", last
        if waiting:  # what is left in `text` is half a character, and stays out
            self._send(number, Piece(waiting, tokens))
        ttft = (first - asked) * 1000 if tokens else 0.0
        speed = (tokens - 1) / (last - first) if tokens > 1 and last > first else 0.0
        self._send(number, Done(tokens, ttft, speed, ended, backend.threads))

    def _send(self, number: int, reply: Reply, *behind: memoryview | bytes) -> None:
        for part in (encode(Frame(number, reply)), *behind):
            rest = memoryview(part).cast("B")
            while rest:
                try:
                    rest = rest[os.write(self._frames, rest) :]
                except OSError:
                    os._exit(0)  # nobody reads any more
