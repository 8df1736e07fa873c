# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbered files in a folder, each held locked by the process that took it.

Where the folder is one of several accounts, another account may have put anything there: what is
no plain file, or cannot be read, or is too much, is nobody's ticket; and whoever made the folder
may put a link in its place, which is never followed. Nothing is written into a
file, so nobody learns more from it than that an account's assistant is asked.
"""

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final

from safespace.session.file_lock import lock

TRIES: Final = 100
_LOOK_S: Final = 0.01
_DIGITS: Final = 12
_MOST: Final = 1000
"""Files that a folder may hold: one that was filled up serves nobody."""
_DOOR: Final = "door"
"""Held for the moment in which a ticket is taken: so no two have the same number."""
_OPEN: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_DIRECTORY", 0)
_READ_BY_ALL: Final = 0o644
_STICKY: Final = 0o1777
"""Everybody makes files here, and nobody removes another's."""


Which = tuple[int, int]
"""A file and when it was made: numbers come again, and so does either of these alone."""


class Tickets:
    """Those in one folder; of every account on this computer if it is `shared`. Any thread."""

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self._folder = folder
        self._shared = shared

    def take(self, held: ExitStack) -> tuple[Path, ...]:
        """Hold the highest number until `held` ends; the tickets that are ahead of it now.

        Raises OSError where none can be had.
        """
        self._make_folder()
        with self._door():
            ahead = self._all()
            number = max((int(one.name) for one in ahead), default=0) + 1
            if number >= 10**_DIGITS:
                raise FileExistsError
            ticket = self._folder / f"{number:0{_DIGITS}}"
            held.enter_context(_holding(_made(ticket)))
        held.callback(_forget, ticket)
        return tuple(ahead)

    def held(self) -> tuple[Path, ...]:
        """The tickets that somebody holds. Raises OSError."""
        self._make_folder()
        with self._door():
            return tuple(filter(is_held, self._all()))

    def _all(self) -> list[Path]:
        with os.scandir(self._folder) as found:
            names = [one.name for one in islice(found, _MOST + 1)]
        if len(names) > _MOST:
            raise FileExistsError
        return [
            self._folder / name
            for name in names
            if len(name) == _DIGITS and name.isascii() and name.isdecimal()
        ]

    def _make_folder(self) -> None:
        if not self._shared:
            self._folder.mkdir(parents=True, exist_ok=True)
            return
        with suppress(FileExistsError):
            self._folder.mkdir()
        found = self._folder.lstat()  # which another account may have made, or linked elsewhere
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError
        if sys.platform != "win32" and found.st_uid == os.getuid():
            self._folder.chmod(_STICKY)
        elif stat.S_IMODE(found.st_mode) != _STICKY:
            raise PermissionError

    @contextmanager
    def _door(self) -> Iterator[None]:
        with ExitStack() as held:
            for _try in range(TRIES):
                try:
                    held.enter_context(_holding(_made(self._folder / _DOOR)))
                    break
                except BlockingIOError:
                    time.sleep(_LOOK_S)
            else:
                raise BlockingIOError
            yield


def _made(file: Path) -> int:
    """A descriptor of `file`, which is made if it is not there."""
    with _place(file) as (name, folder):
        try:
            handle = os.open(name, _OPEN | os.O_CREAT | os.O_EXCL, _READ_BY_ALL, dir_fd=folder)
        except FileExistsError:
            return os.open(name, _OPEN, dir_fd=folder)
    if sys.platform != "win32":
        os.fchmod(handle, _READ_BY_ALL)  # whatever the mask: the others look whether it is held
    return handle


@contextmanager
def _place(file: Path) -> Iterator[tuple[str, int | None]]:
    """How the system is told of `file` in the very folder that is there, and in none to which a
    link in its place leads. Raises OSError.
    """
    if sys.platform == "win32":
        yield str(file), None
    else:
        folder = os.open(file.parent, _FOLDER)
        try:
            yield file.name, folder
        finally:
            os.close(folder)


@contextmanager
def _holding(handle: int) -> Iterator[None]:
    """Hold the file of this descriptor, and close it. Raises BlockingIOError, OSError."""
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileExistsError
        lock(file)
        yield


def is_held(ticket: Path) -> bool:
    """Whether a process holds it. One that nobody does is cleared away, if it is ours."""
    try:
        with (
            _place(ticket) as (name, folder),
            _holding(os.open(name, _OPEN, dir_fd=folder)),
            suppress(OSError),  # another account's
        ):
            os.unlink(name, dir_fd=folder)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def which(ticket: Path) -> Which:
    """What tells it from another of the same number; zeros if it is gone."""
    try:
        found = ticket.lstat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_ctime_ns


def _forget(ticket: Path) -> None:
    with suppress(OSError), _place(ticket) as (name, folder):  # Windows keeps it while it is open
        os.unlink(name, dir_fd=folder)
