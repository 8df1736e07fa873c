# SPDX-License-Identifier: AGPL-3.0-or-later
"""The core runs where no Qt is installed: every module outside ui/ can be imported without."""

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "safespace"

WITHOUT_QT = """
import importlib, sys
sys.modules["PySide6"] = sys.modules["shiboken6"] = None
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def run(*modules: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", WITHOUT_QT, *modules]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_core_imports_without_qt() -> None:
    files = (file.relative_to(PACKAGE.parent) for file in PACKAGE.rglob("*.py"))
    names = [".".join(file.with_suffix("").parts) for file in files if "ui" not in file.parts]
    assert len(names) > 40
    done = run(*(name.removesuffix(".__init__") for name in names))
    assert done.returncode == 0, done.stderr


def test_the_block_holds() -> None:
    assert "ModuleNotFoundError" in run("PySide6.QtCore").stderr
