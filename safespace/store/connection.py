# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one door to SQLCipher: opens a space's database, and turns its errors into ours.

The order of opening matters: a forgotten or misshapen key makes SQLCipher write plain text,
or take the key for a passphrase, without a word.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from safespace.errors import Bug, Damaged, InUse, StorageError
from safespace.i18n import _
from safespace.store.files import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_private_file,
    no_room,
    not_writable,
    writing_in,
)
from safespace.store.keys.wraps import SALT_BYTES, SpaceKey
from safespace.store.truth.chain import FUNCTION
from safespace.store.truth.seal import Seal
from safespace.store.truth.sql import Row
from safespace.store.truth.witness import Doubt, Witness, Wrong

DATABASE: Final = "space.db"

SQLITE_AT_LEAST: Final = (3, 51, 3)
"""Before this, resetting the write-ahead log could corrupt a database (sqlite.org/wal.html)."""
SQLCIPHER_AT_LEAST: Final = (4, 19)

CHECKED_AT_ONCE: Final = 16 << 20
"""A database of at most so many bytes is checked whole when it is opened, in some 50 ms."""

_AT_ONCE: Final = 1024
"""Pages that are encrypted anew between two looks whether to go on."""

_LOGS: Final = ("wal", "journal")
"""SQLite's files beside a database, https://www.sqlite.org/tempfiles.html"""

_RAW_KEY: Final = re.compile(r"x'[0-9a-f]{96}'")

# Primary result codes, https://www.sqlite.org/rescode.html
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR = 3, 5, 6, 8, 10
_CORRUPT, _FULL, _CANTOPEN, _NOTADB = 11, 13, 14, 26
_IOERR_SHORT_READ, _IOERR_DATA, _IOERR_CORRUPTFS = 522, 8202, 8458


class Database:
    """An open space. Belongs to the thread that opened it.

    Every method raises Damaged, StorageError or InUse for what befalls a file, and Bug for
    what befalls a statement; neither ever carries a value.
    """

    def __init__(self, connection: Any, file: Path, seal: Seal, witness: Witness) -> None:
        self._connection = connection
        self._file = file
        self._place = _place(file)
        self.seal = seal
        self.witness = witness

    def rows(self, sql: str, *values: object) -> list[Row]:
        """What a query finds."""
        with _explained(self._file):
            found: list[Row] = self._connection.execute(sql, _storable(values)).fetchall()
            return found

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row a query finds."""
        with _explained(self._file):
            found: Row | None = self._connection.execute(sql, _storable(values)).fetchone()
            return found

    def each(self, sql: str) -> Iterator[Row]:
        """What a query finds, row by row, however much it is."""
        with _explained(self._file):
            yield from self._connection.execute(sql)

    def vacuum_into(self, file: Path) -> None:
        """Write everything, without what was deleted, to the empty `file`, under the same key."""
        with _explained(file):
            self._connection.execute("VACUUM INTO ?", (str(file),))

    def change(self, sql: str, *values: object) -> int:
        """Run one statement that writes; the id of the row it made, if it made one."""
        with _explained(self._file):
            return int(self._connection.execute(sql, _storable(values)).lastrowid or 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's changes, on the disk when it ends, or none."""
        self.change("BEGIN")
        before = self._connection.total_changes
        try:
            yield
            if self._connection.total_changes != before:
                self._stay()
            self.change("COMMIT")
            self.witness.committed(self)
        except BaseException:
            if self._connection.in_transaction:  # a full disk has rolled back by itself
                with suppress(StorageError, Damaged, Bug):
                    self.change("ROLLBACK")
            raise

    def _stay(self) -> None:
        """What is written to a file that is no longer there goes with the process: refuse it."""
        if _place(self._file) != self._place:
            raise _gone(self._file)

    def settle(self) -> None:
        """Move the write-ahead log into the database, where every page proves itself.

        SQLite never does it by itself: the witness has to know.
        """
        if not self.log_bytes() and self.witness.settled:
            return
        self.witness.before_moving()
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.witness.moved(self)

    def log_bytes(self) -> int:
        """How long the write-ahead log is."""
        try:
            return Path(f"{self._file}-wal").stat().st_size
        except OSError:
            return 0

    def bytes(self) -> int:
        """How long the database is, without its log."""
        return self._file.stat().st_size

    def check(self) -> None:
        """Verify every page's authentication code. Raises Damaged."""
        if self.rows("PRAGMA cipher_integrity_check"):
            raise _damaged(self._file)

    def copy_into(self, empty: "Database", told: Callable[[float], None]) -> None:
        """Write every page into another database, under that one's key.

        `told` hears which part of them is written, and may raise to end it.
        """

        def progress(_status: int, left: int, pages: int) -> None:
            told(1 - left / pages if pages else 1.0)

        try:
            self._connection.backup(empty._connection, pages=_AT_ONCE, progress=progress)
        except dbapi2.OperationalError as problem:  # without its code, but with SQLite's words
            full = "full" in str(problem)
            raise (no_room if full else not_writable)(empty._file.parent) from None
        except dbapi2.DatabaseError:
            raise _damaged(self._file) from None

    def close(self) -> None:
        """Close; the log is moved into the database first if that can be done."""
        with suppress(StorageError, Damaged):
            self.settle()
        with _explained(self._file):
            self._connection.interrupt()  # or closing moves it, and the head would not know
            self._connection.close()


def create_database(file: Path, key: SpaceKey, state: Path | None = None) -> Database:
    """Make an empty encrypted database. Raises StorageError if it cannot, or if one is there."""
    make_private_file(file)
    return _connect(file, key, state)


