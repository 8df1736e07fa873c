# SPDX-License-Identifier: AGPL-3.0-or-later
"""The copies of a header in a space's folder, and which of them is the one in force.

There are two. A change of keys writes a third, NEXT, before it puts the new database in the
place of the old one: from that moment on NEXT is in force, because the database begins with
its salt, and until then the two copies are.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from safespace.errors import Damaged, StorageError
from safespace.i18n import _
from safespace.store.connection import DATABASE
from safespace.store.files import not_readable, settle_folder, write_whole
from safespace.store.keys import header
from safespace.store.keys.header import Header
from safespace.store.keys.wraps import SALT_BYTES, SpaceKey

HEADERS: Final = ("space.json", "space.copy.json")
NEXT: Final = "space.next.json"
FRESH: Final = "space.next.db"
"""The database under its new key, until it is put in the place of the old one."""
_UNFINISHED: Final = (NEXT, f"{FRESH}*", ".space.*json.*", ".head.*")
"""What a kill can leave of a change of keys: SQLite's logs too, headers and heads half written."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The header in force with its bytes, and which of the two copies are damaged.

    `belongs`: the database is there and begins as this header says.
    """

    header: Header
    data: bytes
    damaged: tuple[str, ...]
    belongs: bool


def read(folder: Path) -> Copies:
    """Read every copy and change none.

    Raises Damaged when no copy is intact, NewerSpace, StorageError for another account's.
    """
    intact: list[tuple[Header, bytes]] = []
    damaged: list[str] = []
    refused = False
    for name in HEADERS:
        try:
            data = _bytes(folder / name)
            intact.append((header.decode(data), data))
        except (OSError, header.Unreadable) as problem:
            damaged.append(name)
            refused = refused or isinstance(problem, PermissionError)
    start = _start(folder / DATABASE)
    with suppress(OSError, header.Unreadable):
        data = _bytes(folder / NEXT)
        following = header.decode(data)
        if start and following.database == start:
            return Copies(following, data, tuple(damaged), belongs=True)
    if not intact and refused:
        raise not_readable(folder)
    if not intact:
        raise Damaged(
            _("Both copies of this space's header, {names}, are damaged or missing.").format(
                names=_(" and ").join(HEADERS)
            ),
            _("Nothing was changed. Put the whole folder {folder} back from a backup.").format(
                folder=folder
            ),
        )
    for kept, data in intact:
        if start and kept.database in (start, None):
            return Copies(kept, data, tuple(damaged), belongs=True)
    return Copies(*intact[0], tuple(damaged), belongs=False)


def mend(folder: Path, kept: Copies, key: SpaceKey) -> SpaceKey:
    """Write a damaged copy anew: the one in force has just proved itself by opening."""
    for name in kept.damaged:
        with suppress(StorageError):
            write_whole(folder / name, kept.data)
            key = replace(key, mended=name)
    return key


def put(folder: Path, new: Header) -> None:
    """Put a header in force. Raises StorageError; then the old one is, or already the new one."""
    for name in HEADERS:  # the first one counts from the moment it is there
        write_whole(folder / name, header.encode(new))


def finish(folder: Path) -> None:
    """End what was broken off: both copies as the one in force, nothing left of another.

    Only for who holds the space. Where nothing can be written, the next opening tries again.
    """
    with suppress(Damaged, StorageError, OSError):
        kept = read(folder)
        if not kept.belongs:
            return
        for name in HEADERS:
            if _bytes_or_none(folder / name) != kept.data:
                write_whole(folder / name, kept.data)
        left = [file for pattern in _UNFINISHED for file in folder.glob(pattern)]
        for file in left:
            file.unlink()
        if left:
            settle_folder(folder)


def _start(database: Path) -> bytes:
    try:
        with database.open("rb") as file:
            return file.read(SALT_BYTES)
    except OSError:
        return b""


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(header.LARGEST + 1)


def _bytes_or_none(file: Path) -> bytes | None:
    try:
        return _bytes(file)
    except OSError:
        return None
