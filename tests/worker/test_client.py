# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client and a child that goes wrong in every way we could think of."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from safespace.errors import (
    MessageTooLong,
    ModelDamaged,
    ModelTooBig,
    NoModel,
    StorageError,
    WorkerDied,
)
from safespace.local_ai.client import child, client, patience
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import Begun, ChatTurn, Event, Generation, Text
from safespace.local_ai.machine import Machine
from safespace.local_ai.protocol import MAX_CHARACTERS
from safespace.local_ai.worker.echo import CONTEXT
from tests.heads import write_model
from tests.tiny_model import tiny_model
from tests.worker.conftest import ECHO, asking, done, pid_of, said


def broken(engine: WorkerEngine, text: str) -> tuple[list[Event], WorkerDied]:
    """What came until the child died, and how that was explained."""
    came: list[Event] = []
    with pytest.raises(WorkerDied) as death:
        came.extend(engine.generate(asking(text)))
    for event in engine.generate(asking("works again")):
        assert event  # the next one does
    return came, death.value


def test_an_answer_comes_whole(echo: WorkerEngine) -> None:
    events = list(echo.generate(asking("Grüße, 🦊 und “Zeichen”!")))
    assert events[0] == Begun(4, 0)
    assert said(events) == "Grüße, 🦊 und “Zeichen”!"
    assert (done(events).tokens, done(events).ended) == (4, "complete")


def test_no_answer_is_longer_than_asked(echo: WorkerEngine) -> None:
    events = list(echo.generate(asking("one two three four", max_tokens=2)))
    assert said(events) == "one two"
    assert done(events).ended == "length"


def test_what_computes_says_its_name(echo: WorkerEngine) -> None:
    assert echo.about().backend == "echo"


def test_killed_mid_answer_the_words_so_far_are_kept(echo: WorkerEngine) -> None:
    words = echo.generate(asking("#slow " + "word " * 200))
    came = []
    for event in words:
        if isinstance(event, Text):
            came.append(event.text)
            break
    os.kill(pid_of(echo), signal.SIGKILL)
    with pytest.raises(WorkerDied) as death:
        came.extend(event.text for event in words if isinstance(event, Text))
    assert came[0].startswith("#slow")
    assert "memory" in death.value.sentence
    assert said(list(echo.generate(asking("works again")))) == "works again"


@pytest.mark.parametrize(
    ("misbehaviour", "explained"),
    [
        ("#die", "memory"),
        ("#leave", "code 3"),
        ("#garbage", "makes no sense"),
        ("#endless", "makes no sense"),
    ],
)
def test_every_death_is_explained_and_the_next_turn_works(
    echo: WorkerEngine, misbehaviour: str, explained: str
) -> None:
    first = pid_of(echo)
    came, death = broken(echo, f"{misbehaviour} and more")
    assert said(came) in ("", misbehaviour, f"{misbehaviour} and more")
    assert explained in death.sentence
    assert death.way_on
    assert pid_of(echo) != first


def test_a_reply_that_nobody_asked_for_is_dropped(echo: WorkerEngine) -> None:
    assert said(list(echo.generate(asking("#stray and more")))) == "#stray and more"


def test_a_flood_on_stderr_stops_nothing(echo: WorkerEngine) -> None:
    events = list(echo.generate(asking("#flood " + "word " * 20)))
    assert said(events) == "#flood " + " ".join(["word"] * 20)


def test_one_that_died_between_two_turns_is_replaced_unnoticed(echo: WorkerEngine) -> None:
    os.kill(pid_of(echo), signal.SIGKILL)
    os.waitid(os.P_PID, pid_of(echo), os.WEXITED | os.WNOWAIT)
    assert said(list(echo.generate(asking("still there")))) == "still there"


def test_stop_ends_an_answer_with_done(echo: WorkerEngine) -> None:
    first = pid_of(echo)
    events: list[Event] = []
    for event in echo.generate(asking("#slow " + "word " * 200, max_tokens=1000)):
        events.append(event)
        if isinstance(event, Text):
            echo.stop()
    assert done(events).ended == "stopped"
    assert 0 < done(events).tokens < 100
    assert pid_of(echo) == first


