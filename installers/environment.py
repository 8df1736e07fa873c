# SPDX-License-Identifier: AGPL-3.0-or-later
"""A virtual environment that knows what was put into it, and puts it there only once."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from installers import engine
from installers.ground import LOCKS, ROOT, call, digest

_ADVICE: Final = "Check the network connection and the disk."
_BIN: Final = "Scripts" if sys.platform == "win32" else "bin"


class Environment:
    """One folder with its own Python. Each stage is stamped by what it was made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / _BIN / "python"
        self._stamps_file = folder / "stamps.json"

    def make(self) -> None:
        """Make the environment, or make it anew if it is of another Python or was moved."""
        if self.folder.exists() and not self._usable():
            shutil.rmtree(self.folder)
        if not self.folder.exists():
            print(f"Making {self.folder.relative_to(ROOT)} ...", flush=True)
            make = [sys.executable, "-m", "venv", str(self.folder)]
            call(make, "Making a virtual environment", advice="Check the disk.")

    def lock(self, name: str) -> None:
        """Install requirements/`name`.txt: these versions, these hashes, nothing built here."""
        file = LOCKS / f"{name}.txt"
        text = file.read_text("utf-8")

        def install() -> None:
            count = text.count("==") - text.count("_version ==")
            print(f"Installing {name}: {count} packages ...", flush=True)
            how = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
            self._pip("install", "--quiet", *how, "--requirement", str(file))

        self.once(name, digest(text), install)

    def engine(self) -> None:
        """Install the inference engine's wheel, built for this computer if none is kept."""

        def install() -> None:
            wheel = engine.wheel(self.python)
            print("Installing the engine ...", flush=True)
            self._pip("install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", wheel)
            engine.prove(self.python)

        self.once("engine", engine.key(), install)

    def safespace(self) -> None:
        """Install this working tree itself, editable, with its `safespace` command."""
        how = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--editable"]
        key = digest((ROOT / "pyproject.toml").read_bytes(), str(ROOT))
        self.once("safespace", key, lambda: self._pip("install", *how, str(ROOT)))

    def once(self, stage: str, key: str, work: Callable[[], None]) -> None:
        """Do `work` unless this stage was done with this key."""
        stamps = self._stamps()
        if stamps.get(stage) == key:
            return
        work()
        fresh = self._stamps_file.with_suffix(".new")
        fresh.write_text(json.dumps({**stamps, stage: key}, indent=1), "utf-8")
        fresh.replace(self._stamps_file)

    def _pip(self, *words: str | Path) -> None:
        command = [self.python, "-I", "-m", "pip", *words]
        call(command, f"pip {words[0]}", advice=_ADVICE)

    def _stamps(self) -> dict[str, str]:
        try:
            stamps: dict[str, str] = json.loads(self._stamps_file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamps

    def _usable(self) -> bool:
        ask = "import sys; print(sys.prefix, *sys.version_info[:2])"
        try:
            said = subprocess.check_output([self.python, "-I", "-c", ask], text=True)
            scripts = (self.folder / _BIN / "pip").read_bytes().splitlines()[0]
        except (OSError, subprocess.CalledProcessError):
            return False
        here = " ".join(map(str, (self.folder, *sys.version_info[:2])))
        return said.strip() == here and str(self.folder).encode() in scripts
