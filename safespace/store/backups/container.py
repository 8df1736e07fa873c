# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one file of a backup: two lines that say what is in it, then the files, end to end.

    safespace-backup/1 SHA-256 of "safespace-backup/1", a line feed and the second line
    {"files": [{"name", "sha256", "size"}, …], "made", "rows"}
    the bytes of the files, in that order and nothing after them

So no byte can differ unnoticed, and a backup can be taken apart without us. Only the header
of the space is readable in it; the database is as encrypted as it was.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from safespace.errors import Damaged, NewerSpace, StorageError
from safespace.i18n import _
from safespace.store.connection import DATABASE
from safespace.store.files import PRIVATE_FILE, not_readable, settle_folder, writing_in
from safespace.store.keys.header_copies import HEADERS

FORMAT: Final = 1
FILES: Final = (*HEADERS, DATABASE)
"""What a backup holds, and the only names that are ever written when one is unpacked."""

_HEAD: Final = re.compile(rb"safespace-backup/([1-9][0-9]{0,8}) ([0-9a-f]{64})\n")
_LONGEST_HEAD: Final = 128
_LONGEST_MANIFEST: Final = 64 * 1024
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file inside: its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `rows` is the keyed digest of all rows (`rows.digest`)."""

    made: datetime
    rows: str
    files: tuple[Entry, ...]


def pack(target: Path, made: datetime, rows: str, files: Sequence[Path]) -> None:
    """Write `files` as one backup to `target`, which is new, and have it on the disk.

    Raises StorageError; then there may be a piece of it.
    """
    with writing_in(target.parent):
        entries = tuple(Entry(file.name, file.stat().st_size, _digest_of(file)) for file in files)
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as out:
            out.write(_begin(Manifest(made, rows, entries)))
            for file in files:
                with file.open("rb") as source:
                    for chunk in _chunks(source):
                        out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        settle_folder(target.parent)


def unpack(file: Path, folder: Path) -> Manifest:
    """Write what is in the backup `file` into `folder`, every byte checked.

    Raises Damaged for anything but a whole backup, NewerSpace, StorageError; then there may
    be pieces in `folder`.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise _no_backup(file)  # opening a pipe would wait for ever
        source = file.open("rb")
    except OSError:
        raise not_readable(file) from None
    with source:
        manifest = _manifest(source, file)
        for entry in manifest.files:
            _extract(source, entry, folder / entry.name, file)
        if _read(source, 1, file):
            raise _no_backup(file)
    return manifest


def _begin(manifest: Manifest) -> bytes:
    fields = {
        "made": manifest.made.astimezone(UTC).isoformat(),
        "rows": manifest.rows,
        "files": [asdict(entry) for entry in manifest.files],
    }
    line = json.dumps(fields, sort_keys=True).encode() + b"\n"
    return b"safespace-backup/%d %s\n" % (FORMAT, _check(FORMAT, line)) + line


def _check(format_: int, line: bytes) -> bytes:
    return hashlib.sha256(b"safespace-backup/%d\n" % format_ + line).hexdigest().encode()


def _manifest(source: BinaryIO, file: Path) -> Manifest:
    head = _HEAD.fullmatch(_line(source, _LONGEST_HEAD, file))
    line = _line(source, _LONGEST_MANIFEST, file) if head else b""
    if not head or head[2] != _check(int(head[1]), line):
        raise _no_backup(file)
    if int(head[1]) > FORMAT:
        raise NewerSpace(
            _("The backup {name} was made by a newer Safe Space.").format(name=file.name),
            _("Update Safe Space to restore it."),
        )
    try:
        fields = json.loads(line)
        manifest = Manifest(
            datetime.fromisoformat(fields["made"]),
            str(fields["rows"]),
            tuple(_entry(entry) for entry in fields["files"]),
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        raise _no_backup(file) from None
    if tuple(entry.name for entry in manifest.files) != FILES:
        raise _no_backup(file)
    return manifest


def _entry(fields: Mapping[str, object]) -> Entry:
    match fields:
        case {"name": str(name), "size": int(size), "sha256": str(sha256)} if size >= 0:
            return Entry(name, size, sha256)
    raise ValueError("entry")


def _extract(source: BinaryIO, entry: Entry, target: Path, file: Path) -> None:
    left, digest = entry.size, hashlib.sha256()
    with writing_in(target.parent):
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as out:
            while left:
                chunk = _read(source, min(left, _CHUNK), file)
                if not chunk:
                    raise _no_backup(file)
                digest.update(chunk)
                out.write(chunk)
                left -= len(chunk)
            out.flush()
            os.fsync(out.fileno())
    if digest.hexdigest() != entry.sha256:
        raise _no_backup(file)


def _line(source: BinaryIO, longest: int, file: Path) -> bytes:
    try:
        return source.readline(longest)
    except OSError:
        raise _unread(file) from None


def _read(source: BinaryIO, size: int, file: Path) -> bytes:
    try:
        return source.read(size)
    except OSError:
        raise _unread(file) from None


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _digest_of(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _unread(file: Path) -> StorageError:
    return StorageError(
        _("{folder} cannot be read.").format(folder=file),
        _("The disk may be failing. Copy the file to another disk and try again."),
    )


def _no_backup(file: Path) -> Damaged:
    return Damaged(
        _("{name} is no backup of Safe Space, or it is damaged.").format(name=file.name),
        _("Nothing was changed. Try an earlier backup."),
    )
