# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace ask` beside `llm -m SmolLM2`: the same model and engine, the same question.

Time and memory are taken in separate runs, since reading a process's memory holds it up.
"""

import functools
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import llama_cpp

from bench.home import MODEL, ROOT, SAFESPACE, Home
from bench.measured import Measured
from bench.tree import MIB, Sample, may_watch, watch

PAIRS: Final = 7
QUESTION: Final = "Why do cats purr?"
LLM: Final = ROOT / "build" / "peer-venv" / "bin" / "llm"
_DERIVATION: Final = 256 * MIB
"""What Argon2id fills while a key is derived, in the process that was started."""
_FEWEST: Final = 16
"""The lowest cap that the setting takes."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds from exec to exit, those of a key derivation, tokens, memory if watched."""

    seconds: float
    derivation: float
    tokens: int
    samples: Sequence[Sample]

    @property
    def peak(self) -> int:
        """The highest memory of all, in bytes."""
        return max(sample.whole for sample in self.samples)

    @property
    def peak_after_derivation(self) -> int:
        """The highest memory after the last moment at which a derivation could be running."""
        deriving = [
            place for place, sample in enumerate(self.samples) if sample.first >= _DERIVATION
        ]
        after = self.samples[deriving[-1] + 1 if deriving else 0 :]
        return max(sample.whole for sample in after)


def figures() -> Mapping[str, Measured]:
    """Both ratios, where the other program is here; that of memory if this account may see it."""
    if not LLM.exists():  # `make bench` brings it
        return {}
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder, "ours"))
        home.furnish()
        peer = Path(folder, "theirs")
        _pair(home, peer, watched=False)  # now both are in the page cache
        timed = [_pair(home, peer, watched=False) for _turn in range(PAIRS)]
        watched = [_pair(home, peer, watched=True) for _turn in range(PAIRS * may_watch())]
    memory = {"ask.memory_ratio": _memory(watched)} if watched else {}
    return {"ask.wall_ratio": _wall(timed), **memory}


def _wall(pairs: Sequence[tuple[Run, Run]]) -> Measured:
    ratios = [(ours.seconds - ours.derivation) / theirs.seconds for ours, theirs in pairs]
    mine = statistics.median(ours.seconds - ours.derivation for ours, _theirs in pairs)
    derivation = statistics.median(ours.derivation for ours, _theirs in pairs)
    peer = statistics.median(theirs.seconds for _ours, theirs in pairs)
    tokens = ", ".join(f"{ours.tokens}/{theirs.tokens}" for ours, theirs in pairs)
    return Measured(
        round(statistics.median(ratios), 3),
        f"ours {mine:.2f} s and {derivation:.2f} s of key derivation, theirs {peer:.2f} s; "
        f"tokens of each pair {tokens}",
    )


def _memory(pairs: Sequence[tuple[Run, Run]]) -> Measured:
    ratios = [ours.peak_after_derivation / theirs.peak for ours, theirs in pairs]
    after = statistics.median(ours.peak_after_derivation for ours, _theirs in pairs) / MIB
    whole = statistics.median(ours.peak for ours, _theirs in pairs) / MIB
    peer = statistics.median(theirs.peak for _ours, theirs in pairs) / MIB
    return Measured(
        round(statistics.median(ratios), 3),
        f"ours {after:.0f} MiB, {whole:.0f} MiB with the derivation; theirs {peer:.0f} MiB",
    )


def _pair(home: Home, peer: Path, *, watched: bool) -> tuple[Run, Run]:
    theirs = _theirs(peer, watched=watched)
    home.run("config", "assistant.answer_tokens", str(max(_FEWEST, theirs.tokens)))
    return _ours(home, watched=watched), theirs


def _ours(home: Home, *, watched: bool) -> Run:
    begun = time.perf_counter()
    process = home.start([str(SAFESPACE), "ask", "-", "--json"])
    printed, samples = _finish(process, QUESTION.encode(), watched=watched)
    seconds = time.perf_counter() - begun
    said = json.loads(printed)
    if said["route"] != "local":
        raise RuntimeError(f"no model was asked: {said['reasons']}")
    return Run(seconds, said["unlock_ms"] / 1000, said["tokens"], samples)


def _theirs(folder: Path, *, watched: bool) -> Run:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [LLM, "-m", "SmolLM2", QUESTION],
        env={**os.environ, "LLM_USER_PATH": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    printed, samples = _finish(process, b"", watched=watched)
    seconds = time.perf_counter() - begun
    return Run(seconds, 0.0, _tokens(printed.strip()), samples)


def _finish(
    process: subprocess.Popen[bytes], question: bytes, *, watched: bool
) -> tuple[bytes, Sequence[Sample]]:
    assert process.stdin
    assert process.stdout
    with process:
        process.stdin.write(question)
        process.stdin.close()
        samples = watch(process) if watched else ()
        printed = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
    return printed, samples


def _tokens(answer: bytes) -> int:
    return len(_vocabulary().tokenize(answer, add_bos=False))


@functools.cache
def _vocabulary() -> llama_cpp.Llama:
    return llama_cpp.Llama(str(MODEL), vocab_only=True, verbose=False)


if __name__ == "__main__":
    print(figures())
