# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database file: never plain, every damage seen, a full disk survived."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from safespace.domain import Role
from safespace.errors import Bug, Damaged, StorageError
from safespace.store import connection
from safespace.store.connection import DATABASE, create_database, open_database
from safespace.store.keys.wraps import SpaceKey, fresh_key
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

from .conftest import CHEAP, PASSPHRASE, Share, SmallDisk, remount_read_only

SENTENCE = "The heron waits by the lock at dawn."

PLAIN_SQLITE = """
import sqlite3, sys
try:
    print(sqlite3.connect(sys.argv[1]).execute("SELECT * FROM sqlite_schema").fetchall())
except sqlite3.DatabaseError as problem:
    print(problem)
"""


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def filled(new: NewSpace, messages: int = 30) -> Path:
    """A space with some pages in it, closed; its database."""
    space = Space(new.info.folder, new.key)
    begun = space.new_conversation("a").id
    for number in range(messages):
        space.add_message(begun, None, Role.MEMBER, f"{number} " + "word " * 500)
    space.delete_conversation(space.new_conversation("free pages too").id)
    space.close()
    return new.info.folder / DATABASE


def read_by_plain_sqlite(file: Path) -> str:
    # In a process of its own: two copies of SQLite on one file break each other's locks.
    ran = subprocess.run(
        [sys.executable, "-c", PLAIN_SQLITE, file], capture_output=True, text=True, check=True
    )
    return ran.stdout


def holding(folder: Path, needles: list[str]) -> set[str]:
    """The needles that stand in any file below `folder`, in the encodings a program may use."""
    found = set()
    for file in (path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        for needle in needles:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                if needle.encode(encoding) in data:
                    found.add(needle)
    return found


def test_the_libraries_are_recent_enough(tmp_path: Path) -> None:
    database = create_database(tmp_path / DATABASE, fresh_key())
    rows = database.rows("SELECT sqlite_version()") + database.rows("PRAGMA cipher_version")
    database.close()
    sqlite, sqlcipher = (
        tuple(int(part) for part in version.split()[0].split(".")) for (version,) in rows
    )
    assert sqlite >= connection.SQLITE_AT_LEAST
    assert sqlcipher >= connection.SQLCIPHER_AT_LEAST


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("cache_size", -65536),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("locking_mode", "exclusive"),
        ("trusted_schema", 0),
    ],
)
def test_an_open_space_is_set_up_as_promised(space: Space, pragma: str, value: object) -> None:
    def ask(database: connection.Database) -> object:
        return (database.row(f"PRAGMA {pragma}") or (None,))[0]

    found = space._owner.do(ask)
    assert found == value


def test_no_statement_loads_foreign_code(space: Space) -> None:
    with pytest.raises(Bug):
        space._owner.do(lambda database: database.rows("SELECT load_extension('x')"))


@pytest.mark.parametrize("key", [SpaceKey(b"k" * 31, b"s" * 16), SpaceKey(b"", b"")])
def test_a_misshapen_key_never_reaches_the_cipher(tmp_path: Path, key: SpaceKey) -> None:
    with pytest.raises(AssertionError):
        create_database(tmp_path / DATABASE, key)
    assert (tmp_path / DATABASE).read_bytes() == b""


