# SPDX-License-Identifier: AGPL-3.0-or-later
"""At levels 0 to 2, with every purpose off, nothing leaves: counted where it would arrive.

Once in a network of its own that leads nowhere but to us, and once with the system calls of
every process written down. Both find controls in the same run. Linux alone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Share
from tests.e2e.conftest import Home
from tests.e2e.quiet_day import day
from tests.e2e.sink import CONTROLS, inside

_OUTWARD = re.compile(r"\bsocket\(AF_(?!UNIX|NETLINK)\w+|sa_family=AF_INET")
_STRACE = ("strace", "-f", "-qq", "-e", "trace=network", "-A", "-o")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")


def refusal(command: list[str]) -> str:
    """Why this computer does not run `command`; empty if it does."""
    if shutil.which(command[0]) is None:
        return f"{command[0]} is not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


@pytest.fixture
def quiet_home(tmp_path: Path, starter_model: Path) -> Home:
    folder = tmp_path / "home"
    (folder / "models").mkdir(parents=True)
    os.link(starter_model, folder / "models" / starter_model.name)
    return Home(folder)


@pytest.mark.torture("guard.silence")
@pytest.mark.timeout(5400)
def test_no_packet_leaves(quiet_home: Home, share: Share) -> None:
    if why := refusal([*inside(())[:-3], "sh", "-c", "ip link show lo && : <>/dev/net/tun"]):
        pytest.skip(f"no network namespace here: {why}")
    if (minutes := share(30)) < 30:
        minutes = 0  # one day of it
    done = subprocess.run(
        inside((str(quiet_home.folder), str(minutes))), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["before"] == []  # of the controls, none was missed
    assert seen["day"] == []
    assert seen["after"] == []
    assert len(CONTROLS) == 6
    assert seen["acts"] >= 30


def outward(log: Path) -> list[str]:
    """The calls in a trace that concern any other network than the sockets of this computer."""
    return [line for line in log.read_text("utf-8").splitlines() if _OUTWARD.search(line)]


@pytest.mark.torture("guard.silence")
@pytest.mark.timeout(1200)
def test_no_process_asks_for_the_network(quiet_home: Home) -> None:
    if why := refusal(["strace", "-f", "-qq", "-e", "trace=network", "true"]):
        pytest.skip(f"no trace of system calls here: {why}")
    log, control = quiet_home.around / "calls", quiet_home.around / "control"
    traced = Home(quiet_home.folder, (*_STRACE, str(log)))
    assert day(traced, first=True) >= 30
    for code, _port in CONTROLS.values():
        control.unlink(missing_ok=True)
        planted = [*_STRACE, str(control), sys.executable, "-c", code]
        subprocess.run(planted, capture_output=True, check=False, timeout=60)
        assert outward(control), code
    assert "socket(AF_UNIX" in log.read_text("utf-8")  # its own processes were followed
    assert outward(log) == []
