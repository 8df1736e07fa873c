# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tries out a packed folder: `doctor`, the walls, a space, a document, a question to the model."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from installers.starter import FILE

_PASSPHRASE: Final = b"packed and tried out at once\n"
_QUESTION: Final = b"Why is the sky blue?"


class Failed(Exception):
    """A packed program did not do what it should."""


class Packed:
    """The packed programs, in a home of their own and an environment with nothing of ours."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._program = folder / "safespace"
        self._home = home

    def run(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run one command with the passphrase at a descriptor. Raises Failed."""
        reading, writing = os.pipe()
        os.write(writing, _PASSPHRASE)
        os.close(writing)
        env = {
            "HOME": str(self._home),
            "LANG": "C.UTF-8",
            "SAFESPACE_HOME": str(self._home),
            "SAFESPACE_PASSPHRASE_FD": str(reading),
        }
        try:
            done = subprocess.run(
                [self._program, *arguments],
                input=stdin,
                env=env,
                pass_fds=[reading],
                capture_output=True,
                timeout=120,
                check=False,
            )
        finally:
            os.close(reading)
        said = done.stdout.decode("utf-8")
        if done.returncode:
            detail = done.stderr.decode("utf-8")
            raise Failed(f"{' '.join(arguments)} ended with {done.returncode}:\n{said}{detail}")
        return said

    def file(self, name: str, text: str) -> str:
        """The path of a file with this text."""
        place = self._home / name
        place.write_text(text, "utf-8")
        return str(place)

    def json(self, *arguments: str, stdin: bytes = b"") -> Any:
        """What a command prints with --json."""
        return json.loads(self.run(*arguments, "--json", stdin=stdin))


def try_out(packed: Packed) -> None:
    """Shelf, doctor, walls, space, document, question. Raises Failed."""
    packed.run("models", "import", str(FILE))
    print(packed.run("doctor"), end="", flush=True)
    if sys.platform == "linux":  # elsewhere nobody has seen them hold
        packed.run("doctor", "--walls")
    packed.run("space", "create", "Smoke")
    packed.run("documents", "add", packed.file("page.html", "<p>The bittern booms.</p>"))
    if not packed.json("documents", "search", "bittern"):
        raise Failed("No text was read out of a document.")
    said = packed.json("ask", "-", stdin=_QUESTION)
    if said["route"] != "local" or not said["answer"].strip() or said["tokens"] < 1:
        raise Failed(f"The answer is not one of a local model: {said}")
    print(f"asked and answered: {said['tokens']} tokens, {said['tokens_per_s']:.0f} a second")


def main(folder: Path) -> int:
    """Try out the packed programs in `folder`; 1 when one fails."""
    with tempfile.TemporaryDirectory() as home:
        try:
            try_out(Packed(folder, Path(home)))
        except (Failed, subprocess.TimeoutExpired, OSError) as problem:
            print(f"The packed programs do not work. {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
