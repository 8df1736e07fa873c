# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks for words and keys in the memory of running processes (Linux, needs the right to)."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

may_look = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="reading the memory of our processes takes more rights than our own account has",
)

_PIECE: Final = 64 << 20
_OVERLAP: Final = 4096


def of_this_program(home: Path) -> Iterator[int]:
    """The processes that run this program or in its home: rather one too many than one too few."""
    ours = {os.getpid(), os.getppid()}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) in ours:
            continue
        try:
            command = (folder / "cmdline").read_bytes()
            surroundings = (folder / "environ").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if b"safespace" in command or b"unlocked" in command or bytes(home) in surroundings:
            yield int(folder.name)


def memory_of(process: int) -> Iterator[bytes]:
    """All that can be read of a process's memory, region by region."""
    with suppress(OSError):  # it ended meanwhile
        regions = Path(f"/proc/{process}/maps").read_text("ascii").splitlines()
        with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
            for region in regions:
                span, rights, *_rest = region.split()
                start, end = (int(place, 16) for place in span.split("-"))
                if "r" in rights and "[v" not in region:  # the kernel's own pages
                    yield from _pieces(memory.fileno(), start, end)


def _pieces(memory: int, start: int, end: int) -> Iterator[bytes]:
    """Pieces overlap, so that nothing is cut in two."""
    with suppress(OSError):  # a region that is mapped and cannot be read
        for place in range(start, end, _PIECE):
            yield os.pread(memory, min(end - place, _PIECE + _OVERLAP), place)
