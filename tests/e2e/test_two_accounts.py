# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two accounts of one computer: they stand in one line, and read one shelf that neither changes.

Only who may act as any account (root) can try that.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ADA, BEN = 54321, 54322
PRELUDE = """
import os, sys
from pathlib import Path
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Generation, Text
from safespace.session.turn.line import Line
from safespace.session.turn.tickets import Tickets
folder, own, account = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
os.setgroups([])
os.setgid(account)
os.setuid(account)
"""
"""Everything is imported before: where Python lies, another account may not look."""
IN_LINE = (
    PRELUDE
    + """
line = Line(Tickets(folder / "line", shared=True), Tickets(own / "line"))
with line.turn(lambda: print("waiting", flush=True), lambda: False):
    print("at it", flush=True)
    sys.stdin.read()
"""
)
ASKING = (
    PRELUDE
    + """
(model,) = folder.glob("*.gguf")
engine = WorkerEngine(models=folder, threads=1)
engine.load(model)
said = engine.generate(Generation((ChatTurn("user", "What is the capital of France?"),), 16))
print("".join(event.text for event in said if isinstance(event, Text)))
print(sorted(engine.about().walls))
engine.close()
for spoil in (model.unlink, lambda: model.write_text("x"), (folder / "made").touch):
    try:
        spoil()
        print("done")
    except OSError:
        print("refused")
"""
)


def _run(script: str, account: int, folder: Path) -> "subprocess.Popen[str]":
    own = folder / str(account)
    if not own.is_dir():
        own.mkdir()
        os.chown(own, account, account)
    return subprocess.Popen(
        [sys.executable, "-I", "-c", script, str(folder), str(own), str(account)],
        env={"HOME": str(own)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that every account may enter; pytest's own are for one alone."""
    if sys.platform == "win32" or os.getuid() != 0:
        pytest.skip("needs to act as two accounts")
    place = Path(tempfile.mkdtemp())
    place.chmod(0o1777)
    try:
        with _run(PRELUDE + "os.listdir(folder)", ADA, place) as process:
            process.communicate()
        if process.returncode:
            pytest.skip("here root may not act as others, or they may not enter /tmp")
        yield place
    finally:
        shutil.rmtree(place)


def test_they_answer_one_after_another_and_wait_for_no_dead(folder: Path) -> None:
    with _run(IN_LINE, ADA, folder) as ada:
        assert _line(ada) == "at it"
        with _run(IN_LINE, BEN, folder) as ben:
            assert _line(ben) == "waiting"
            ada.kill()
            assert _line(ben) == "at it"
            assert {one.stat().st_uid for one in (folder / "line").glob("0*")} == {ADA, BEN}
            ben.communicate()


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777])
def test_who_spoils_the_folder_stops_nobody(folder: Path, mode: int) -> None:
    (folder / "line").mkdir()
    (folder / "line").chmod(mode)
    os.chown(folder / "line", ADA, ADA)
    with _run(IN_LINE, BEN, folder) as ben:
        assert _line(ben) == "at it"
        assert [one.name for one in (folder / str(BEN) / "line").glob("0*")]
        ben.communicate()


def test_they_read_one_shelf_and_change_nothing_of_it(folder: Path, starter_model: Path) -> None:
    try:
        subprocess.run([sys.executable, "-c", ""], user=ADA, group=ADA, check=True)
    except PermissionError:
        pytest.skip("another account may not run this Python")
    shutil.copyfile(starter_model, folder / "model.gguf")
    folder.chmod(0o755)
    for account in (ADA, BEN):
        with _run(ASKING, account, folder) as process:
            said, _errors = process.communicate()
        *answer, walls, unlinked, written, made = said.splitlines()
        assert "".join(answer)
        assert "landlock" in walls
        assert [unlinked, written, made] == ["refused"] * 3
    assert (folder / "model.gguf").stat().st_size == starter_model.stat().st_size
