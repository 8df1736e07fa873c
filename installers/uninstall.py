# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make uninstall`: the program goes; models only when asked for; spaces never."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from installers.ground import ROOT
from safespace import paths

PROGRAM: Final = (".venv", ".venv-core", ".cache", "build", "dist")
"""What `make` put into the source folder; nothing of the program lies anywhere else."""


def uninstall(root: Path, shelf: Path, agreed: Callable[[str], bool]) -> bool:
    """Remove what `agreed` says yes to, and say what stays. False where nothing was removed."""
    here = [folder for name in PROGRAM if (folder := root / name).exists()]
    named = ", ".join(folder.name for folder in here)
    if not here or not agreed(f"Remove the program, which is {named} in {root}?"):
        return False
    if kept := sorted(shelf.rglob("*.gguf")):  # adapters lie there too
        size = sum(file.stat().st_size for file in kept) / 1e9
        models = "\n".join(f"  {file.name}" for file in kept)
        question = f"{models}\nRemove these from {shelf} too? It frees {size:.1f} GB."
        if agreed(question):
            shutil.rmtree(shelf)
        else:
            print(f"The models stay in {shelf}.")
    for folder in here:
        shutil.rmtree(folder)
    return True


def _agreed(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # nobody to ask
        return False


def main() -> int:
    """Ask, remove, and say where the spaces are; 1 when nothing was removed."""
    spaces = paths.spaces()
    print("Close Safe Space first.")
    try:
        removed = uninstall(ROOT, paths.shelf(), _agreed)
    except KeyboardInterrupt:
        removed = False
    except OSError as problem:
        print(f"Not everything could be removed: {problem.strerror}: {problem.filename}")
        return 1
    print("The program is removed." if removed else "\nNothing was removed.")
    if spaces.is_dir():
        print(f"Your spaces stay as they are, sealed, in {spaces}.")
    return 0 if removed else 1


if __name__ == "__main__":
    sys.exit(main())
