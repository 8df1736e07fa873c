# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Safe Space of its own for measuring: one space, and the starter model on the shelf."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MODEL: Final = ROOT / ".cache" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
SAFESPACE: Final = Path(sys.executable).with_name("safespace")
_PASSPHRASE: Final = b"measured beside the harbour\n"


class Home:
    """A folder that SAFESPACE_HOME points to; commands run in it with its passphrase."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def furnish(self) -> None:
        """Put the model on the shelf and make the one space."""
        self.run("models", "import", str(MODEL))
        self.run("space", "create", "Bench")

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Run a command to its end and give back what it printed."""
        with self.start([str(SAFESPACE), *arguments]) as process:
            printed, _errors = process.communicate(stdin)
        if process.returncode:
            raise RuntimeError(f"safespace {arguments[0]} ended with {process.returncode}")
        return printed

    def start(
        self, command: Sequence[str], more: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program that will find the passphrase at an open descriptor."""
        reading, writing = os.pipe()
        os.write(writing, _PASSPHRASE)
        os.close(writing)
        surroundings = {
            **os.environ,
            **(more or {}),
            "SAFESPACE_HOME": str(self.folder),
            "SAFESPACE_PASSPHRASE_FD": str(reading),
        }
        try:
            return subprocess.Popen(
                command,
                env=surroundings,
                pass_fds=[reading],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        finally:
            os.close(reading)
