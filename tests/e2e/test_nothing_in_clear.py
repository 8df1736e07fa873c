# SPDX-License-Identifier: AGPL-3.0-or-later
"""A thousand sentences on every way that a member has: none lies anywhere in clear afterwards.

Looked for in everything the program may write (its data, its home, its temporary and runtime
folder, what it says on standard error) and where the system keeps logs, print jobs, histories,
recent files and thumbnails. A planted control is found in the same run.
"""

import base64
import contextlib
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from safespace.store.keys.wraps import Cost
from safespace.store.spaces import Spaces
from tests.conftest import Share
from tests.e2e.conftest import PASSPHRASE, Home
from tests.e2e.planted import found_in, sentence

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
ROOT = Path(__file__).resolve().parents[2]
SYSTEM = ("/var/log", "/var/spool", "/run/log", "/var/lib/systemd/coredump")
SHARED = ("/tmp", "/var/tmp")
"""Only what lies in them itself: the program's own temporary folder is another."""
OF_ACCOUNT = (
    ".*history",
    ".config/**/*.conf",
    ".local/share/recently-used.xbel*",
    ".local/state/**/*",
    ".local/share/*.xbel",
    ".cache/thumbnails/**/*",
    ".xsession-errors",
)
LARGEST = 256 << 20


def contents(folder: Path, since: float = 0.0, below: str = "**/*") -> Iterator[bytes]:
    """Every file in `folder` that was written `since` then, models aside."""
    with contextlib.suppress(OSError):
        for file in folder.glob(below):
            with contextlib.suppress(OSError):
                facts = file.stat()
                old = facts.st_mtime < since or facts.st_size > LARGEST
                if file.is_file() and file.suffix != ".gguf" and not old:
                    yield file.read_bytes()


def of_the_system(begun: float) -> Iterator[bytes]:
    """What the system may have kept since `begun`, and what this account's programs note."""
    for place in map(Path, SYSTEM):
        yield from contents(place, begun)
    for place in map(Path, SHARED):
        yield from contents(place, begun, below="*")
    for pattern in OF_ACCOUNT:
        for file in Path.home().glob(pattern):
            if file.is_file():
                yield file.read_bytes()


def plant(home: Home, mark: str, numbers: range, end: signal.Signals | None) -> None:
    """Plant these in a window, which ends in good order, or by `end`."""
    folder = home.around / "chosen"
    arguments = (PASSPHRASE, mark, str(numbers.start), str(numbers.stop), str(folder))
    with (
        (home.around / "stderr").open("ab") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.planting", *arguments],
            cwd=ROOT,
            env={**home.environment, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as window,
    ):
        assert window.stdout
        assert window.stdin
        assert window.stdout.readline() == b"ready\n"
        if end:
            window.send_signal(end)
        window.stdin.close()
        assert window.wait(60) == (-end if end else 0)


def talk(home: Home, mark: str, numbers: range) -> None:
    """Say these in the terminal, and look for one of them there."""
    lines = "".join(f"{sentence(mark, number)}\n" for number in numbers)
    assert home.run("chat", text=lines).code == 0
    assert mark in home.run("search", "-", text=sentence(mark, numbers.start)).out


@pytest.mark.torture("space.nothing_in_clear")
def test_nothing_lies_in_clear(home: Home, share: Share) -> None:
    count, mark, begun = share(1000), secrets.token_hex(8), time.time()
    Spaces(home.folder / "spaces").create("Ada", PASSPHRASE, CHEAP)
    assert home.run("level", "0").code == 0
    third = count // 3
    plant(home, mark, range(third), None)
    plant(home, mark, range(third, 2 * third), signal.SIGKILL)
    talk(home, mark, range(2 * third, count - 1))
    assert home.run("level", "1", "--confirm").code == 0
    asked = home.run("ask", "-", "--json", text=f"Tell me of this: {sentence(mark, count - 1)}")
    assert asked.json()["route"] == "local"

    assert found_in(contents(home.around), mark) == {"sentences": 0, "coded": 0}
    assert found_in(of_the_system(begun), mark) == {"sentences": 0, "coded": 0}
    names = (str(file.relative_to(home.around)).encode() for file in home.around.rglob("*"))
    named = found_in((name for name in names if not name.startswith(b"chosen/")), mark)
    assert named["sentences"] == 0
    kept = (home.folder / "state" / "bugs.log").read_text("utf-8")
    assert kept.count("KeyError") + kept.count("ValueError") >= count // 9  # bugs were kept
    export = home.run("space", "export", str(home.around / "taken"), "--json").json()["folder"]
    planted = found_in([(Path(export) / "space.json").read_bytes()], mark)["sentences"]
    assert planted > count // 3  # and the space holds what was kept


@pytest.mark.torture("space.nothing_in_clear")
def test_the_same_search_finds_what_is_planted(tmp_path: Path) -> None:
    mark = secrets.token_hex(8)
    for number, encoding in enumerate(("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")):
        (tmp_path / encoding).write_bytes(b"xx" + sentence(mark, number).encode(encoding))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "base64").write_bytes(base64.b64encode(sentence(mark, 4).encode()))
    (tmp_path / "deep" / "hex").write_text(sentence(mark, 5).encode().hex())
    assert found_in(contents(tmp_path), mark) == {"sentences": 4, "coded": 2}
    log = Path("/var/log") / f"{mark}.log"
    with contextlib.suppress(OSError):  # where we may write a log, it is found as well
        log.write_text(sentence(mark, 6))
        try:
            assert found_in(of_the_system(0), mark)["sentences"] >= 1
        finally:
            log.unlink()
