# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks for words and keys in the memory of running processes (Linux, needs the right to)."""

import base64
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-32-le")
_REST: Final = "the violet heron keeps seven brass keys"
_PIECE: Final = 64 << 20
_OVERLAP: Final = 4096


def planted(mark: str, count: int) -> list[str]:
    """`count` sentences that can be told apart, and from every other run's."""
    return [f"{mark} {number:05d} {_REST}" for number in range(count)]


def patterns(mark: str) -> list[re.Pattern[bytes]]:
    """What finds a planted sentence in the encodings in which it can be told from the others."""
    made = []
    for encoding in _ENCODINGS:
        wide = len("0".encode(encoding)) - 1
        digits = rb"((?:[0-9]" + rb"\0" * wide + rb"){5})"
        made.append(re.compile(re.escape(f"{mark} ".encode(encoding)) + digits))
    return made


def forms(secret: bytes) -> list[bytes]:
    """A secret as programs write it: raw, in hexadecimal digits, in base64 wherever it begins."""
    made = [secret, secret.hex().encode(), secret.hex().upper().encode()]
    for before in range(3):
        code = base64.b64encode(b"\0" * before + secret)
        made.append(code[4 if before else 0 : -4])
        made.append(made[-1].translate(bytes.maketrans(b"+/", b"-_")))
    return made


def found_in(contents: Iterable[bytes], mark: str, secrets: dict[str, bytes]) -> dict[str, int]:
    """How many of the planted sentences, and of each secret's forms how many places."""
    sentences: set[bytes] = set()
    places = dict.fromkeys(secrets, 0)
    sought = {name: forms(secret) for name, secret in secrets.items()}
    other = forms(mark.encode())[1:]
    coded = 0
    for content in contents:
        for pattern in patterns(mark):
            sentences |= {digits.replace(b"\0", b"") for digits in pattern.findall(content)}
        coded += sum(content.count(form) for form in other)
        for name, ways in sought.items():
            places[name] += sum(content.count(form) for form in ways)
    return {"sentences": len(sentences), "coded": coded, **places}


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
