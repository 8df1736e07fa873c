# SPDX-License-Identifier: AGPL-3.0-or-later
"""An engine that repeats what it is told, for tests: a real child without a model.

Never chosen by itself. A message that begins with one of the words of `MISBEHAVIOURS`
makes the child misbehave in that way after the first words of its answer; after `BACKWARDS`
the rest is repeated from its last word to its first.
"""

import os
import re
import signal
import time
from array import array
from collections.abc import Callable, Generator, Sequence
from hashlib import shake_128
from typing import Final, NoReturn

from safespace.local_ai.engine import Begun, Generation
from safespace.local_ai.protocol import MAX_REPLY, Described, Failed, Frame, Piece, encode
from safespace.local_ai.worker.serve import Ended, Refused, run

CONTEXT: Final = 1000
"""Words of a message that the echo can hold."""
WIDTH: Final = 256
"""Numbers of its vectors."""


def main() -> NoReturn:
    """Serve as the worker does, with the echo as backend."""
    _Wild.frames = os.dup(1)  # `run` takes fd 1 away; some misbehaviours write past it
    run(_Echo)


class _Echo:
    def about(self) -> Described:
        return Described("echo", ())

    threads = 0

    def load(self, _needs_none: object) -> int:
        return CONTEXT

    def generate(
        self, request: Generation, stopped: Callable[[], bool]
    ) -> Generator[Begun | bytes, None, Ended]:
        message = request.turns[-1].text
        words = message.split()
        if len(words) > CONTEXT:
            fitting = len(" ".join(words[:CONTEXT]))
            raise Refused(Failed("too_long", len(words), CONTEXT, fitting))
        misbehave = MISBEHAVIOURS.get(words[0]) if words else None
        yield Begun(len(words), 0)
        if words[:1] == [BACKWARDS]:
            words = words[:0:-1]
        for count, word in enumerate(words):
            if stopped():
                return "stopped"
            if count == request.max_tokens:
                return "length"
            yield (" " * bool(count) + word).encode()
            if misbehave:
                misbehave()
        return "complete"

    def keep(self) -> tuple[int, Sequence[bytes]]:
        return CONTEXT, [b"an echo", b" remembers"]

    def embed(
        self, texts: Sequence[str], stopped: Callable[[], bool]
    ) -> tuple[int, Sequence[bytes]]:
        return WIDTH, [] if stopped() else [_likeness(text) for text in texts]

    def recall(self, state: bytes) -> int:
        return CONTEXT if state == b"an echo remembers" else 0


def _likeness(text: str) -> bytes:
    """Words that begin with the same two letters mean the same to the echo."""
    found = [0] * WIDTH
    for word in re.findall(r"\w+", text.casefold()):
        meant = array("b", shake_128(word[:2].encode()).digest(WIDTH))
        found = [one + other for one, other in zip(found, meant, strict=True)]
    largest = max(map(abs, found)) or 1
    return array("b", (127 * one // largest for one in found)).tobytes()


class _Wild:
    """Ways to go wrong."""

    frames: int

    @classmethod
    def garbage(cls) -> None:
        os.write(cls.frames, b"\x00\xff no frame at all\n")

    @classmethod
    def endless_line(cls) -> None:
        os.write(cls.frames, b"x" * (MAX_REPLY + 1))

    @classmethod
    def stray(cls) -> None:
        os.write(cls.frames, encode(Frame(0, Piece("not asked for", 1))))

    @staticmethod
    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def leave() -> None:
        os._exit(3)

    @staticmethod
    def hang() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(3600)

    @staticmethod
    def flood() -> None:
        os.write(2, b"noise\n" * 100_000)

    @staticmethod
    def slow() -> None:
        time.sleep(0.05)


BACKWARDS: Final = "#backwards"
MISBEHAVIOURS: Final[dict[str, Callable[[], None]]] = {
    "#garbage": _Wild.garbage,
    "#endless": _Wild.endless_line,
    "#stray": _Wild.stray,
    "#die": _Wild.die,
    "#leave": _Wild.leave,
    "#hang": _Wild.hang,
    "#flood": _Wild.flood,
    "#slow": _Wild.slow,
}

if __name__ == "__main__":
    main()
