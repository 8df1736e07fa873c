# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our engine beside a bare C loop: same model, prompt, threads and tokens, greedy.

    python -m bench.engine [--pairs 7] [--tokens 128]

Ours is asked as a member asks, through a session with its guard and its record. Interleaved
pairs, so that whatever else the computer does befalls both; medians of the pairs are the
figures. Both have computed something before, and hold nothing of the prompt.
"""

import argparse
import json
import os
import statistics
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from unittest import mock

from bench.home import MODEL
from bench.measured import Measured
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Generation
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.computer import Computer
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import events
from safespace.store.keys.wraps import Cost
from safespace.store.spaces import Spaces

PAIRS: Final = 7
TOKENS: Final = 128
_SYSTEM: Final = "You are a helpful assistant."
_ASKED: Final = "Write a long story about a fox who learns to sail across the sea."
_PROMPT: Final = (
    f"<|im_start|>system\n{_SYSTEM}<|im_end|>\n"
    f"<|im_start|>user\n{_ASKED}<|im_end|>\n<|im_start|>assistant\n"
)
"""What the starter model's chat template makes of the two turns; same answers prove it."""
_CHEAP: Final = Cost(memory_kib=64, passes=1, lanes=1)


@dataclass(frozen=True, slots=True)
class Run:
    """An answer: its text, tokens per second after the first, seconds until that."""

    text: str
    tokens_per_s: float
    first: float


def build(folder: Path) -> Path:
    """Compile the loop against the library and headers of the installed wheel."""
    site = Path(sysconfig.get_path("platlib"))
    library = site / "llama_cpp" / "lib"
    program = folder / "loop"
    source = Path(__file__).with_name("loop.c")
    command = ["cc", "-O2", "-o", str(program), str(source), f"-I{site / 'include'}"]
    command += [f"-L{library}", f"-Wl,-rpath,{library}"]
    command += ["-lllama", "-lggml", "-lggml-base", "-lggml-cpu"]
    subprocess.run(command, check=True)
    return program


def bare(program: Path, threads: int, tokens: int) -> Run:
    """The C loop's answer."""
    command = [str(program), str(MODEL), str(threads), str(tokens)]
    done = subprocess.run(command, input=_PROMPT.encode(), capture_output=True, check=True)
    _tokens, speed, first = done.stderr.split()
    return Run(done.stdout.decode(), float(speed), float(first))


def ours(session: Session, engine: WorkerEngine) -> Run:
    """Our answer to the same, in a conversation of its own."""
    other = (ChatTurn("system", "Speak of the weather."), ChatTurn("user", "Is it cold?"))
    for _event in engine.generate(Generation(other, 2)):
        pass  # from here on it holds nothing of what is asked next
    first, last = 0.0, None
    asked = time.perf_counter()

    def hear(event: events.Event) -> None:
        nonlocal first, last
        if isinstance(event, events.Words) and not first:
            first = time.perf_counter() - asked
        last = event

    session.ask(None, _ASKED, hear, overridden=True).wait()
    assert isinstance(last, events.Answered)
    assert last.speed is not None
    return Run(last.message.text, last.speed.tokens_per_s, first)


@contextmanager
def opened(engine: WorkerEngine, tokens: int) -> Iterator[Session]:
    """A session in a space of its own whose engine has loaded the model."""
    with (
        tempfile.TemporaryDirectory() as home,
        mock.patch.dict(os.environ, {"SAFESPACE_HOME": home, "XDG_RUNTIME_DIR": home}),
    ):
        here = Computer.here()
        shelf = Shelf(MODEL.parent, here.catalogue)
        computer = replace(here, shelf=shelf, engine=lambda: engine)
        entrance = Entrance(computer, Spaces(Path(home, "spaces")), _CHEAP)
        session, _code = entrance.create("Bench", "measured beside the harbour")
        try:
            session.set("assistant.temperature", 0.0)
            session.set("assistant.answer_tokens", tokens)
            session.ask(None, "Hello!", lambda _event: None, overridden=True).wait()
            yield session
        finally:
            session.close()


def figures(threads: int = 1, tokens: int = TOKENS, pairs: int = PAIRS) -> Mapping[str, Measured]:
    """Both figures."""
    engine = WorkerEngine(threads=threads, models=MODEL.parent)
    with tempfile.TemporaryDirectory() as folder, opened(engine, tokens) as session:
        program = build(Path(folder))
        seen = [(ours(session, engine), bare(program, threads, tokens)) for _pair in range(pairs)]
    alike = all(mine.text == loop.text for mine, loop in seen)
    sides = list(zip(*seen, strict=True))
    mine, loop = (statistics.median(run.tokens_per_s for run in side) for side in sides)
    first, bare_first = (statistics.median(run.first for run in side) for side in sides)
    return {
        "engine.throughput_ratio": Measured(
            round(statistics.median(one.tokens_per_s / two.tokens_per_s for one, two in seen), 3),
            f"{mine:.1f} over {loop:.1f} tokens/s, {threads} threads, answers "
            f"{'alike' if alike else 'NOT alike'}",
        ),
        "engine.first_token_added_ms": Measured(
            round(1000 * statistics.median(one.first - two.first for one, two in seen), 1),
            f"{1000 * first:.0f} over {1000 * bare_first:.0f} ms",
        ),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    chosen = parser.parse_args()
    seen = figures(chosen.threads, chosen.tokens, chosen.pairs)
    print(json.dumps({name: asdict(each) for name, each in seen.items()}, indent=1))


if __name__ == "__main__":
    main()
