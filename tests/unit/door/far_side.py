# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site on this computer: speaks as OpenAI's chat completions do, and keeps what it hears."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behave = Callable[["FarSide", socket.socket], None]


@dataclass
class FarSide:
    """`heard` are the requests as they came, byte for byte; `ended` when a line went away."""

    port: int
    scheme: str
    heard: list[bytes] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    lines: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/v1/chat/completions"


def event(words: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": words}}]}).encode() + b"\n\n"


WORDS = (*map(event, ("Light ", "scatters.")), b"data: [DONE]\n\n")


def answers(side: FarSide, line: socket.socket) -> None:
    """As a model does: word by word, to its end."""
    body = b"".join(WORDS)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(body)}"
    line.sendall(head.encode() + b"\r\nConnection: close\r\n\r\n")
    for part in WORDS:
        line.sendall(part)


def says(answer: bytes) -> Behave:
    """Whatever was asked, this."""

    def behave(side: FarSide, line: socket.socket) -> None:
        line.sendall(answer)

    return behave


def tells(*words: str, ended: str = "stop") -> Behave:
    """A site that answers with these words, and so ends."""
    last = json.dumps({"choices": [{"delta": {}, "finish_reason": ended}]}).encode()
    body = b"".join(map(event, words)) + b"data: " + last + b"\n\ndata: [DONE]\n\n"

    def behave(_side: FarSide, line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)

    return behave


def talks_for_ever(side: FarSide, line: socket.socket) -> None:
    """Until nobody is there."""
    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        line.sendall(event("and "))
        time.sleep(0.01)


def keeps_silent(side: FarSide, line: socket.socket) -> None:
    """After its first word, until the line goes away."""
    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + event("Well,"))
    line.recv(1)


def never_answers(side: FarSide, line: socket.socket) -> None:
    line.recv(1)


@contextmanager
def far_side(behave: Behave = answers, sealed: ssl.SSLContext | None = None) -> Iterator[FarSide]:
    """A site that behaves so, until the end of the block. `sealed`: by TLS."""
    listening = socket.create_server(("127.0.0.1", 0))
    side = FarSide(listening.getsockname()[1], "https" if sealed else "http")
    threads: list[threading.Thread] = []

    def serve(line: socket.socket) -> None:
        line.settimeout(10)
        try:
            with sealed.wrap_socket(line, server_side=True) if sealed else line as line:
                side.heard.append(_request(line))
                behave(side, line)
        except OSError:
            line.close()  # whoever asked went away
        side.ended.append(time.monotonic())

    def listen() -> None:
        while True:
            try:
                line, _address = listening.accept()
            except OSError:
                return
            side.lines += 1
            threads.append(threading.Thread(target=serve, args=(line,)))
            threads[-1].start()

    ear = threading.Thread(target=listen)
    ear.start()
    try:
        yield side
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in (ear, *threads):
            thread.join(15)


def _request(line: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        if not (part := line.recv(65536)):
            return heard
        heard += part
    head, _end, body = heard.partition(b"\r\n\r\n")
    length = 0
    for one in head.lower().split(b"\r\n"):
        if one.startswith(b"content-length:"):
            length = int(one.split(b":")[1])
    while len(body) < length:
        if not (part := line.recv(65536)):
            break
        heard, body = heard + part, body + part
    return heard
