# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was acknowledged survives a kill at any moment, and the space opens as if nothing was."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from safespace.errors import WrongPassphrase
from safespace.store.backups import backups
from safespace.store.connection import DATABASE, open_database
from safespace.store.keys import header_copies
from safespace.store.keys.wraps import SpaceKey
from safespace.store.migrations import MIGRATIONS
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

from . import formats
from .acting import PASSPHRASES, TEXT
from .conftest import CHEAP, PASSPHRASE, Share

ACTS: Final = ("write", "checkpoint", "vacuum", "backup", "passphrase")
OLD_MESSAGES: Final = 1500


@contextmanager
def child(script: str, key: SpaceKey, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the key, and is killed in the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name(script), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        process.stdin.write(f"{key.key.hex()}{key.salt.hex()}\n".encode())
        process.stdin.flush()
        try:
            yield process
        finally:
            process.kill()


def killed_while_acting(root: Path, new: NewSpace, act: str, seed: int) -> list[int]:
    """Have a child write and act, kill it in the middle of that; the messages acknowledged."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable moment
    after, later = chance.randrange(1, 12), chance.uniform(0, 0.02)
    places = (new.info.folder, root / "state", root / "backups", act)
    with child("acting.py", new.key, *places) as process:
        assert process.stdout
        acknowledged = [int(process.stdout.readline()) for _ in range(after)]
        time.sleep(later)
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().split(b"\n") if line]
    assert process.returncode not in (0, 1)
    return acknowledged


@pytest.mark.torture("space.kills")
def test_a_kill_loses_nothing_and_is_no_alarm(
    tmp_path: Path, share: Share, request: pytest.FixtureRequest
) -> None:
    slowest = 0.0
    for seed in range(share(200)):
        root = tmp_path / str(seed)
        spaces = Spaces(root / "spaces", state=root / "state")
        new = spaces.create("Ada", PASSPHRASE, CHEAP)
        (root / "backups").mkdir()
        acknowledged = killed_while_acting(root, new, ACTS[seed % len(ACTS)], seed)

        begun = time.monotonic()
        space = Space(new.info.folder, new.key, root / "state")
        slowest = max(slowest, time.monotonic() - begun)
        (conversation,) = space.conversations()
        kept = list(space.branch(conversation.id)[0].siblings)
        assert kept[: len(acknowledged)] == acknowledged, seed
        assert len(kept) <= len(acknowledged) + 1  # one may be on the disk and not yet said
        texts = [space.message(id_).text for id_ in kept]
        assert texts == [f"{number} {TEXT}" for number in range(len(kept))]
        assert space.prove(lambda: False)
        assert space.findings() == [], seed
        space.close()
        for made in backups.kept(root / "backups", new.info.id):
            backups.drill(made.file, having(new.key), spaces.root)
        assert opened_by(spaces) in PASSPHRASES
        shutil.rmtree(root)
    request.node.user_properties.append(("slowest_opening_ms", round(slowest * 1000)))


def having(key: SpaceKey) -> backups.KeyOf:
    return lambda _header: key


def opened_by(spaces: Spaces) -> str | None:
    """The passphrase that opens the one space; the header is whole, whatever was going on."""
    info = spaces.find(None)
    header_copies.finish(info.folder)
    for passphrase in PASSPHRASES:
        try:
            spaces.unlock(info, passphrase)
        except WrongPassphrase:
            continue
        return passphrase
    return None


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SpaceKey]:
    """A space of the first format, with so much in it that a migration takes its time."""
    folder = tmp_path_factory.mktemp("old") / "spaces" / "ada"
    shutil.copytree(formats.FOLDER / "format-1", folder)
    spaces = Spaces(folder.parent)
    key = spaces.unlock(spaces.find(None), formats.PASSPHRASE)
    database = open_database(folder / DATABASE, key)
    with database.transaction():
        for number in range(OLD_MESSAGES):
            database.change(
                "INSERT INTO message (conversation, role, text, at, partial)"
                " SELECT min(id), 'member', ?, '2026-01-01T00:00:00.000000+00:00', 0"
                " FROM conversation",
                f"number{number} {TEXT}",
            )
    database.close()
    return folder, key


@pytest.mark.torture("space.kills")
def test_a_kill_in_a_migration_loses_nothing(
    tmp_path: Path, old: tuple[Path, SpaceKey], share: Share
) -> None:
    folder, key = old
    cut_off = 0
    for seed in range(share(40)):
        place = tmp_path / str(seed)
        shutil.copytree(folder, place)
        with child("migrating.py", key, place) as process:
            assert process.stdout
            assert process.stdout.readline() == b"begun\n"
            time.sleep(random.Random(seed).uniform(0, 0.8))  # noqa: S311 - a repeatable moment
            process.kill()
            cut_off += process.stdout.read() == b""
        space = Space(place, key)
        assert space.prove(lambda: False)
        assert space.findings() == []
        assert space.search("number0 word", 9)
        assert space.search(f"number{OLD_MESSAGES - 1} word", 9)
        assert space._owner.do(lambda database: database.row("PRAGMA user_version")) == (
            len(MIGRATIONS),
        )
        space.close()
        shutil.rmtree(place)
    assert cut_off, "none was in the middle of it"


def killed_while_writing(new: NewSpace, after: int) -> None:
    """Have a child write to a space and kill it after so many messages."""
    with child("writer.py", new.key, new.info.folder) as process:
        assert process.stdout
        for _message in range(after):
            process.stdout.readline()


def test_a_space_left_by_a_kill_goes_on_as_ever(new: NewSpace) -> None:
    killed_while_writing(new, 3)
    killed_while_writing(new, 3)
    space = Space(new.info.folder, new.key)
    assert len([found for found in space.conversations() if found.title == "a"]) == 2
    space.close()
    assert not list(new.info.folder.glob("*-wal"))
