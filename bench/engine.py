# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our engine's speed over a bare C loop's: same model, prompt, threads and tokens, greedy.

    python bench/engine.py MODEL [--pairs 7] [--tokens 128]

Interleaved pairs, so that whatever else the computer does befalls both; the median of their
ratios is the figure. Prints one JSON object.
"""

import argparse
import json
import statistics
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import Final

from safespace.local_ai.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Done, Generation, Text

_SYSTEM: Final = "You are a helpful assistant."
_ASKED: Final = "Write a long story about a fox who learns to sail across the sea."
_PROMPT: Final = (
    f"<|im_start|>system\n{_SYSTEM}<|im_end|>\n"
    f"<|im_start|>user\n{_ASKED}<|im_end|>\n<|im_start|>assistant\n"
)
"""What the starter model's chat template makes of the two turns; same answers prove it."""


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


def bare(program: Path, model: Path, threads: int, tokens: int) -> tuple[str, float]:
    """The C loop's answer and its tokens per second after the first."""
    command = [str(program), str(model), str(threads), str(tokens)]
    done = subprocess.run(command, input=_PROMPT.encode(), capture_output=True, check=True)
    return done.stdout.decode(), float(done.stderr.split()[1])


def ours(model: Path, threads: int, tokens: int) -> tuple[str, float]:
    """Our engine's, in a fresh worker as the loop is a fresh process."""
    engine = WorkerEngine(threads=threads, models=model.parent)
    turns = (ChatTurn("system", _SYSTEM), ChatTurn("user", _ASKED))
    answer, speed = "", 0.0
    try:
        engine.load(model)
        for event in engine.generate(Generation(turns, tokens)):
            if isinstance(event, Text):
                answer += event.text
            elif isinstance(event, Done):
                speed = event.tokens_per_s
    finally:
        engine.close()
    return answer, speed


def measure(model: Path, threads: int, tokens: int, pairs: int) -> dict[str, object]:
    """The figure with all it was made from."""
    with tempfile.TemporaryDirectory() as folder:
        program = build(Path(folder))
        measured = [
            (ours(model, threads, tokens), bare(program, model, threads, tokens))
            for _pair in range(pairs)
        ]
    same = all(mine[0] == loop[0] for mine, loop in measured)
    ratios = [mine[1] / loop[1] for mine, loop in measured]
    return {
        "throughput_ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ours_tokens_per_s": round(statistics.median(mine[1] for mine, _loop in measured), 1),
        "bare_tokens_per_s": round(statistics.median(loop[1] for _mine, loop in measured), 1),
        "same_answers": same,
        "threads": threads,
        "tokens": tokens,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--pairs", type=int, default=7)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.model, chosen.threads, chosen.tokens, chosen.pairs), indent=1))


if __name__ == "__main__":
    main()
