# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make dist`: pack the application into dist/safespace/, then try out what was packed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from installers import smoke
from installers.ground import ROOT, Stop, call, surroundings

SPEC: Final = Path(__file__).with_name("safespace.spec")
FOLDER: Final = ROOT / "dist" / "safespace"


def pack() -> None:
    """Make the folder anew. Raises Stop with PyInstaller's last lines."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(FOLDER.parent), "--workpath", str(ROOT / "build" / "dist")]
    repeatable = surroundings(SOURCE_DATE_EPOCH=_date_of_commit(), PYTHONHASHSEED="1")
    call([*command, str(SPEC)], "Packing", advice="Remove build/dist.", env=repeatable)


def main() -> int:
    """Pack and try out; 1 when either did not work."""
    print("Packing ...", flush=True)
    try:
        pack()
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    files = [file for file in FOLDER.rglob("*") if file.is_file() and not file.is_symlink()]
    size = sum(file.stat().st_size for file in files)
    print(f"{FOLDER.relative_to(ROOT)}: {len(files)} files, {size / 1e6:.0f} MB", flush=True)
    return smoke.main(FOLDER)


def _date_of_commit() -> str:
    command = ["git", "log", "-1", "--format=%ct"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return said.strip() or os.environ.get("SOURCE_DATE_EPOCH", "0")


if __name__ == "__main__":
    sys.exit(main())
