# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `doctor` says of the computer, on made-up roots of /proc, /sys and /run."""

import os
import socket
import sys
from pathlib import Path

import pytest

from safespace.session.checks import exposure
from safespace.session.checks.checkup import Finding

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's own files")


class Root:
    """A computer's /proc, /sys and /run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("proc/swaps", "Filename Type Size Used Priority\n")

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def swap(self, *names: str) -> None:
        lines = [f"{name} partition 1 0 -2" for name in names]
        self.write("proc/swaps", "\n".join(["Filename Type Size Used Priority", *lines, ""]))

    def block(self, name: str, *below: str, uuid: str = "") -> None:
        if uuid:
            self.write(f"sys/class/block/{name}/dm/uuid", uuid)
        for part in below:
            slaves = self.folder / "sys/class/block" / name / "slaves"
            slaves.mkdir(parents=True, exist_ok=True)
            (slaves / part).symlink_to(self.folder / "sys/class/block" / part)

    def hibernates(self, resume: str = "8:2") -> None:
        self.write("sys/power/state", "freeze mem disk\n")
        self.write("sys/power/disk", "[platform] shutdown\n")
        self.write("sys/power/resume", f"{resume}\n")

    def found(self) -> dict[str, Finding]:
        return {finding.id: finding for finding in exposure.findings(self.folder)}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path / "home"))
    return Root(tmp_path / "root")


def test_no_swap_is_well(root: Root) -> None:
    assert root.found()["swap"].well


def test_bare_swap_is_said(root: Root) -> None:
    root.swap("/dev/madeup2")
    found = root.found()["swap"]
    assert not found.well
    assert not found.essential
    assert "/dev/madeup2" in found.seen


def test_memory_and_encrypted_swap_are_well(root: Root) -> None:
    root.block("madeup-0", uuid="CRYPT-LUKS2-abc-swap")
    root.block("madeup-1", "madeup-0", uuid="LVM-xyz")  # on LUKS
    root.swap("/dev/zram0", "/dev/madeup-0", "/dev/madeup-1")
    assert root.found()["swap"].well


def test_half_encrypted_swap_is_not_well(root: Root) -> None:
    root.block("madeup-0", uuid="CRYPT-LUKS2-abc-swap")
    root.block("madeup3")
    root.block("madeup-1", "madeup-0", "madeup3", uuid="LVM-xyz")
    root.swap("/dev/zram0", "/dev/madeup-1")
    assert "/dev/madeup-1" in root.found()["swap"].seen


def test_hibernation(root: Root) -> None:
    assert root.found()["hibernation"].well
    root.hibernates("0:0")
    assert root.found()["hibernation"].well  # it could not come back
    root.hibernates()
    assert root.found()["hibernation"].well  # there is no swap to write to
    root.swap("/dev/madeup2")
    assert not root.found()["hibernation"].well
    root.block("madeup2", uuid="CRYPT-PLAIN-swap")
    assert root.found()["hibernation"].well
    root.write("sys/power/disk", "[disabled]\n")
    root.swap("/dev/madeup4")
    assert root.found()["hibernation"].well


def test_who_says_that_the_screen_locks(root: Root, tmp_path: Path) -> None:
    assert not root.found()["screen lock"].well
    (root.folder / "run" / "systemd" / "sessions").mkdir(parents=True)
    bus = root.folder / "run" / "dbus" / "system_bus_socket"
    bus.parent.mkdir()
    assert not root.found()["screen lock"].well
    before = Path.cwd()
    os.chdir(bus.parent)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(bus.name)
            listening.listen()
            if len(str(bus)) < 100:
                assert root.found()["screen lock"].well
    finally:
        os.chdir(before)


def test_files_of_a_space_that_others_may_read_are_a_fault(root: Root, tmp_path: Path) -> None:
    spaces = tmp_path / "home" / "spaces"
    spaces.mkdir(parents=True, mode=0o700)
    (spaces / "space.db").touch(0o600)
    assert root.found()["modes"].well
    (spaces / "space.db").chmod(0o644)
    found = root.found()["modes"]
    assert (found.well, found.essential) == (False, True)
    assert "space.db" in found.seen


def test_a_program_that_others_may_change_is_a_fault(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "safespace"
    package.mkdir(parents=True)
    tmp_path.chmod(0o755)
    for folder in (package, package.parent):
        folder.chmod(0o755)
    (package / "door.py").touch(0o644)
    assert exposure._program(package).essential is False or exposure._program(package).well
    (package / "door.py").chmod(0o666)
    found = exposure._program(package)
    assert (found.well, found.essential) == (False, True)
    assert "door.py" in found.seen