def test_one_that_does_not_listen_is_ended_by_force(
    echo: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GRACE_S", 0.2)
    monkeypatch.setattr(child, "_PATIENCE_S", 0.2)
    first = pid_of(echo)
    events: list[Event] = []
    for event in echo.generate(asking("#hang for ever")):
        events.append(event)
        if isinstance(event, Text):
            echo.stop()
    assert said(events) == "#hang"
    assert done(events).ended == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert said(list(echo.generate(asking("works again")))) == "works again"


def test_one_that_does_not_even_read_is_ended_by_force(
    echo: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GRACE_S", 0.2)
    os.kill(pid_of(echo), signal.SIGSTOP)
    threading.Timer(0.3, echo.stop).start()
    events = list(echo.generate(asking("x" * 10**6)))
    assert [done(events).ended] == ["stopped"]
    assert said(list(echo.generate(asking("works again")))) == "works again"


def test_leaving_early_stops_the_answer(
    echo: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pid_of(echo)
    stopped: list[bool] = []
    really_stop = echo.stop

    def stop() -> None:
        stopped.append(True)
        really_stop()

    monkeypatch.setattr(echo, "stop", stop)
    for event in echo.generate(asking("#slow " + "word " * 500, max_tokens=1000)):
        if isinstance(event, Text):
            break
    assert stopped
    assert said(list(echo.generate(asking("next")))) == "next"
    assert pid_of(echo) == first


def test_closing_from_another_thread_ends_the_answer_and_the_child(echo: WorkerEngine) -> None:
    first = pid_of(echo)
    events: list[Event] = []
    for event in echo.generate(asking("#slow " + "word " * 500, max_tokens=1000)):
        events.append(event)
        if len(events) == 2:
            closing = threading.Thread(target=echo.close)
            closing.start()
    closing.join()
    assert done(events).ended == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    echo.close()
    with pytest.raises(NoModel):
        list(echo.generate(asking("anyone there?")))


def test_stop_without_an_answer_does_nothing(echo: WorkerEngine) -> None:
    echo.stop()
    assert said(list(echo.generate(asking("hello")))) == "hello"
    echo.stop()
    assert said(list(echo.generate(asking("hello")))) == "hello"


def test_starting_ahead_loads_nothing(tmp_path: Path) -> None:
    engine = WorkerEngine(ECHO)
    try:
        engine.start()
        first = pid_of(engine)
        engine.start()
        with pytest.raises(NoModel):
            list(engine.generate(asking("hello")))
        engine.load(write_model(tmp_path / "echo.gguf"))
        assert pid_of(engine) == first
    finally:
        engine.close()


def test_a_program_that_is_missing_is_explained(tmp_path: Path) -> None:
    engine = WorkerEngine(("/no/such/program",))
    with pytest.raises(WorkerDied) as death:
        engine.load(write_model(tmp_path / "echo.gguf"))
    assert "doctor" in death.value.way_on


def test_a_program_that_ends_at_once_is_explained(tmp_path: Path) -> None:
    engine = WorkerEngine((sys.executable, "-I", "-c", "raise SystemExit(5)"))
    with pytest.raises(WorkerDied, match="code 5"):
        engine.load(write_model(tmp_path / "echo.gguf"))
    with pytest.raises(NoModel):
        list(engine.generate(asking("hello")))


def test_a_model_the_memory_cannot_hold_starts_nothing(tmp_path: Path) -> None:
    engine = WorkerEngine(ECHO, machine=lambda: Machine(10**8, 50_000_000, 1))
    with pytest.raises(ModelTooBig, match="needs 105 MB"):
        engine.load(write_model(tmp_path / "big.gguf"))
    assert engine._child is None


def test_what_is_no_model_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<html>")
    engine = WorkerEngine(ECHO)
    with pytest.raises(ModelDamaged):
        engine.load(tmp_path / "page.gguf")
    assert engine._child is None


def test_a_message_too_long_says_what_fits(echo: WorkerEngine) -> None:
    text = "word " * (CONTEXT + 100)
    with pytest.raises(MessageTooLong) as refusal:
        list(echo.generate(asking(text)))
    assert (refusal.value.tokens, refusal.value.limit) == (CONTEXT + 100, CONTEXT)
    assert refusal.value.fitting == text[: 5 * CONTEXT - 1]
    assert said(list(echo.generate(asking("short")))) == "short"


def test_a_giant_message_is_estimated_not_sent_whole(echo: WorkerEngine) -> None:
    text = "word " * MAX_CHARACTERS
    with pytest.raises(MessageTooLong) as refusal:
        list(echo.generate(asking(text)))
    assert refusal.value.tokens == pytest.approx(MAX_CHARACTERS, rel=0.01)
    assert refusal.value.fitting == text[: 5 * CONTEXT - 1]


def test_a_giant_history_is_left_out(echo: WorkerEngine) -> None:
    half = "x" * (MAX_CHARACTERS // 2)
    history = (ChatTurn("user", half), ChatTurn("assistant", half), ChatTurn("user", "then"))
    events = list(echo.generate(Generation((*history, ChatTurn("user", "hello")), 10)))
    assert events[0] == Begun(1, 1)
    assert said(events) == "hello"


def test_the_child_sees_next_to_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFESPACE_PASSPHRASE_FD", "9")
    monkeypatch.setenv("LD_PRELOAD", "")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    told = tmp_path / "told"
    script = f"import os; open({str(told)!r}, 'w').write(repr(sorted(os.environ)))"
    engine = WorkerEngine((sys.executable, "-I", "-c", script))
    with pytest.raises(WorkerDied):
        engine.load(write_model(tmp_path / "echo.gguf"))
    seen = told.read_text()
    assert "TMPDIR" in seen  # what is passed on is seen, so the look was a real one
    assert "OMP_WAIT_POLICY" in seen  # its threads sleep where they wait
    for name in ("SAFESPACE", "LD_PRELOAD", "HOME", "PATH", "USER"):
        assert name not in seen


def test_a_child_goes_when_its_parent_does(tmp_path: Path) -> None:
    model = write_model(tmp_path / "echo.gguf")
    script = (
        "import os, pathlib\n"
        "from safespace.local_ai.client.client import WorkerEngine\n"
        f"engine = WorkerEngine({ECHO!r})\n"
        f"engine.load(pathlib.Path({str(model)!r}))\n"
        "print(engine._child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    parent = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, check=False, timeout=60
    )
    orphan = int(parent.stdout)
    for _attempt in range(200):
        try:
            os.kill(orphan, 0)
        except ProcessLookupError:
            return
        threading.Event().wait(0.05)
    pytest.fail("the child outlived its parent")


def test_one_that_hangs_is_given_up(echo: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    words = echo.generate(asking("#hang for ever"))
    came = [next(words), next(words)]
    with monkeypatch.context() as impatient:
        impatient.setattr(child, "_LOOK_S", 0.01)
        impatient.setattr(patience, "LOOKS", 20)
        with pytest.raises(WorkerDied) as death:
            came.extend(words)
    assert said(came) == "#hang"
    assert death.value.sentence == "The model stopped answering."
    assert said(list(echo.generate(asking("works again")))) == "works again"


def test_a_model_that_turns_in_circles_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat template of a model file is a program: this one would take years."""
    circles = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    (tmp_path / "circles.gguf").write_bytes(tiny_model(circles))
    (tmp_path / "tiny.gguf").write_bytes(tiny_model())
    engine = WorkerEngine(models=tmp_path, threads=1)
    try:
        engine.load(tmp_path / "circles.gguf")
        with monkeypatch.context() as impatient:
            impatient.setattr(child, "_LOOK_S", 0.05)
            impatient.setattr(patience, "LOOKS", 10**6)
            impatient.setattr(patience, "BEGINNING", 0.2)
            with pytest.raises(WorkerDied, match="stopped answering"):
                list(engine.generate(asking("hello")))
        engine.load(tmp_path / "tiny.gguf")
        assert done(list(engine.generate(asking("hello", 4)))).tokens == 4
    finally:
        engine.close()


def test_a_model_file_that_shrinks_under_the_worker_is_explained(
    starter_model: Path, tmp_path: Path
) -> None:
    """As when the disk that it lies on is taken away."""
    copy = tmp_path / "starter.gguf"
    shutil.copyfile(starter_model, copy)
    engine = WorkerEngine(models=tmp_path, threads=1)
    try:
        engine.load(copy)
        os.truncate(copy, 2**20)
        with pytest.raises(WorkerDied, match="disk"):
            list(engine.generate(asking("hello")))
        with pytest.raises(ModelDamaged, match="not whole"):
            list(engine.generate(asking("hello")))
        copy.unlink()
        with pytest.raises(StorageError):
            list(engine.generate(asking("hello")))
    finally:
        engine.close()


def test_a_model_of_an_unknown_architecture_says_so(tmp_path: Path) -> None:
    said_llama, said_other = (struct.pack("<Q5s", 5, name) for name in (b"llama", b"hal90"))
    whole = tiny_model()
    assert whole.count(said_llama) == 1
    (tmp_path / "other.gguf").write_bytes(whole.replace(said_llama, said_other))
    engine = WorkerEngine(models=tmp_path, threads=1)
    try:
        with pytest.raises(ModelDamaged, match="does not know") as refusal:
            engine.load(tmp_path / "other.gguf")
        assert "Choose another model" in refusal.value.way_on
    finally:
        engine.close()


def test_a_computer_that_slept_in_the_middle_costs_no_answer(
    echo: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen from here, a computer that sleeps is a worker that stands still for a while."""
    looks: list[float] = []
    over = patience.Patience.over

    def look(waiting: patience.Patience, computed: float) -> bool:
        looks.append(computed)
        if len(looks) == patience.LOOKS // 2:
            monkeypatch.setattr(child, "_LOOK_S", 1.0)
            os.kill(pid_of(echo), signal.SIGCONT)
        return over(waiting, computed)

    monkeypatch.setattr(patience.Patience, "over", look)
    text = "#slow " + "word " * 40
    words = echo.generate(asking(text))
    came = [next(words), next(words)]
    os.kill(pid_of(echo), signal.SIGSTOP)
    monkeypatch.setattr(child, "_LOOK_S", 0.001)
    came.extend(words)
    assert len(looks) >= patience.LOOKS // 2
    assert said(came) == text.strip()
    assert done(came).ended == "complete"


@pytest.mark.parametrize("fault", [signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE])
def test_a_fault_while_loading_is_the_files(tmp_path: Path, fault: int) -> None:
    script = f"import os; os.read(0, 1); os.kill(os.getpid(), {int(fault)})"
    engine = WorkerEngine((sys.executable, "-I", "-c", script))
    with pytest.raises(ModelDamaged, match="cannot be loaded"):
        engine.load(write_model(tmp_path / "echo.gguf"))


def test_what_was_made_of_a_conversation_comes_back_whole(echo: WorkerEngine) -> None:
    list(echo.generate(asking("hello")))
    tokens, state = echo.keep()
    assert (tokens, state) == (CONTEXT, b"an echo remembers")
    assert echo.recall(state) == CONTEXT
    assert echo.recall(state[:-1]) == 0
    assert said(list(echo.generate(asking("and on")))) == "and on"


def test_one_that_is_gone_kept_nothing(echo: WorkerEngine) -> None:
    list(echo.generate(asking("hello")))
    before = echo.life
    assert before > 0
    os.kill(pid_of(echo), signal.SIGKILL)
    os.waitid(os.P_PID, pid_of(echo), os.WEXITED | os.WNOWAIT)
    assert echo.life == -1
    with pytest.raises(WorkerDied):
        echo.keep()
    assert echo.keep() == (0, b"")
    list(echo.generate(asking("hello")))
    assert echo.life > before
