# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a space: what wraps its key goes first, so that nothing opens what is still there.

In this order, each step on the disk before the next:

1. The folder gets a name by which no space is found; a kill after this is finished by `finish`.
2. The headers are overwritten and removed, in the folder and in each backup.
3. The backups, the files of the folder, its heads and its receipts are removed.

Overwriting reaches the file. What a solid-state disk, a snapshot, a sync service or a disk that
is not plugged in keeps is beyond us; whoever asks for this is told.
"""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.store.files import settle_folder, writing_in
from safespace.store.keys import header
from safespace.store.keys.header_copies import HEADERS, NEXT
from safespace.store.proofs import receipts
from safespace.store.truth import witness

ERASED: Final = ".erased-"
"""How the name of a folder begins from the moment its space is erased."""
_IN_A_BACKUP: Final = 4 * header.LARGEST
"""More bytes than stand before the database in a backup: two lines and two headers."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Files that were there and are destroyed, and those that refused to be."""

    destroyed: tuple[Path, ...]
    left: tuple[Path, ...]


def reachable(folder: Path, backups: Iterable[Path]) -> tuple[Path, ...]:
    """What erasing the space in `folder` destroys: its files and these backups."""
    with suppress(OSError):
        return (*sorted(file for file in folder.iterdir()), *backups)
    return tuple(backups)


def erase(folder: Path, backups: Sequence[Path], state: Path | None) -> Erased:
    """Destroy the space in `folder`, which nobody holds, and its backups.

    Raises StorageError, having destroyed nothing, where its folder cannot be renamed.
    """
    files = reachable(folder, backups)
    doomed = folder.with_name(f"{ERASED}{folder.name}")
    with writing_in(folder.parent):
        folder.rename(doomed)
        settle_folder(folder.parent)
    for backup in backups:
        _destroy(backup, _IN_A_BACKUP)
    _destroy_folder(doomed)
    witness.forget(state, folder.name)
    receipts.forget(state, folder.name)
    left = {*(backup for backup in backups if backup.exists())}
    left |= {folder / file.name for file in _files(doomed)}
    return Erased(tuple(file for file in files if file not in left), tuple(sorted(left)))


def finish(root: Path) -> None:
    """Destroy what a killed erasing left in the folder of all spaces."""
    with suppress(OSError):
        for folder in root.glob(f"{ERASED}*"):
            _destroy_folder(folder)


def _destroy_folder(folder: Path) -> None:
    for wraps in (*(folder / name for name in (*HEADERS, NEXT)), *folder.glob(".space.*json.*")):
        _destroy(wraps, header.LARGEST)
    shutil.rmtree(folder, ignore_errors=True)


def _destroy(file: Path, at_most: int) -> None:
    """Overwrite the beginning of a file, on the disk, then remove it."""
    with suppress(OSError):
        handle = os.open(file, os.O_WRONLY)
        try:
            os.write(handle, secrets.token_bytes(min(at_most, os.fstat(handle).st_size)))
            os.fsync(handle)
        finally:
            os.close(handle)
    with suppress(OSError):
        file.unlink()
        settle_folder(file.parent)


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from folder.iterdir()
