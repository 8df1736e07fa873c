# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between walls a process reads what it was given and nothing else; without them it does all
that `trial` attempts: each thing is attempted twice, and without walls it must succeed.
"""

import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from safespace.errors import EngineError, ModelDamaged, WorkerDied
from safespace.local_ai.client.child import worker_command
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.documents import reading
from safespace.local_ai.shelf import fit
from safespace.local_ai.walls import outside, trial
from safespace.local_ai.walls.names import COMPLETE
from safespace.session.checks import tried_walls
from tests.tiny_model import tiny_model, write_tiny_model
from tests.worker.conftest import asking, done, pid_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")


WITH_DOORS = (
    "import sys; from safespace.local_ai import graphics; "
    "from safespace.local_ai.walls import trial; trial.attempt(sys.argv[2:], graphics.KINDS)"
)
"""As the worker tries that has the doors of every kind of graphics card."""


@linux
@pytest.mark.parametrize(
    "command",
    [worker_command(), reading.command(), (sys.executable, "-I", "-c", WITH_DOORS)],
    ids=["worker", "reader", "worker with cards"],
)
def test_between_walls_nothing_works_that_works_without(command: tuple[str, ...]) -> None:
    found = trial.try_out(command)
    assert set(found.walls) == COMPLETE["linux"]
    assert {one.what for one in found.tried} == tried_walls.WORDS.keys()
    assert [one.what for one in found.tried if not one.without] == []  # the control
    assert found.let_through == ()
    assert found.reads
    assert found.held


@linux
def test_what_gets_through_is_named() -> None:
    """Walls that are none, around a child that can do everything."""
    unwalled = (
        "import sys; from safespace.local_ai.walls import trial; "
        "trial.raise_walls = lambda readable, cards: (); trial.attempt(sys.argv[2:])"
    )
    found = trial.try_out((sys.executable, "-I", "-c", unwalled))
    assert found.walls == ()
    assert set(found.let_through) == tried_walls.WORDS.keys()
    assert not found.held
    said = tried_walls.Report("worker", found).said
    assert "in spite of" in said
    assert "start another program" in said


@linux
@pytest.mark.parametrize("script", ["", "print('[]')", "import os; os.abort()"])
def test_a_child_that_tries_nothing_has_no_walls_that_hold(script: str) -> None:
    found = trial.try_out((sys.executable, "-I", "-c", script))
    assert not found.held
    assert "could not try" in tried_walls.Report("reader", found).said


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
def test_where_the_system_caps_nothing_one_that_takes_too_much_is_ended(
    echo: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    really_look = psutil.Process.memory_info

    def memory(process: psutil.Process) -> Any:
        looked.set()
        return really_look(process)

    monkeypatch.setattr(psutil.Process, "memory_info", memory)
    monkeypatch.setattr(outside, "LOOK_S", 0.01)
    assert echo._child is not None
    monkeypatch.setattr(sys, "platform", "darwin")
    echo._child.allow_memory(2**40)
    assert looked.wait(60)
    assert echo._child.alive  # the control
    answer = echo.generate(asking("#hang"))
    next(answer)
    next(answer)  # it hangs from here on
    echo._child.allow_memory(1)
    with pytest.raises(WorkerDied, match="ran out of memory"):
        list(answer)


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
