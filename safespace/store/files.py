# SPDX-License-Identifier: AGPL-3.0-or-later
"""Private folders, and files that are either the old bytes or the new ones, never a mixture."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from safespace.errors import StorageError
from safespace.i18n import _

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}


def no_room(folder: Path) -> StorageError:
    """The error for a full disk."""
    return StorageError(
        _("There is no room left in {folder}.").format(folder=folder),
        _("What was saved before is safe. Free some space and try again."),
    )


def not_writable(folder: Path) -> StorageError:
    """The error for a folder that refuses writing."""
    return StorageError(
        _("Nothing can be written in {folder}.").format(folder=folder),
        _("Check that the folder is there and that you may write to it."),
    )


def not_readable(folder: Path) -> StorageError:
    """The error for a folder or a file that is there and may not be read."""
    return StorageError(
        _("{folder} cannot be read.").format(folder=folder),
        _("It may belong to another account of this computer."),
    )


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about writing in `folder` into a StorageError."""
    try:
        yield
    except OSError as problem:
        raise (no_room if problem.errno in _NO_ROOM else not_writable)(folder) from None


def make_private_folder(folder: Path) -> None:
    """Make `folder`, open to its owner alone whatever the umask. Raises StorageError."""
    with writing_in(folder.parent):
        folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    with suppress(OSError):  # it may have been there before; a FAT stick knows no modes
        folder.chmod(PRIVATE_FOLDER)


def make_private_file(file: Path) -> None:
    """Make `file`, empty and open to its owner alone. Raises StorageError if it cannot."""
    with writing_in(file.parent):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))


def write_whole(file: Path, data: bytes) -> None:
    """Make `data` the content of `file`, all at once and on the disk. Raises StorageError."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with writing_in(file.parent):
        try:
            handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            raise
        settle_folder(file.parent)


def settle_folder(folder: Path) -> None:
    """Have the names in `folder` on the disk too, where the system can do that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
