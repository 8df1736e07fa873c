# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that a process holds as long as it lives: whoever looks can tell, and nobody waits for
one that ended.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

_TRIES: Final = 3
_A_LOOK_S: Final = 0.05


def lock(file: IO[bytes], *, alone: bool = True) -> None:
    """Hold the open `file` until it is closed; not `alone`: beside others who only look whether
    it is held, where the system can tell these apart.

    Raises BlockingIOError while somebody else holds it, OSError where it cannot be held.
    """
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BlockingIOError from None
    else:
        import fcntl

        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


def hold(file: IO[bytes]) -> None:
    """Hold it as `lock` does, though somebody is looking just now. Raises as that does."""
    for _try in range(_TRIES):
        with suppress(BlockingIOError):
            lock(file)
            return
        time.sleep(_A_LOOK_S)
    lock(file)


@contextmanager
def holding(path: Path) -> Iterator[None]:
    """Hold the file `path`, which is made if need be, for the block. Raises as `lock` does."""
    with path.open("ab") as file:
        hold(file)
        yield


def is_held(path: Path) -> bool:
    """Whether somebody holds it. One that is not there, or cannot be looked at, nobody does."""
    try:
        with path.open("rb") as file:
            lock(file, alone=False)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
