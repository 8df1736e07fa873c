# SPDX-License-Identifier: AGPL-3.0-or-later
"""The locks: everything pinned, everything hashed, no addresses, one version of each package."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
ENTRY = re.compile(
    r"^([a-z0-9-]+)==(\S+)([^\\\n]*) \\\n((?: {4}--hash=sha256:[0-9a-f]{64}.*\n)+)", re.M
)
PEER = "peer"  # an environment of its own


def entries(lock: Path) -> list[tuple[str, str, str]]:
    found = ENTRY.findall(lock.read_text("utf-8"))
    return [(name, version, condition) for name, version, condition, _ in found]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_is_pins_and_hashes_alone(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert entries(lock)
    rest = ENTRY.sub("", text).strip()
    assert rest.count("\n") == 0
    assert rest.startswith("# Made by")
    assert "://" not in text


def test_one_version_of_each_package() -> None:
    pinned: dict[tuple[str, str], set[str]] = {}
    for lock in LOCKS:
        if lock.stem != PEER:
            for name, version, condition in entries(lock):
                pinned.setdefault((name, condition), set()).add(version)
    assert {name for name, versions in pinned.items() if len(versions) > 1} == set()


def test_window_is_the_version_that_keeps_its_references() -> None:
    pins = {name: version for name, version, _ in entries(ROOT / "requirements" / "window.txt")}
    assert pins == {"pyside6-essentials": "6.11.3", "shiboken6": "6.11.3"}


def test_core_carries_neither_window_nor_sources() -> None:
    names = {name for name, _, _ in entries(ROOT / "requirements" / "core.txt")}
    assert {"sqlcipher3", "cryptography", "numpy", "jinja2"} <= names
    assert names.isdisjoint({"pyside6-essentials", "shiboken6", "llama-cpp-python"})
