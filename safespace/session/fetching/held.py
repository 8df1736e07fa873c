# SPDX-License-Identifier: AGPL-3.0-or-later
"""One steward for one file: it holds a file as long as it lives, and whoever asks can tell."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(held: Path) -> Iterator[None]:
    """Raises BlockingIOError while another process holds it; a process that is gone does not."""
    with held.open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                raise BlockingIOError from None
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def at_work(held: Path) -> bool:
    """Whether a steward holds it."""
    if not held.exists():
        return False
    try:
        with alone(held):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False
