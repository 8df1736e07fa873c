# SPDX-License-Identifier: AGPL-3.0-or-later
"""One steward for one file: it holds a file as long as it lives, and whoever asks can tell."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from safespace.session.fetching.order import Notes, Progress, Stage


@contextmanager
def alone(held: Path) -> Iterator[None]:
    """Raises BlockingIOError while another process holds it; a process that is gone does not."""
    with held.open("ab") as file:
        lock(file)
        yield


def lock(file: IO[bytes]) -> None:
    """Hold an open file until it is closed. Raises BlockingIOError while another process does."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BlockingIOError from None
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


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


def standing(folder: Path, progress: Progress) -> Progress:
    """What a note says, unless its steward is gone."""
    if progress.stage is Stage.RUNNING and not at_work(Notes(folder, progress.file).held):
        return replace(progress, stage=Stage.PAUSED)
    return progress


def not_over(folder: Path) -> list[Progress]:
    """Those on this computer that are under way, paused or failed, whoever began them."""
    found = [standing(folder, progress) for progress in Notes.all(folder)]
    return [progress for progress in found if progress.stage is not Stage.DONE]
