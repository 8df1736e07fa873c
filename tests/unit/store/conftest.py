# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real space in a fresh folder, made at a cost that a test can pay."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from safespace.store.keys.wraps import Cost
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

CHEAP: Final = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE: Final = "correct horse battery staple"

Share = Callable[[int], int]
SmallDisk = Callable[[int], Path]


class Clock:
    """Unix time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spaces(tmp_path: Path, clock: Clock) -> Spaces:
    return Spaces(tmp_path / "spaces", clock)


@pytest.fixture
def new(spaces: Spaces) -> NewSpace:
    """A space called Ada that nobody has opened yet."""
    return spaces.create("Ada", PASSPHRASE, CHEAP)


@pytest.fixture
def space(new: NewSpace) -> Iterator[Space]:
    """Ada's space, open."""
    opened = Space(new.info.folder, new.key)
    yield opened
    opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Mounts a file system of so many KiB; skips where only root may do that and we are not."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small file system takes root")
    mounted: list[Path] = []

    def mount(kib: int) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        if made.returncode:
            pytest.skip("this system lets nobody mount a small file system")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", folder], check=True)


def remount_read_only(disk: Path) -> None:
    """From now on nothing can be written on a small disk, not even by root."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
