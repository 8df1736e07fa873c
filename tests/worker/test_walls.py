# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between walls a process reads what it was given and nothing else; without them it does all this.

Each attempt is made twice: in a process without walls, where it must succeed, and in one with
them, where it must not.
"""

import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from safespace.errors import EngineError, ModelDamaged
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.shelf import fit
from safespace.local_ai.walls.raising import COMPLETE
from tests.tiny_model import tiny_model, write_tiny_model
from tests.worker.conftest import asking, done, pid_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")

ATTEMPT = """
import os, resource, socket, subprocess, sys, threading
from pathlib import Path
from safespace.local_ai import graphics
from safespace.local_ai.walls.raising import raise_walls
given, other, scratch, port, how = sys.argv[1:6]
kinds = graphics.KINDS if how == "cards" else ()
raised = raise_walls([Path(given)], kinds) if how != "free" else ()

def connect(family, address):
    with socket.socket(family) as made:
        made.connect(address)

def fork():
    if not (child := os.fork()):
        os._exit(0)
    os.waitpid(child, 0)

def in_a_thread():
    errors = []
    def look():
        try:
            Path(other).read_text()
        except OSError as problem:
            errors.append(problem)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]

attempts = {
    "read another file": lambda: Path(other).read_text(),
    "read it in a thread": in_a_thread,
    "list its folder": lambda: os.listdir(Path(other).parent),
    "write": lambda: Path(scratch, "made").write_text("x"),
    "write where it may read": lambda: Path(given, "made").write_text("x"),
    "make a folder": lambda: os.mkdir(Path(scratch, "folder")),
    "remove": lambda: os.remove(Path(scratch, "victim")),
    "rename": lambda: os.rename(Path(scratch, "moved"), Path(scratch, "away")),
    "TCP": lambda: connect(socket.AF_INET, ("127.0.0.1", int(port))),
    "UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
    "UDP over IPv6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close(),
    "Unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
    "socket pair": lambda: [one.close() for one in socket.socketpair()],
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "fork": fork,
    "run a program": lambda: subprocess.run(["/bin/true"], check=True),
    "signal its parent": lambda: os.kill(os.getppid(), 0),
    "take more memory": lambda: resource.prlimit(0, resource.RLIMIT_DATA, (2**40, 2**41)),
    "read its parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
}
for name, attempt in attempts.items():
    try:
        attempt()
        print(name, "done", sep=": ")
    except OSError:
        print(name, "refused", sep=": ")
resource.getrlimit(resource.RLIMIT_DATA)  # may be looked at
print("given", Path(given, "model").read_text(), sep=": ")
import colorsys  # a module that nothing has imported yet
print("walls", *sorted(raised))
sys.stdout.flush()
if how == "free":
    os.execv("/bin/true", ["true"])
"""


def attempts(tmp_path: Path, how: str) -> dict[str, str]:
    given, other, scratch = (tmp_path / name for name in ("given", "other", "scratch"))
    for folder in (given, other, scratch):
        folder.mkdir(exist_ok=True)
    (given / "model").write_text("a model")
    (other / "space.db").write_text("a space")
    for name in ("victim", "moved"):
        (scratch / name).write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run(
            [
                *(sys.executable, "-I", "-c", ATTEMPT),
                *(str(given), str(other / "space.db"), str(scratch), port, how),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    return dict(line.split(": ") for line in done.stdout.splitlines() if ": " in line)


@linux
@pytest.mark.parametrize("how", ["walled", "cards"])
def test_between_walls_nothing_works_that_works_without(tmp_path: Path, how: str) -> None:
    """Nor with the doors that a graphics card needs."""
    free = attempts(tmp_path, "free")
    assert free.pop("given") == "a model"
    assert set(free.values()) == {"done"}, free
    for name in ("made", "folder", "away"):
        place = tmp_path / "scratch" / name
        place.rmdir() if place.is_dir() else place.unlink()
    walled = attempts(tmp_path, how)
    assert walled.pop("given") == "a model"
    assert walled.keys() == free.keys()
    assert set(walled.values()) == {"refused"}, walled
    assert sorted(path.name for path in (tmp_path / "scratch").iterdir()) == ["moved", "victim"]


DOORS = """
import os, sys
from pathlib import Path
from safespace.local_ai import graphics
from safespace.local_ai.walls.raising import raise_walls
folder = Path(sys.argv[1])
graphics._DEVICES["made up"], graphics._LISTED["made up"] = ["dev/zero"], [str(folder)[1:]]
raise_walls([], ["made up"])
print("names", *os.listdir(folder))
Path("/dev/zero").write_bytes(b"x")
print("spoken to the device")
for name, attempt in {
    "a listed file": lambda: (folder / "file").read_text(),
    "another device": lambda: Path("/dev/full").open("rb"),
    "a device in a listed folder": lambda: (folder / "file").write_text("x"),
}.items():
    try:
        attempt()
        print(name, "done")
    except PermissionError:
        print(name, "refused")
"""


@linux
def test_a_door_leads_to_its_device_and_a_listed_folder_to_its_names(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words")
    command = [sys.executable, "-I", "-c", DOORS, str(tmp_path)]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert seen.stdout.splitlines() == [
        "names file",
        "spoken to the device",
        "a listed file refused",
        "another device refused",
        "a device in a listed folder refused",
    ]


@linux
def test_the_worker_stands_between_walls(starter: WorkerEngine) -> None:
    assert set(starter.about().walls) == COMPLETE["linux"]


@linux
def test_a_worker_takes_no_more_memory_than_its_model_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat template of a model file is a program: this one takes half a gigabyte."""
    greedy = "{% set a = messages[0].content[:1] * 2 ** 29 %}{{ messages[0].content }}"
    model = tmp_path / "greedy.gguf"
    model.write_bytes(tiny_model(greedy))
    engine = WorkerEngine(models=tmp_path, threads=1)
    try:
        engine.load(model)
        assert done(list(engine.generate(asking("hello", 4)))).tokens == 4
        soft, _hard = resource.prlimit(pid_of(engine), resource.RLIMIT_DATA)
        assert 2**30 < soft < 2**31
        engine.close()
        monkeypatch.setattr(fit, "MOST_WORKING", 2**28)
        engine.load(model)
        with pytest.raises(EngineError):
            list(engine.generate(asking("hello")))
        model.write_bytes(tiny_model())
        engine.close()
        engine.load(model)
        assert done(list(engine.generate(asking("hello", 4)))).tokens == 4
    finally:
        engine.close()


@linux
def test_a_limit_that_the_system_set_stays(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny.gguf")
    engine = WorkerEngine(models=tmp_path, threads=1)
    try:
        engine.start()
        resource.prlimit(pid_of(engine), resource.RLIMIT_DATA, (2**29, 2**29))
        engine.load(tmp_path / "tiny.gguf")
        assert resource.prlimit(pid_of(engine), resource.RLIMIT_DATA) == (2**29, 2**29)
        assert done(list(engine.generate(asking("hello", 4)))).tokens == 4
    finally:
        engine.close()


@linux
def test_the_worker_reads_no_model_from_elsewhere(starter_model: Path, tmp_path: Path) -> None:
    os.link(starter_model, tmp_path / "x.gguf")
    engine = WorkerEngine(models=starter_model.parent)
    try:
        with pytest.raises(ModelDamaged):
            engine.load(tmp_path / "x.gguf")
        engine.load(starter_model)
    finally:
        engine.close()
