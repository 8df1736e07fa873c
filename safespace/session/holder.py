# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process holds a space; others knock. The lock file says who, the socket lets them ask.

The socket takes only what makes things safer (`raise`, `lock`, `level` downwards) and, from
who can prove to know the space's key, what PROVEN lists. Messages are JSON, one per frame of
multiprocessing.connection, sent as plain bytes and never pickled.

The proof is HMAC-SHA256 (RFC 2104) over a fresh nonce and the whole request, under a key that
HKDF (RFC 5869) derives from the space's own: the passphrase never crosses the socket.
"""

import json
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import IO, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safespace import paths
from safespace.errors import InUse, Known, SafeSpaceError, StorageError
from safespace.i18n import _
from safespace.session import file_lock
from safespace.session.checks import bugs

Request = Mapping[str, Any]
Handler = Callable[[Request], Iterator[Mapping[str, Any]]]

PROVEN: Final = frozenset({"ask", "backup", "export"})
"""Verbs that need the proof."""
_A_LOOK_S: Final = 0.05
_FREED_WITHIN_S: Final = 2.0
_HEARD_WITHIN_S: Final = 15.0
"""How long who holds the space may take to open the door, on a computer that is busy."""
_FAMILY: Final = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"
_LARGEST: Final = 128 << 20
"""No request or reply is longer, in bytes; a longer one ends the connection. The longest question
is 16 MiB, and JSON makes six bytes of one at worst."""


class Hold:
    """This process's hold on a space, from unlock to lock. Raises InUse, StorageError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = _held(folder / "held")
        self._accepting: threading.Thread | None = None
        self._handlers: Mapping[str, Handler] = {}
        self._released = threading.Event()

    def serve(self, key: bytes, handlers: Mapping[str, Handler]) -> None:
        """Answer knocks on a thread of its own until `release`; called again, by these handlers.

        `handlers` by verb; those in PROVEN are reached only with the proof under `key`.
        """
        self._handlers = handlers
        if self._accepting:
            return
        address = _address(self._folder)
        try:
            listener = _listen(address)
        except OSError:
            return  # nobody can knock; the space works all the same
        self._accepting = threading.Thread(
            target=self._accept, args=(listener, key), name="knocks", daemon=True
        )
        self._accepting.start()

    def release(self) -> None:
        """Let another process have the space; first the socket goes, or it would take theirs."""
        if self._accepting:
            self._released.set()
            with suppress(OSError):
                Client(_address(self._folder), _FAMILY).close()  # closing alone wakes no accept
            self._accepting.join(_FREED_WITHIN_S)
        self._file.close()

    def _accept(self, listener: Listener, key: bytes) -> None:
        with listener:
            while not self._released.is_set():
                try:
                    connection = listener.accept()
                except OSError:  # who knocked is gone, or no file may be opened just now
                    self._released.wait(_A_LOOK_S)
                    continue
                threading.Thread(
                    target=_answer,
                    args=(connection, key, self._handlers),
                    name="knock",
                    daemon=True,
                ).start()


def is_held(folder: Path) -> bool:
    """Whether a process has the space in `folder` open."""
    return file_lock.is_held(folder / "held")


def knock(folder: Path, request: Request, key: bytes | None = None) -> Iterator[dict[str, Any]]:
    """Ask the process that holds the space; yields its replies.

    What is in PROVEN needs `key`. Raises InUse if nobody answers.
    """
    try:
        connection = Client(_address(folder), _FAMILY)
    except OSError as problem:
        raise silent() from problem
    with connection:
        body = json.dumps(dict(request)).encode()
        try:
            if not connection.poll(_HEARD_WITHIN_S):
                raise silent()  # it may have been stopped in its tracks
            nonce = connection.recv_bytes(64)
            connection.send_bytes(_proof(key, nonce, body) if key else b"")
            connection.send_bytes(body)
        except (EOFError, OSError) as problem:
            raise silent() from problem
        with suppress(EOFError, OSError):
            while True:
                yield json.loads(connection.recv_bytes(_LARGEST))


def silent() -> InUse:
    """The error for a process that holds the space and does not do what was asked of it."""
    return InUse(
        _("Another program has this space open and does not answer."),
        _("Close the other Safe Space window, then try again."),
    )


def _address(folder: Path) -> str:
    file = paths.socket_of(folder)
    return rf"\\.\pipe\safespace-{file.stem}" if sys.platform == "win32" else str(file)


def _listen(address: str) -> Listener:
    """A listener that only this account reaches. Raises OSError."""
    if sys.platform != "win32":
        folder = Path(address).parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        facts = folder.stat()
        if facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
            raise PermissionError(folder)  # somebody else could put a socket there
        Path(address).unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        return Listener(address, _FAMILY)
    finally:
        os.umask(before)


def _held(path: Path) -> IO[bytes]:
    """The open file `path`, locked for this process alone. Raises InUse, StorageError."""
    try:
        file = open(path, "ab", opener=partial(os.open, mode=0o600))  # noqa: SIM115 - Path.open has no opener
    except OSError as problem:
        raise StorageError(
            _("The folder of this space cannot be written."),
            _("Check that the disk is there and that you may write to it."),
        ) from problem
    try:
        file_lock.hold(file)
    except OSError as problem:
        file.close()
        raise InUse(
            _("This space is open already."), _("Use the window that has it, or lock it there.")
        ) from problem
    return file


def _answer(
    connection: "Connection[bytes, bytes]", key: bytes, handlers: Mapping[str, Handler]
) -> None:
    nonce = secrets.token_bytes(32)
    with connection, suppress(EOFError, OSError):
        connection.send_bytes(nonce)
        proof = connection.recv_bytes(64)
        untrusted_body = connection.recv_bytes(_LARGEST)
        request = _request(untrusted_body)
        handler = handlers.get(request.get("do", ""))
        if handler is None:
            return
        if request["do"] in PROVEN and not _proves(key, nonce, untrusted_body, proof):
            return
        for reply in _replies(handler, request):
            connection.send_bytes(json.dumps(dict(reply)).encode())


def _request(untrusted_body: bytes) -> dict[str, Any]:
    """The request in a frame; an empty one, which asks for nothing, if there is none."""
    try:
        request = json.loads(untrusted_body)
    except (ValueError, RecursionError):
        return {}
    whole = isinstance(request, dict) and isinstance(request.get("do"), str)
    return request if whole else {}


def _replies(handler: Handler, request: Request) -> Iterator[Mapping[str, Any]]:
    try:
        yield from handler(request)
    except Known as problem:
        yield {"failed": str(problem), "exit_code": problem.exit_code}
    except SafeSpaceError as defect:  # kept already
        yield {"failed": str(defect), "exit_code": 1}
    except Exception as defect:  # noqa: BLE001 - the one place where a knock's bugs end
        yield {"failed": str(bugs.keep(defect)), "exit_code": 1}


def _mac(key: bytes, nonce: bytes, body: bytes) -> HMAC:
    own = HKDF(SHA256(), 32, None, b"safespace knock v1").derive(key)
    mac = HMAC(own, SHA256())
    mac.update(nonce + body)
    return mac


def _proof(key: bytes, nonce: bytes, body: bytes) -> bytes:
    return _mac(key, nonce, body).finalize()


def _proves(key: bytes, nonce: bytes, body: bytes, proof: bytes) -> bool:
    try:
        _mac(key, nonce, body).verify(proof)
    except InvalidSignature:
        return False
    return True
