# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine among busy neighbours: one process per processor that does nothing but count.

    python -m bench.engine_neighbours

Our choice of threads, each fixed count, and the bare loop on all processors, in turn, so that
whatever else the computer does befalls all. The bare loop waits as llama.cpp does by itself.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from operator import truediv
from pathlib import Path
from typing import Final

from bench.engine import bare, build
from bench.home import MODEL
from bench.measured import Measured
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Done, Generation
from safespace.local_ai.machine import processors
from safespace.local_ai.worker.pace import ladder

ROUNDS: Final = 5
TOKENS: Final = 96
ALONE_S: Final = 2.0
_BARE_TOKENS: Final = 8
"""The bare loop on all processors is so slow among neighbours that fewer must do."""
_ASKED: Final = (
    ChatTurn("system", "You are a helpful assistant."),
    ChatTurn("user", "Write a long story about a fox who learns to sail across the sea."),
)
_COUNTING: Final = """
import time
count, begun = 0, time.monotonic()
while True:
    for _ in range(20_000):
        count += 1
    now = time.monotonic()
    if now - begun >= 0.1:
        print(begun, now, count, flush=True)
        count, begun = 0, now
"""


class Neighbours:
    """Processes that count as fast as they can, one per processor."""

    def __init__(self) -> None:
        self._running = [
            subprocess.Popen(
                [sys.executable, "-I", "-c", _COUNTING],
                stdout=subprocess.PIPE,
            )
            for _processor in range(processors())
        ]
        for each in self._running:
            assert each.stdout is not None
            os.set_blocking(each.stdout.fileno(), False)

    def pace(self, since: float) -> float:
        """Counts per second, of all together, in the stretches that began after `since`."""
        whole = 0.0
        for each in self._running:
            assert each.stdout is not None
            lines = (each.stdout.read() or b"").decode().splitlines()
            stretches = [tuple(map(float, line.split())) for line in lines]
            counted = [(end - begun, count) for begun, end, count in stretches if begun >= since]
            seconds = sum(length for length, _count in counted)
            whole += sum(count for _length, count in counted) / seconds if seconds else 0.0
        return whole

    def alone(self) -> float:
        """Their pace with nobody beside them."""
        begun = time.monotonic()
        time.sleep(ALONE_S)
        return self.pace(begun)

    def end(self) -> None:
        """Let them go."""
        for each in self._running:
            each.kill()
            each.communicate()


@contextmanager
def _neighbours() -> Iterator[Neighbours]:
    running = Neighbours()
    try:
        yield running
    finally:
        running.end()


def _speed(engine: WorkerEngine, tokens: int = TOKENS) -> float:
    for event in engine.generate(Generation(_ASKED, tokens, temperature=0.7, seed=7)):
        if isinstance(event, Done):
            return event.tokens_per_s
    raise AssertionError("an engine ends with Done")


def figures() -> Mapping[str, Measured]:
    """All three."""
    counts = ladder(processors())
    engines = {count: WorkerEngine(threads=count, models=MODEL.parent) for count in (0, *counts)}
    ours: list[float] = []
    fixed: dict[int, list[float]] = {count: [] for count in counts}
    bare_paces: list[float] = []
    kept: list[float] = []
    alone: list[float] = []
    try:
        for engine in engines.values():
            engine.load(MODEL)
        with tempfile.TemporaryDirectory() as folder, _neighbours() as neighbours:
            program = build(Path(folder))
            neighbours.alone()  # by then they run
            _speed(engines[0])  # it finds out what its neighbours leave it
            for _round in range(ROUNDS):
                alone.append(neighbours.alone())
                begun = time.monotonic()
                ours.append(_speed(engines[0]))
                kept.append(neighbours.pace(begun) / alone[-1])
                for count in counts:
                    fixed[count].append(_speed(engines[count]))
                bare_paces.append(bare(program, processors(), _BARE_TOKENS).tokens_per_s)
    finally:
        for engine in engines.values():
            engine.close()
    choice = statistics.median(ours)
    medians = {count: statistics.median(fixed[count]) for count in counts}
    best = max(counts, key=medians.__getitem__)
    of_bare = statistics.median(bare_paces)
    many = f"{processors()} processors and as many busy processes, medians of {ROUNDS} rounds"
    return {
        "engine.busy_ratio": Measured(
            round(choice / of_bare, 2), f"{choice:.1f} over {of_bare:.2f} tokens/s; {many}"
        ),
        "engine.busy_best_ratio": Measured(
            round(statistics.median(map(truediv, ours, fixed[best])), 2),
            f"{choice:.1f} tokens/s, fixed counts of threads "
            + ", ".join(f"{count}: {pace:.1f}" for count, pace in medians.items()),
        ),
        "engine.neighbours_percent": Measured(
            round(100 * statistics.median(kept), 1),
            f"of {statistics.median(alone):.0f} counts/s, measured alone in each round; {many}, "
            f"{100 * min(kept):.0f} to {100 * max(kept):.0f} %",
        ),
    }


if __name__ == "__main__":
    print(json.dumps({name: asdict(each) for name, each in figures().items()}, indent=1))
