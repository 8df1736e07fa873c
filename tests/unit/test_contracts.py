# SPDX-License-Identifier: AGPL-3.0-or-later
"""The import contracts hold, and each fails when it is broken on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREACHES = {
    "guard/breach.py": "import safespace.store.space",
    "store/breach.py": "import safespace.session.session",
    "cli/breach.py": "import PySide6.QtCore",
    "session/breach.py": "import sqlcipher3",
    "ui/breach.py": "import llama_cpp",
    "local_ai/breach.py": "import urllib.request",
    "session/other_breach.py": "import keyring",
    "guard/other_breach.py": "import httpx",
    "store/other_breach.py": "import jeepney",
    "ui/other_breach.py": "import lxml",
    "session/fourth_breach.py": "import PIL.Image",
    "session/third_breach.py": "import tuf.ngclient",
    "guard/detect/breach.py": "import safespace.guard.reading.reader",
}

CONTRACTS = {
    "One direction only": ("safespace.guard.breach", "safespace.store.breach"),
    "The guard's rooms in one direction": ("safespace.guard.detect.breach",),
    "Qt in the window alone": ("safespace.cli.breach -> PySide6",),
    "One importer of sqlcipher3": ("safespace.session.breach -> sqlcipher3",),
    "One importer of llama_cpp": ("safespace.ui.breach -> llama_cpp",),
    "One importer of keyring": ("safespace.session.other_breach -> keyring",),
    "One importer of httpx": ("safespace.guard.other_breach -> httpx",),
    "One importer of jeepney": ("safespace.store.other_breach -> jeepney",),
    "Foreign files are read by the walled child alone": (
        "safespace.ui.other_breach -> lxml",
        "safespace.session.fourth_breach -> PIL",
    ),
    "One importer of tuf": ("safespace.session.third_breach -> tuf",),
    "Nobody else opens a connection": ("safespace.local_ai.breach -> urllib",),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "safespace", tmp_path / "safespace")
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_each_contract_fails_when_it_is_broken(copy: Path) -> None:
    for name, line in BREACHES.items():
        (copy / "safespace" / name).write_text(line + "\n", "utf-8")
    done = lint(copy)
    assert done.returncode != 0
    for contract, breaches in CONTRACTS.items():
        assert f"{contract} BROKEN" in done.stdout
        for breach in breaches:
            assert breach in done.stdout


def test_a_package_nobody_placed_fails(copy: Path) -> None:
    (copy / "safespace" / "utils.py").write_text("", "utf-8")
    done = lint(copy)
    assert done.returncode != 0
    assert "utils" in done.stdout + done.stderr


def test_no_contract_is_left_out() -> None:
    contracts = (
        (ROOT / "pyproject.toml").read_text("utf-8").count("[[tool.importlinter.contracts]]")
    )
    assert contracts == len(CONTRACTS)