def test_plain_sqlite_cannot_open_a_space(new: NewSpace, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    with sqlite3.connect(plain) as control:
        control.execute("CREATE TABLE heron (id)")
    control.close()
    assert "heron" in read_by_plain_sqlite(plain)

    file = filled(new)
    assert read_by_plain_sqlite(file) == "file is not a database\n"
    assert plain.read_bytes().startswith(b"SQLite format 3\0")
    assert file.read_bytes().startswith(new.key.salt)


def test_no_word_and_no_key_lies_readable_on_the_disk(tmp_path: Path) -> None:
    new = Spaces(tmp_path / "spaces").create("Ada", PASSPHRASE, CHEAP)
    needles = [
        SENTENCE,
        "A title about herons",
        "A draft about herons",
        "a setting about herons",
        PASSPHRASE,
        new.recovery_code,
        new.recovery_code.split()[0] + " " + new.recovery_code.split()[1],
        new.key.key.hex(),
        new.key.key.decode("latin-1"),
    ]
    space = Space(new.info.folder, new.key)
    begun = space.new_conversation("A title about herons").id
    for number in range(50):
        space.add_message(begun, None, Role.MEMBER, f"{number} {SENTENCE}")
    space.save_draft(begun, "A draft about herons")
    space.keep_setting("x", "a setting about herons")
    assert holding(tmp_path, needles) == set()
    assert holding(tmp_path, ["Ada"]) == {"Ada"}  # the name alone is meant to be readable
    space.delete_conversation(begun)
    space.close()
    assert holding(tmp_path, needles) == set()

    (tmp_path / "spaces" / "planted").write_bytes(b"\0\1" + "".join(needles).encode("utf-16-le"))
    assert holding(tmp_path, needles) == set(needles)


@pytest.mark.torture("space.damage_seen")
def test_every_damaged_byte_is_seen_and_nothing_is_changed(new: NewSpace, share: Share) -> None:
    file = filled(new)
    whole = file.read_bytes()
    for seed in range(share(2000)):
        chance = random.Random(seed)  # noqa: S311 - a repeatable place
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        before = content(new.info.folder)
        with pytest.raises(Damaged, match=DATABASE):
            Space(new.info.folder, new.key)
        assert content(new.info.folder) == before
    file.write_bytes(whole)
    Space(new.info.folder, new.key).close()


@pytest.mark.parametrize("kept", [0, 1, 15, 16, 17, 1000, 4096, 8192, 20_000, -4096, -1])
def test_a_truncated_database_is_damaged_never_begun_anew(new: NewSpace, kept: int) -> None:
    file = filled(new)
    file.write_bytes(file.read_bytes()[:kept])
    before = content(new.info.folder)
    with pytest.raises(Damaged, match=DATABASE):
        Space(new.info.folder, new.key)
    assert content(new.info.folder) == before


def test_swapped_pages_are_damage(new: NewSpace) -> None:
    file = filled(new)
    data = file.read_bytes()
    page = 4096
    file.write_bytes(
        data[: 3 * page] + data[4 * page : 5 * page] + data[3 * page : 4 * page] + data[5 * page :]
    )
    with pytest.raises(Damaged):
        Space(new.info.folder, new.key)


def test_a_missing_database_is_damage(new: NewSpace) -> None:
    (new.info.folder / DATABASE).unlink()
    before = content(new.info.folder)
    with pytest.raises(Damaged, match=DATABASE):
        Space(new.info.folder, new.key)
    assert content(new.info.folder) == before


def test_a_plain_database_in_its_place_is_refused(new: NewSpace) -> None:
    file = new.info.folder / DATABASE
    file.unlink()
    with sqlite3.connect(file) as plain:
        plain.execute("CREATE TABLE heron (id)")
    plain.close()
    with pytest.raises(Damaged):
        Space(new.info.folder, new.key)


def test_the_database_of_another_space_is_refused(spaces: Spaces, new: NewSpace) -> None:
    other = spaces.create("Bo", PASSPHRASE, CHEAP)
    shutil.copy(other.info.folder / DATABASE, new.info.folder / DATABASE)
    with pytest.raises(Damaged):
        Space(new.info.folder, new.key)
    salted_alike = SpaceKey(new.key.key, other.key.salt)
    with pytest.raises(Damaged):
        Space(new.info.folder, salted_alike)


def test_a_database_is_never_made_over_another(new: NewSpace) -> None:
    file = filled(new)
    before = file.read_bytes()
    with pytest.raises(StorageError):
        create_database(file, new.key)
    assert file.read_bytes() == before


def test_a_full_disk_loses_nothing_and_is_survived(small_disk: SmallDisk) -> None:
    disk = small_disk(1400)
    new = Spaces(disk).create("Ada", PASSPHRASE, CHEAP)
    space = Space(new.info.folder, new.key)
    begun = space.new_conversation("a").id
    ballast = disk / "ballast"
    ballast.write_bytes(b"\0" * 100_000)
    said: list[int] = []

    def say_without_end() -> None:
        while True:
            said.append(space.add_message(begun, None, Role.MEMBER, "word " * 400).id)

    with pytest.raises(StorageError, match="no room"):
        say_without_end()
    assert said
    assert space.branch(begun)[0].siblings == tuple(said)
    with pytest.raises(StorageError, match="no room"):
        space.save_draft(begun, "word " * 10_000)
    space.close()

    space = Space(new.info.folder, new.key)  # reading works on a full disk
    assert space.branch(begun)[0].siblings == tuple(said)
    ballast.unlink()
    space.add_message(begun, None, Role.MEMBER, "word " * 400)
    space.close()


def test_a_write_that_fails_loses_nothing(new: NewSpace) -> None:
    """As a full disk, but for everyone: a child that may write no file beyond 300 kB."""
    ran = subprocess.run(
        [sys.executable, Path(__file__).with_name("writer.py"), new.info.folder, "300000"],
        input=new.key.key.hex() + new.key.salt.hex() + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    *said, refused, after = ran.stdout.split()
    assert (refused, after) == ("StorageError", str(len(said)))
    space = Space(new.info.folder, new.key)
    (begun,) = space.conversations()
    assert [str(id_) for id_ in space.branch(begun.id)[0].siblings] == said
    space.close()


def test_a_folder_that_cannot_be_written_is_named(small_disk: SmallDisk) -> None:
    disk = small_disk(2048)
    new = Spaces(disk).create("Ada", PASSPHRASE, CHEAP)
    remount_read_only(disk)
    with pytest.raises(StorageError, match=new.info.id):
        Space(new.info.folder, new.key)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_without_permission_is_named(new: NewSpace) -> None:
    new.info.folder.chmod(0)
    try:
        with pytest.raises(StorageError, match=new.info.id):
            open_database(new.info.folder / DATABASE, new.key)
    finally:
        new.info.folder.chmod(0o700)
