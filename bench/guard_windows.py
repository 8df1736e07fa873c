# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well a local model reads for the guard: a row for assets/guard/readers.toml.

    python -m bench.guard_windows MODEL [--prompts N]

Prompts of the routing set's judging half, drawn by chance (the same every time).
"""

import argparse
import random
import time
from pathlib import Path

from bench.routing_set import Prompt, prompts
from safespace.domain import Sensitivity
from safespace.guard.reading.readers import Measure
from safespace.guard.reading.windows import Seen
from safespace.local_ai.client.client import WorkerEngine
from safespace.session.turn.second_look import look_with


def measured(file: str, seen: list[tuple[Prompt, Seen]]) -> Measure:
    """What a model of that name caught, held and knew."""
    protected = [
        one.sensitivity is None or one.sensitivity >= Sensitivity.PROTECTED
        for prompt, one in seen
        if prompt.label.sensitivity >= Sensitivity.PROTECTED
    ]
    free = [
        one.sensitivity is None or one.sensitivity >= Sensitivity.IDENTIFYING
        for prompt, one in seen
        if prompt.label.unasked
    ]
    known = [one.sensitivity is not None for _prompt, one in seen]
    return Measure(
        file,
        len(seen),
        *(round(sum(each) / max(len(each), 1), 3) for each in (protected, free, known)),
    )


def main() -> None:
    """Measure and print the row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--prompts", type=int, default=60)
    asked = parser.parse_args()
    drawn = random.Random(4).sample(list(prompts("judging")), asked.prompts)  # noqa: S311
    engine = WorkerEngine()
    look = look_with(engine, asked.model.resolve())
    begun = time.perf_counter()
    seen = [(prompt, look(prompt.text)) for prompt in drawn]
    each = (time.perf_counter() - begun) / max(len(drawn), 1)
    engine.close()
    row = measured(asked.model.name, seen)
    print(f'[[model]]\nfile = "{row.file}"\nprompts = {row.prompts}\ncaught = {row.caught}')
    print(f"held = {row.held}\nknown = {row.known}\n# {each:.1f} s per prompt")


if __name__ == "__main__":
    main()
