# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was acknowledged survives a kill at any moment."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

from .conftest import CHEAP, PASSPHRASE, Share


def killed_while_writing(new: NewSpace, after: int) -> list[int]:
    """Have a child write to a space, kill it after so many messages; those acknowledged."""
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("writer.py"), new.info.folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{new.key.key.hex()}{new.key.salt.hex()}\n".encode())
        child.stdin.flush()
        acknowledged = [int(child.stdout.readline()) for _ in range(after)]
        child.kill()
        acknowledged += [int(line) for line in child.stdout.read().split(b"\n") if line]
    assert child.returncode not in (0, 1)
    return acknowledged


@pytest.mark.torture("space.kills")
def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, share: Share) -> None:
    for seed in range(share(200)):
        after = random.Random(seed).randrange(1, 80)  # noqa: S311 - a repeatable moment
        new = Spaces(tmp_path / str(seed)).create("Ada", PASSPHRASE, CHEAP)
        acknowledged = killed_while_writing(new, after)
        assert len(acknowledged) >= after

        space = Space(new.info.folder, new.key)
        kept = next(
            list(branch[0].siblings)
            for found in space.conversations()[::-1]
            if (branch := space.branch(found.id))
        )
        texts = [space.message(id_).text for id_ in kept]
        draft = int(space.draft(None))
        space.close()
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) <= len(acknowledged) + 1  # one may be on the disk and not yet said
        assert texts == [f"{number} " + "word " * 400 for number in range(len(kept))]
        assert draft in {acknowledged[-1], kept[-1]}


def test_a_space_left_by_a_kill_goes_on_as_ever(new: NewSpace) -> None:
    killed_while_writing(new, 3)
    killed_while_writing(new, 3)
    space = Space(new.info.folder, new.key)
    assert len([found for found in space.conversations() if found.title == "a"]) == 2
    space.close()
    assert not list(new.info.folder.glob("*-wal"))
