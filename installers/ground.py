# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every stage stands on: places, one way to stop, one way to call a program."""

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CACHE: Final = ROOT / ".cache"
LOCKS: Final = ROOT / "requirements"

_GO_ON: Final = "Then type the same command again: it goes on where it stopped."


class Stop(Exception):
    """Setting up cannot go on: something is missing here. One sentence, and what to do."""


def digest(*parts: str | bytes) -> str:
    """A short name for exactly these parts, in this order."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()[:16]


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def surroundings(**more: str) -> dict[str, str]:
    """This process's environment without what bends another Python, and with `more`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", **more}


def call(
    command: Sequence[str | Path], doing: str, *, advice: str, env: Mapping[str, str] | None = None
) -> str:
    """Run a program quietly and give back what it printed. Raises Stop with its last lines."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=surroundings() if env is None else env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(explain(doing, done.stdout, advice))
    return done.stdout


def explain(doing: str, output: str, advice: str) -> str:
    """The words for a program that failed: what it was doing, its last lines, what to do."""
    last = "\n".join(f"    {line}" for line in output.strip().splitlines()[-12:])
    return f"{doing} did not work. It said last:\n{last}\n{advice} {_GO_ON}"
