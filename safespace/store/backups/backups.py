# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups of a space: made, verified, rotated, tried out, and brought back.

A backup gets its name when it has been read back whole, opened with the space's key, and
found to hold the same rows; only then may an older one go. So at any moment, also that of a
kill, every file with such a name is a whole backup.
"""

import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from safespace.errors import Damaged, SpaceError
from safespace.i18n import _
from safespace.store.backups import container
from safespace.store.backups.container import Manifest
from safespace.store.connection import DATABASE, Database, open_database
from safespace.store.files import (
    make_private_file,
    make_private_folder,
    settle_folder,
    write_whole,
    writing_in,
)
from safespace.store.keys import header, header_copies
from safespace.store.keys.header import Header
from safespace.store.keys.header_copies import HEADERS
from safespace.store.keys.wraps import SpaceKey
from safespace.store.migrations import migrate
from safespace.store.proofs import receipts, rows
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces
from safespace.store.truth import witness

KEPT: Final = 5
EVERY: Final = timedelta(days=1)
SUFFIX: Final = ".safespace"
_STAMP: Final = "%Y%m%d-%H%M%S"
_NAME: Final = re.compile(r"(?P<space>.+)-(?P<made>[0-9]{8}-[0-9]{6})\.safespace")
_ABANDONED_S: Final = 3600.0
"""A piece that nobody has written to for so long was left by a process that is gone."""

KeyOf = Callable[[Header], SpaceKey]
Begin = Callable[[Database, Header, SpaceKey], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was verified when it was made. `space` is the id of its space's folder."""

    file: Path
    space: str
    made: datetime


class Stopped(SpaceError):
    """The space was locked meanwhile; nothing of the backup is left."""


def kept(folder: Path, space: str) -> list[Backup]:
    """The backups of a space in `folder`, the newest first; none where the folder is away."""
    found = []
    with suppress(OSError):
        for file in folder.iterdir():
            name = _NAME.fullmatch(file.name)
            with suppress(ValueError):  # a stamp of no day
                if name and name["space"] == space and file.is_file():
                    made = datetime.strptime(name["made"], _STAMP).replace(tzinfo=UTC)
                    found.append(Backup(file, space, made))
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def due(folder: Path, space: str, now: datetime) -> bool:
    """Whether a day has passed since the newest backup, or the clock says it is yet to come."""
    newest = next(iter(kept(folder, space)), None)
    return newest is None or not timedelta() <= now - newest.made < EVERY


