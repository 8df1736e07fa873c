# SPDX-License-Identifier: AGPL-3.0-or-later
"""A place on this computer where a file lies: honest, or bad in one way after another."""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.unit.door.far_side import FarSide

_RANGE = re.compile(rb"range: bytes=(\d+)-", re.IGNORECASE)


@dataclass
class FarShelf:
    """Gives `content`. `acts` are what it does, one request after the other; then it is honest."""

    content: bytes
    acts: Sequence[str] = ()
    asked: list[int] = field(default_factory=list)
    elsewhere: str = ""

    def __call__(self, side: FarSide, line: socket.socket) -> None:
        found = _RANGE.search(side.heard[-1])
        start = int(found[1]) if found else 0
        act = self.acts[len(self.asked)] if len(self.asked) < len(self.acts) else ""
        self.asked.append(start)
        body, length = self.content[start:], len(self.content) - start
        match act:
            case "moved":
                line.sendall(_head(302, 0, f"Location: {self.elsewhere}\r\n"))
                return
            case "only whole" if start:
                line.sendall(_head(200, len(self.content)) + self.content)
                return
            case "other part" if start:
                line.sendall(_head(206, length, _range(start + 1, self.content)) + body)
                return
            case "no such part":
                line.sendall(_head(416, 0))
                return
            case "error":
                line.sendall(_head(500, 0))
                return
            case "says more":
                length += 1
            case "sends more":
                line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body + b"more")
                return
            case "says less":
                length //= 2
                body = body[:length]
            case "changes a byte":
                body = body[:-1] + bytes([body[-1] ^ 1])
            case "drops" | "stalls":
                body = body[: len(body) // 2]
        status, extra = (206, _range(start, self.content)) if start else (200, "")
        line.sendall(_head(status, length, extra) + body)
        if act == "stalls":
            line.recv(1)


def _range(start: int, content: bytes) -> str:
    return f"Content-Range: bytes {start}-{len(content) - 1}/{len(content)}\r\n"


def _head(status: int, length: int, extra: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{extra}Connection: close\r\n\r\n"
    ).encode()
