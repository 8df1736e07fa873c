# SPDX-License-Identifier: AGPL-3.0-or-later
"""System packages: what the compiler and the window need from Debian or Ubuntu."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from installers.ground import Stop, call, surroundings

LIST: Final = Path(__file__).parent / "linux" / "apt.txt"


def needed(listing: str) -> list[tuple[str, ...]]:
    """The packages in a listing, each with its other names. `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in listing.splitlines())
    return [tuple(name.strip() for name in line.split("|")) for line in lines if line]


def prepare(*more: str) -> None:
    """Install what is missing of our list and of `more`.

    Does nothing when all is there, or when apt is not this system's. Raises Stop.
    """
    if not shutil.which("dpkg-query"):
        return
    packages = [*needed(LIST.read_text("utf-8")), *((name,) for name in more)]
    there = _installed(name for names in packages for name in names)
    missing = [names[0] for names in packages if there.isdisjoint(names)]
    if not missing:
        return
    if os.geteuid() == 0:
        _install([], missing)
    elif shutil.which("sudo") and sys.stdin.isatty() and _agreed(missing):
        _install(["sudo"], missing)
    else:
        line = f"sudo apt-get update && sudo apt-get install {' '.join(missing)}"
        raise Stop(f"System packages are missing. Please type this line, then come back:\n\n{line}")


def python_library() -> list[str]:
    """The package of Python's shared library, where Python is the system's: packing takes it."""
    if sys.base_prefix != "/usr":
        return []
    return [f"libpython{sys.version_info.major}.{sys.version_info.minor}"]


def _installed(names: Iterable[str]) -> set[str]:
    ask = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names]
    said = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    return {line.split()[0] for line in said.splitlines() if line.endswith(" installed")}


def _agreed(missing: list[str]) -> bool:
    print(f"Safe Space needs these system packages: {' '.join(missing)}")
    return input("Install them now with sudo? [Y/n] ").strip().lower() in ("", "y", "yes")


def _install(first: list[str], missing: list[str]) -> None:
    print(f"Installing {len(missing)} system packages ...", flush=True)
    quiet = surroundings(DEBIAN_FRONTEND="noninteractive")
    advice = "Check the network connection and the disk."
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        call([*first, "apt-get", *words], "Installing system packages", advice=advice, env=quiet)
