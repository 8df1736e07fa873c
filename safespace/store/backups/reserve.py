# SPDX-License-Identifier: AGPL-3.0-or-later
"""Room kept free for a full disk: a file of nothing, given up so that deleting can be written."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from safespace.store.files import PRIVATE_FILE

SIZE: Final = 8 << 20
FILE: Final = "reserve"
_PLENTY: Final = 4
"""So many times its size must be free before the reserve is made: it shall not fill the disk."""


def keep(folder: Path) -> None:
    """Make the reserve of the space in `folder` if there is none and there is room for it."""
    file = folder / FILE
    fresh = folder / f".{FILE}"
    with suppress(OSError):
        if file.exists() or shutil.disk_usage(folder).free < _PLENTY * SIZE:
            return
        handle = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, PRIVATE_FILE)
        try:
            _fill(handle)
        finally:
            os.close(handle)
        fresh.replace(file)
    with suppress(OSError):  # a piece of one
        fresh.unlink(missing_ok=True)


def release(folder: Path) -> bool:
    """Give the reserve up; whether there was one."""
    try:
        (folder / FILE).unlink()
    except OSError:
        return False
    return True


def _fill(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, SIZE)
        return
    for _block in range(SIZE >> 20):
        os.write(handle, bytes(1 << 20))