def open_database(file: Path, key: SpaceKey, state: Path | None = None) -> Database:
    """Open a space's database, compare it with its head, and verify every page of a small one.

    What differs from the head, here or in the `state` folder, is its `witness.doubt`. Raises
    Damaged and changes nothing; InUse, StorageError.
    """
    try:
        with file.open("rb") as opened:
            start = opened.read(SALT_BYTES)
    except FileNotFoundError:
        raise _damaged(file) from None
    except OSError:
        raise not_writable(file.parent) from None
    if start != key.salt:  # cut short, another space's, or plain: "SQLite format 3"
        raise _damaged(file)
    with suppress(OSError):  # a copy brought back from elsewhere may have been open to all
        file.parent.chmod(PRIVATE_FOLDER)
        file.chmod(PRIVATE_FILE)
    database = _connect(file, key, state)
    try:
        database.witness.compare(database)
        with suppress(StorageError):  # a full disk must not keep anyone from reading
            database.settle()
        if database.bytes() <= CHECKED_AT_ONCE:
            database.check()
    except BaseException:
        database.close()
        raise
    return database


def open_damaged(file: Path, key: SpaceKey) -> Database:
    """Open a database to read what can be read of it. Raises Damaged if that is nothing."""
    database = _connect(file, key, None)
    database.witness.doubt = Doubt(Wrong.DAMAGED)  # its head stays as it is
    return database


def reencrypt(
    file: Path,
    key: SpaceKey,
    target: Path,
    fresh: SpaceKey,
    told: Callable[[float], None] = lambda _part: None,
) -> None:
    """Write the database `file` into `target` under the key `fresh`, and prove what was written.

    `told` hears which part is written, at last 1.0, and may raise to end it. Afterwards
    neither has a log of SQLite's beside it, so that `target` can take the place of `file`.
    Raises that, Damaged, InUse, StorageError.
    """
    logs = [Path(f"{database}-{log}") for database in (file, target) for log in _LOGS]
    with writing_in(target.parent):  # a log of a broken off try would be played into this one
        for leftover in target.parent.glob(f"{target.name}*"):
            leftover.unlink()
    source = open_database(file, key)
    try:
        size = source.row("PRAGMA page_count")
        copy = create_database(target, fresh)
        try:
            source.copy_into(copy, told)
        finally:
            copy.close()
    finally:
        source.close()
    written = open_database(target, fresh)
    try:
        whole = written.rows("PRAGMA integrity_check") == [("ok",)]
        if not whole or written.row("PRAGMA page_count") != size:
            raise _damaged(target)
    finally:
        written.close()
    if any(log.exists() for log in logs):  # it could not be moved into its database
        raise not_writable(target.parent)


def versions() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which SQLite and which SQLCipher this program has."""
    connection = dbapi2.connect(":memory:")
    try:
        (cipher,) = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return dbapi2.sqlite_version_info, tuple(map(int, cipher.split()[0].split(".")))


def _connect(file: Path, key: SpaceKey, state: Path | None) -> Database:
    seal, witness = Seal(key), Witness(file, key, state)
    raw_key = f"x'{key.key.hex()}{key.salt.hex()}'"
    assert _RAW_KEY.fullmatch(raw_key)
    with _explained(file):
        connection = dbapi2.connect(str(file), isolation_level=None, timeout=0)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f'PRAGMA key = "{raw_key}"')
            (version,) = connection.execute("PRAGMA cipher_version").fetchone()
            assert version, "not SQLCipher: what is written would be plain"
            connection.enable_load_extension(False)
            connection.create_function(FUNCTION, -1, seal.entry, deterministic=True)
            for pragma in (
                "locking_mode = EXCLUSIVE",  # one process; and no shared memory file beside it
                "journal_mode = WAL",
                "wal_autocheckpoint = 0",  # `settle` does it
                "synchronous = FULL",
                "cache_size = -65536",
                "foreign_keys = ON",
                "recursive_triggers = ON",  # so that REPLACE too tells what it deletes
                "secure_delete = ON",
                "temp_store = MEMORY",
                "mmap_size = 0",
                "trusted_schema = OFF",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
    return Database(connection, file, seal, witness)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Say what an error of SQLite means for the member who owns `file`."""
    try:
        yield
    except dbapi2.Error as problem:
        raise _explain(problem, file) from None


def _explain(problem: Any, file: Path) -> Exception:
    extended = getattr(problem, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if extended in (_IOERR_SHORT_READ, _IOERR_DATA, _IOERR_CORRUPTFS):
        return _damaged(file)
    if code in (_CORRUPT, _NOTADB):
        return _damaged(file)
    if code == _FULL:
        return no_room(file.parent)
    if code in (_PERM, _READONLY, _IOERR, _CANTOPEN):
        return not_writable(file.parent)
    if code in (_BUSY, _LOCKED):
        return InUse(
            _("This space is open in another program."),
            _("Close it there first."),
        )
    # Our own statements at fault. The message could quote what was being stored.
    return Bug(f"{type(problem).__name__} {getattr(problem, 'sqlite_errorname', '')}")


def _place(file: Path) -> tuple[int, int] | None:
    """Which file lies there; None if none does."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _gone(file: Path) -> StorageError:
    return StorageError(
        _("The folder of this space is no longer where it was: {folder}.").format(
            folder=file.parent
        ),
        _("Nothing more is saved. Plug its disk in or put it back; then lock and unlock."),
    )


def _damaged(file: Path) -> Damaged:
    return Damaged(
        _("The file {name} of this space is damaged or missing.").format(name=file.name),
        _("Nothing was changed. Put the whole folder {folder} back from a backup.").format(
            folder=file.parent
        ),
    )


def _storable(values: tuple[object, ...]) -> tuple[object, ...]:
    """Half a character, as some keyboards and pipes deliver, would be refused: mend it."""
    return tuple(_whole(value) if isinstance(value, str) else value for value in values)


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
