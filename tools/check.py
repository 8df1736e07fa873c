# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make check`: style, types, import contracts, generated files. All run, whatever fails."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_BIN: Final = Path(sys.executable).parent

CHECKS: Final[dict[str, list[str]]] = {
    "style": [str(_BIN / "ruff"), "check", "--quiet"],
    "layout": [str(_BIN / "ruff"), "format", "--check", "--quiet"],
    "types": [str(_BIN / "mypy"), "--no-error-summary"],
    "import contracts": [str(_BIN / "lint-imports"), "--no-logo"],
    "generated files": [sys.executable, "-m", "tools.generate", "--check"],
}


def run() -> list[str]:
    """Run every check, printing what those that fail say. Returns the names of these."""
    failed = []
    for name, command in CHECKS.items():
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{name:<18}{'failed' if done.returncode else 'passed'}", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr)
            failed.append(name)
    return failed


if __name__ == "__main__":
    sys.exit(1 if run() else 0)
