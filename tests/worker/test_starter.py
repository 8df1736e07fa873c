# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real worker with the real starter model."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from safespace.errors import MessageTooLong, ModelDamaged, WorkerDied
from safespace.guard.reading import windows
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import Begun, ChatTurn, Event, Generation
from safespace.local_ai.machine import processors
from safespace.local_ai.worker.pace import ladder
from tests.worker.conftest import asking, done, pid_of, said


def prompt_tokens(engine: WorkerEngine, *turns: ChatTurn) -> Begun:
    for event in engine.generate(Generation(turns, 1)):
        if isinstance(event, Begun):
            return event
    raise AssertionError


def user(text: str) -> ChatTurn:
    return ChatTurn("user", text)


def test_it_says_hello(starter: WorkerEngine) -> None:
    events = list(starter.generate(asking("What is the capital of France?")))
    assert "Paris" in said(events)
    assert done(events).ended == "complete"
    assert done(events).tokens > 1
    assert done(events).ttft_ms > 0
    assert done(events).tokens_per_s > 0


def test_greedy_answers_repeat_and_varied_ones_follow_their_seed(starter: WorkerEngine) -> None:
    def answer(temperature: float, seed: int) -> str:
        turns = (user("Tell me about the sea."),)
        return said(list(starter.generate(Generation(turns, 12, temperature, seed))))

    assert answer(0, 1) == answer(0, 2)
    assert answer(1.5, 7) == answer(1.5, 7)
    assert len({answer(1.5, seed) for seed in range(4)}) > 1


def test_it_names_itself(starter: WorkerEngine) -> None:
    assert starter.about().backend.startswith("llama.cpp ")


def test_characters_come_whole_however_many_tokens_they_take(starter: WorkerEngine) -> None:
    request = Generation((user("And now say <|im_end|> 😀 hello"),), 41)
    events = list(starter.generate(request))
    assert "🌟" in said(events)  # the model's answer to this; each star is several tokens
    assert "\ufffd" not in said(events)
    assert done(events).tokens == 41


def test_control_tokens_in_a_message_are_letters(starter: WorkerEngine) -> None:
    nothing = prompt_tokens(starter, user("")).prompt_tokens
    written = prompt_tokens(starter, user("<|im_end|>" * 50)).prompt_tokens - nothing
    assert written >= 5 * 50


@pytest.mark.parametrize("text", ["\ud83d\udc00", "\x00", "\u202eabc", "🦊" * 50, "é" * 50])
def test_strange_text_is_taken(starter: WorkerEngine, text: str) -> None:
    events = list(starter.generate(asking(text, max_tokens=2)))
    assert done(events).tokens <= 2


def test_a_message_longer_than_the_context_says_what_fits(starter: WorkerEngine) -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 1500
    with pytest.raises(MessageTooLong) as refusal:
        list(starter.generate(asking(text)))
    problem = refusal.value
    assert problem.tokens > 8192 > problem.limit
    assert text.startswith(problem.fitting)
    assert len(problem.fitting) > 0.9 * len(text) * problem.limit / problem.tokens
    assert str(problem.limit) in problem.sentence


def test_a_long_conversation_leaves_its_beginning_out(starter: WorkerEngine) -> None:
    exchange = (user("fox " * 900), ChatTurn("assistant", "dog " * 900))
    turns = (ChatTurn("system", "Be kind."), *exchange * 5, user("Hello?"))
    words = starter.generate(Generation(turns, 8))
    begun = next(words)
    starter.stop()
    assert isinstance(begun, Begun)
    assert begun.turns_left_out == 4
    assert 5000 < begun.prompt_tokens < 8192
    assert done(list(words)).ended == "stopped"  # in the middle of reading so much


def test_killed_at_any_moment_the_next_turn_works(
    starter: WorkerEngine,
) -> None:
    for seed in range(3):
        moment = random.Random(seed).randrange(1, 12)  # noqa: S311  # a moment, no secret
        came: list[Event] = []

        def read_and_kill(moment: int = moment, came: list[Event] = came) -> None:
            for event in starter.generate(asking("Write a long story about a fox.", 400)):
                came.append(event)
                if len(came) == moment:
                    os.kill(pid_of(starter), signal.SIGKILL)

        with pytest.raises(WorkerDied):
            read_and_kill()
        assert len(came) >= moment
        again = list(starter.generate(asking("What is the capital of France?")))
        assert "Paris" in said(again)


def spoilt(model: Path, change: Callable[[bytearray], bytearray]) -> Path:
    copy = model.with_name("spoilt.gguf")
    copy.write_bytes(change(bytearray(model.read_bytes())))
    return copy


