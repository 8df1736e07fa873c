# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the whole guard routes the prompts of the routing set.

    python -m bench.guard_routing [--half tuning] [--model FILE [--prompts N]]

*Sent* is what would leave with nobody asked or shown. Of prompts that must not be sent so, how
many are; of prompts that may, how many are kept here, and of how many the member is asked. Beside
it the same of those that may go when shown, such as with a name in them. Three readers: patterns,
word lists and our small models alone; with the local model in FILE, trusted or not; and a perfect
reader, a double that is told what the label says. Prints JSON.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.measured import Measured
from bench.routing_set import Prompt, prompts
from safespace import paths
from safespace.domain import Level, Route, Subject, Topic
from safespace.guard.deciding.decision import Decision
from safespace.guard.deciding.rules import Obligation
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.reading.windows import Look, Seen
from safespace.local_ai.client.client import WorkerEngine
from safespace.session.dry_run import Checker
from safespace.session.turn.second_look import look_with

_SHOWN: Final = frozenset({Obligation.ASK.value, Obligation.PREVIEW.value})
LookFor = Callable[[Prompt], Look | None]


def routed(chosen: Sequence[Prompt], look_for: LookFor, level: Level) -> list[Decision]:
    """What the guard decides of each prompt at `level`."""
    folder = paths.assets() / "guard"
    reader, scanner = Reader(folder), Scanner(folder)
    return [
        Checker(reader, scanner, level, None, look_for(prompt))
        .check({"text": prompt.text})
        .decision
        for prompt in chosen
    ]


def perfect(prompt: Prompt) -> Look:
    """A double that reads what the label says: how good the rest would be with such a model."""
    delicate = {Topic.WORK if prompt.topic == "work" else Topic.BELIEF}
    topics = frozenset(delicate if prompt.name == "askfirst" else ())
    left = min(prompt.label.sensitivity, 1) if prompt.name == "id" else prompt.label.sensitivity
    return lambda _final_text: Seen(type(prompt.label.sensitivity)(left), topics, Subject.NOBODY)


def counts(chosen: Sequence[Prompt], decisions: Sequence[Decision], level: Level) -> dict[str, Any]:
    """Shares and what they are shares of. *Allowed* is what may go unasked, and the rest is not."""
    seen: Counter[str | tuple[str, str]] = Counter()
    for prompt, decision in zip(chosen, decisions, strict=True):
        leaves = decision.route > Route.LOCAL
        asked = leaves and bool(decision.obligations & _SHOWN)
        may = prompt.label.routes[level] > Route.LOCAL
        unasked = prompt.label.unasked and level is Level.COOPERATIVE
        which = "allowed" if unasked else "when_shown" if may else "never"
        seen[which] += 1
        seen[which, "sent"] += leaves and not asked
        seen[which, "kept"] += not leaves
        seen[which, "asked"] += asked
    forbidden = seen["never"] + seen["when_shown"]
    return {
        "wrongly_sent": share(seen["never", "sent"] + seen["when_shown", "sent"], forbidden),
        "needlessly_kept": share(seen["allowed", "kept"], seen["allowed"]),
        "asked": share(seen["allowed", "asked"], seen["allowed"]),
        "kept_of_what_may_go_when_shown": share(seen["when_shown", "kept"], seen["when_shown"]),
        "asked_of_what_may_go_when_shown": share(seen["when_shown", "asked"], seen["when_shown"]),
        "prompts": len(chosen),
        "forbidden": forbidden,
        "allowed": seen["allowed"],
    }


def share(some: int, of: int) -> float | None:
    """None of nothing."""
    return round(some / of, 4) if of else None


def measure(chosen: Sequence[Prompt], look_for: LookFor) -> dict[str, Any]:
    """At the two levels that send, and how many prompts would leave at the three that do not."""
    found: dict[str, Any] = {
        f"level {level.value}": counts(chosen, routed(chosen, look_for, level), level)
        for level in (Level.ASK_EACH_TIME, Level.COOPERATIVE)
    }
    found["leave at levels 0 to 2"] = sum(
        decision.route > Route.LOCAL
        for level in (Level.NO_AI, Level.WHEN_I_ASK, Level.AT_MY_SIDE)
        for decision in routed(chosen, look_for, level)
    )
    return found


def figures() -> Mapping[str, Measured]:
    """The judging half at level 4, by patterns and word lists alone."""
    chosen = list(prompts("judging"))
    at = Level.COOPERATIVE
    seen = counts(chosen, routed(chosen, lambda _prompt: None, at), at)
    double = counts(chosen, routed(chosen, perfect, at), at)
    of = {"wrongly_sent": "forbidden", "needlessly_kept": "allowed", "asked": "allowed"}
    return {
        f"guard.routing_{name}": Measured(
            seen[name], f"{seen[whole]} prompts; with a perfect reader as double {double[name]}"
        )
        for name, whole in of.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuning", "judging"), default="judging")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--prompts", type=int, default=60, help="for the model, drawn by chance")
    asked = parser.parse_args()
    chosen = list(prompts(asked.half))
    found = {
        "patterns and word lists": measure(chosen, lambda _prompt: None),
        "perfect reader (double)": measure(chosen, perfect),
    }
    if asked.model:
        drawn = random.Random(4).sample(chosen, min(asked.prompts, len(chosen)))  # noqa: S311
        engine = WorkerEngine()
        look = look_with(engine, asked.model)
        at = Level.COOPERATIVE
        found[asked.model.name] = counts(drawn, routed(drawn, lambda _prompt: look, at), at)
        engine.close()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