def make(
    space: Space,
    key: SpaceKey,
    info: SpaceInfo,
    folder: Path,
    *,
    keep: int = KEPT,
    now: datetime | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Backup:
    """Back the open space up into `folder`, which is there; the oldest beyond `keep` go.

    Any thread; the space's own does the copying, the rest waits for nobody. Raises
    StorageError, Damaged when what was written does not read back the same, and Stopped.
    """
    _sweep(folder, f".{info.id}-")
    _sweep(info.folder.parent, ".drill-")
    made = _later(now or datetime.now(UTC), kept(folder, info.id))
    name = f"{info.id}-{made.strftime(_STAMP)}{SUFFIX}"
    with _workplace(folder, f".{info.id}-") as work:
        copy, packed = work / DATABASE, work / name
        make_private_file(copy)
        found = space.copy_into(copy, key)
        _go_on(stopped)
        headers = []
        own = header.without_keyring(header_copies.read(info.folder).header)
        for header_file in HEADERS:
            write_whole(work / header_file, header.encode(own))
            headers.append(work / header_file)
        container.pack(packed, made, found, [*headers, copy])
        copy.unlink()
        _go_on(stopped)
        if drill(packed, lambda _header: key, info.folder.parent).rows != found:
            raise _differs(packed)
        _go_on(stopped)
        with writing_in(folder):
            packed.rename(folder / name)
            settle_folder(folder)
    for old in kept(folder, info.id)[keep:]:
        with suppress(OSError):
            old.file.unlink()
    return Backup(folder / name, info.id, made)


def drill(file: Path, key_of: KeyOf, root: Path) -> Manifest:
    """Restore a backup into a folder inside `root`, compare, and remove it again.

    Raises Damaged, NewerSpace, StorageError, and what `key_of` raises.
    """
    make_private_folder(root)
    with _workplace(root, ".drill-") as work:
        manifest, _header = _unpacked(file, key_of, work)
        return manifest


def restore(
    file: Path,
    key_of: KeyOf,
    spaces: Spaces,
    name: str | None = None,
    begin: Begin = lambda _database, _header, _key: None,
) -> SpaceInfo:
    """Bring a backup back as a space of its own; no other space is touched.

    Without a `name` it gets its old one, with the day of the backup if that one is taken; one
    that hid its name does so still. `begin` may put into its database what it shall hold from
    the first moment.

    Raises Usage for a name that will not do, Damaged, NewerSpace, StorageError, and what
    `key_of` raises; then nothing is left of it.
    """
    if name is not None:
        name = spaces.fit_name(name)
    make_private_folder(spaces.root)
    with _workplace(spaces.root, ".drill-") as work:
        manifest, found = _unpacked(file, key_of, work, begin)
        if name or found.veil is None:
            name = name or _free_name(spaces, found.name, manifest.made)
            found = header.shown(found, name, found.picture)
        for copy in HEADERS:
            write_whole(work / copy, header.encode(found))
        folder = spaces.root / found.id
        if folder.exists():
            folder = spaces.root / secrets.token_hex(8)
        with writing_in(spaces.root):
            for forget in (witness.forget, receipts.forget):
                forget(spaces.state, folder.name)
            work.rename(folder)
            settle_folder(spaces.root)
    return SpaceInfo(folder.name, name or folder.name, folder, hidden=found.veil is not None)


def _unpacked(
    file: Path,
    key_of: KeyOf,
    work: Path,
    begin: Begin = lambda _database, _header, _key: None,
) -> tuple[Manifest, Header]:
    """Unpack into `work`, open with the key, and compare with the rows of back then."""
    manifest = container.unpack(file, work)
    try:
        found = header.decode((work / HEADERS[0]).read_bytes())
    except header.Unreadable:
        raise _differs(file) from None
    key = key_of(found)
    try:
        database = open_database(work / DATABASE, key)  # every page proves itself here
        try:
            whole = database.rows("PRAGMA integrity_check") == [("ok",)]
            same = rows.digest(database, key) == manifest.rows
            if whole and same:
                migrate(database)
                with database.transaction():
                    begin(database, found, key)
                database.witness.begin(database)
        finally:
            database.close()
    except Damaged:
        raise _differs(file) from None
    if not (whole and same):
        raise _differs(file)
    return manifest, found


def _free_name(spaces: Spaces, name: str, made: datetime) -> str:
    taken = {info.name.casefold() for info in spaces.list()}
    dated = f"{name} ({made:%Y-%m-%d})"
    tries = [name, dated, *(f"{dated} {number}" for number in range(2, len(taken) + 3))]
    return next(free for free in tries if free.casefold() not in taken)


def _later(now: datetime, earlier: list[Backup]) -> datetime:
    """A clock that was set back must not make the new backup the oldest one."""
    now = now.replace(microsecond=0)
    return max(now, earlier[0].made + timedelta(seconds=1)) if earlier else now


@contextmanager
def _workplace(folder: Path, prefix: str) -> Iterator[Path]:
    """A private folder inside `folder` that is gone afterwards, whatever happens."""
    work = folder / f"{prefix}{secrets.token_hex(4)}"
    with writing_in(folder):
        work.mkdir(0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what a killed process left."""
    before = time.time() - _ABANDONED_S
    with suppress(OSError):
        for work in folder.iterdir():
            if work.name.startswith(prefix) and work.stat().st_mtime < before:
                shutil.rmtree(work, ignore_errors=True)


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Stopped(_("This space is locked."), _("Unlock it to go on."))


def _differs(file: Path) -> Damaged:
    return Damaged(
        _("The backup {name} does not hold what it should.").format(name=file.name),
        _("Nothing was changed. Try an earlier backup."),
    )