@pytest.mark.parametrize("kept", [0.999, 0.5, 0.001])
def test_a_truncated_model_is_refused(
    starter: WorkerEngine, starter_model: Path, kept: float
) -> None:
    broken = spoilt(starter_model, lambda raw: raw[: int(len(raw) * kept)])
    with pytest.raises(ModelDamaged):
        starter.load(broken)
    starter.load(starter_model)
    assert said(list(starter.generate(asking("Hello")))) != ""


def test_a_model_without_template_is_refused(starter: WorkerEngine, starter_model: Path) -> None:
    key = b"tokenizer.chat_template"
    renamed = spoilt(starter_model, lambda raw: raw.replace(key, key[:-1] + b"_"))
    with pytest.raises(ModelDamaged, match="conversation"):
        starter.load(renamed)
    starter.load(starter_model)


def test_a_template_that_fails_is_refused(starter: WorkerEngine, starter_model: Path) -> None:
    loop = b"{% for message in messages %}"
    broken = spoilt(starter_model, lambda raw: raw.replace(loop, b"{" * len(loop)))
    with pytest.raises(ModelDamaged, match="conversation"):
        starter.load(broken)
    starter.load(starter_model)


def test_the_same_model_is_loaded_once(starter: WorkerEngine, starter_model: Path) -> None:
    first = pid_of(starter)
    starter.load(starter_model)
    assert pid_of(starter) == first


def test_the_worker_carries_no_window_no_store_and_no_ballast(tmp_path: Path) -> None:
    script = (
        "import sys, safespace.local_ai.worker.worker as worker\n"
        "worker.LlamaBackend()\n"
        "print(*sorted(sys.modules), sep='\\n')"
    )
    listed = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "llama_cpp.llama_cpp" in listed  # it did load what it is there for
    assert "jinja2" in listed
    for unwanted in ("PySide6", "sqlcipher3", "numpy", "diskcache", "llama_cpp.llama", "psutil"):
        assert unwanted not in listed


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_nobody_may_look_into_the_worker() -> None:
    _frames, said = served(
        "from safespace.isolation import closed_to_others\n"
        "before = closed_to_others()\n"
        "def make():\n"
        "    os.write(2, f'{before} {closed_to_others()}'.encode())\n"
        "    os._exit(0)"
    )
    assert said.split() == [b"False", b"True"]


def served(make: str) -> tuple[bytes, bytes]:
    """What `serve.run(make)` writes on fd 1 and on stderr; standard input stays open."""
    script = f"import os\nfrom safespace.local_ai.worker import serve\n{make}\nserve.run(make)"
    command = [sys.executable, "-I", "-c", script]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout
        assert process.stderr
        return process.stdout.read(), process.stderr.read()


def test_native_prints_do_not_reach_the_frames() -> None:
    frames, noise = served(
        "def make(): os.write(1, b'native noise'); print('more noise', flush=True); os._exit(0)"
    )
    assert frames == b""
    assert noise == b"native noisemore noise\n"


def test_a_bug_in_the_worker_leaves_no_text_behind() -> None:
    frames, noise = served("def make(): raise ValueError('a private sentence')")
    assert frames == b""
    assert noise.startswith(b"ValueError at ")
    assert b"private" not in noise


def test_a_grammar_holds_it_to_a_form(starter: WorkerEngine) -> None:
    turns = (ChatTurn("system", windows.TASK), user("How do cats purr?"))
    request = Generation(turns, windows.MAX_TOKENS, grammar=windows.GRAMMAR)
    answer = json.loads(said(list(starter.generate(request))))
    assert answer.keys() == {"sens", "topics", "subject", "quotes", "conf"}
    free = said(list(starter.generate(Generation(turns, 40))))
    assert not free.startswith('{"sens":')


def test_what_an_answer_teaches_of_the_model_is_kept(starter_model: Path, tmp_path: Path) -> None:
    calibration = Calibration(tmp_path / "calibration.json")
    engine = WorkerEngine(models=starter_model.parent, calibration=calibration)
    try:
        engine.load(starter_model)
        list(engine.generate(asking("Write a long story about a fox.", 8)))
        for _answer in range(12):  # beside other work its pace goes up and down before it settles
            list(engine.generate(asking("Write a long story about a fox.", 160)))
            if learnt := calibration.of(starter_model):
                break
    finally:
        engine.close()
    assert learnt is not None
    assert learnt.threads in ladder(processors())
    assert learnt.tokens_per_s > 0


def test_threads_that_a_member_chose_teach_nothing(starter_model: Path, tmp_path: Path) -> None:
    calibration = Calibration(tmp_path / "calibration.json")
    engine = WorkerEngine(threads=1, models=starter_model.parent, calibration=calibration)
    try:
        engine.load(starter_model)
        list(engine.generate(asking("Write a long story about a fox.", 80)))
    finally:
        engine.close()
    assert calibration.of(starter_model) is None
