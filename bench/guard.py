# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guard's own speed: patterns, decision, proof, hostile inputs, a secret in a long document.

The texts are made here, of sentences with and without something personal in them.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Final

from bench.measured import Measured
from bench.tree import MIB
from safespace import paths
from safespace.domain import Level, Route
from safespace.guard.deciding.decision import decide, what_would_change, within_reach
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.proving.prove import prove

_MESSAGES: Final = 200
_KIB: Final = 1024
_HOSTILE: Final = 20_000
_PLACES: Final = 20
_DOCUMENT: Final = 200_000
_DECISIONS: Final = 5_000
_PASSES: Final = 7
"""Of one decision: what else the computer does only makes a pass longer."""
_EXPLAINED: Final = 1_000

FAMILIES: Final = ("(", "a.a.", "1 ", "a@b.", "http://", "9-", "my kid ", "GB82 ", "key=", "[at] ")
"""Ten inputs that make a careless pattern slow, each repeated."""

_SENTENCES: Final = (
    "The meeting about the garden was moved to {day} because of the rain.",
    "Please write to {name}@example.org or call {phone} before noon.",
    "I have been thinking about how bridges are built, and why some of them sing.",
    "{given} {family} lives at {house} Baker Street and likes long letters.",
    "Could you explain the difference between a list and a tuple once more?",
    "The invoice of {date} went to the account {iban}, not to the card {card}.",
    "It was a quiet evening, the lamps were lit, and nobody said a word.",
    "See https://www.example.org/{name} or the server at 203.0.113.{house}.",
)
_MADE: Final = """
import sys, time, psutil
before = psutil.Process().memory_info().rss
begun = time.perf_counter()
from safespace.guard.detect.scan import Scanner
imported = time.perf_counter() - begun
from pathlib import Path
Scanner(Path(sys.argv[1])).scan("Call 2125550147, Ada Byron, my son, ada@example.org")
print(imported, psutil.Process().memory_info().rss - before)
"""


def figures() -> Mapping[str, Measured]:
    """All of the guard that needs no data but what is made here."""
    scanner = Scanner(paths.assets() / "guard")
    return {**_patterns(scanner), **_decision(), **_started(), **_robust(scanner)}


def _messages(chance: random.Random) -> Iterator[str]:
    for _message in range(_MESSAGES):
        text = ""
        while len(text) < _KIB:
            text += chance.choice(_SENTENCES).format(
                day=chance.choice(("Tuesday", "Friday", "3 May")),
                name=chance.choice(("ada", "k.meyer", "post7")),
                phone=f"(212) 555-0{chance.randrange(100, 200)}",
                given=chance.choice(("Ada", "Tomasz", "Leila")),
                family=chance.choice(("Byron", "Nowak", "Quimbly")),
                house=chance.randrange(1, 250),
                date=f"{chance.randrange(1, 28)}.{chance.randrange(1, 13)}.2021",
                iban="GB29NWBK60161331926819",
                card="4111 1111 1111 1111",
            )
            text += " "
        yield text


def _patterns(scanner: Scanner) -> Mapping[str, Measured]:
    messages = list(_messages(random.Random(1)))  # noqa: S311
    scanner.scan(messages[0] + " 2125550147")
    taken = [_ms(scanner, text) * _KIB / len(text) for text in messages]
    beside = f"{len(messages)} messages of about 1 KB, slowest {max(taken):.2f} ms per KB"
    p95 = statistics.quantiles(taken, n=20)[-1]
    return {
        "guard.patterns_p50_ms": Measured(round(statistics.median(taken), 2), beside),
        "guard.patterns_p95_ms": Measured(round(p95, 2), beside),
    }


def _ms(scanner: Scanner, text: str) -> float:
    """Of the processor, so that what else runs here does not count."""
    begun = time.process_time()
    scanner.scan(text)
    return (time.process_time() - begun) * 1000


def _pass_us(states: Sequence[Facts]) -> float:
    begun = time.process_time()
    for facts in states:
        decide(facts)
    return (time.process_time() - begun) * 1e6


def _decision() -> Mapping[str, Measured]:
    chance = random.Random(2)  # noqa: S311
    states = [
        facts_at([chance.randrange(len(fact.values)) for fact in FACTS]) for _ in range(_DECISIONS)
    ]
    each = min(_pass_us(states) for _again in range(_PASSES)) / _DECISIONS
    proof = prove()
    kept = [facts for facts in states if decide(facts).route < Route.COOP]
    beside = f"{proof.states} states, {proof.edges} edges, {proof.seconds:.2f} s"
    return {
        "guard.decision_us": Measured(round(each, 2), f"{_DECISIONS} states, {len(Level)} levels"),
        "guard.violations": Measured(len(proof.violations), beside),
        **_explained(kept[:_EXPLAINED]),
    }


def _explained(kept: Sequence[Facts]) -> Mapping[str, Measured]:
    """Whether each has its reason, and whether the ways that are told hold."""
    wrong, ways = 0, 0
    for facts in kept:
        decision, steps = decide(facts), dict(within_reach(facts))
        told = what_would_change(facts)
        ways += bool(told)
        for way in told:
            changed = reduce(lambda made, change: steps[change](made), way.changes, facts)
            wrong += not decision.route < decide(changed).route == way.route
        wrong += not decision.decisive
    beside = f"{len(kept)} states kept from going further, {ways} with a way"
    return {"guard.unexplained": Measured(wrong, beside)}


def _started() -> Mapping[str, Measured]:
    command = [sys.executable, "-I", "-c", _MADE, str(paths.assets() / "guard")]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        for _run in range(7)
    ]
    imported = statistics.median(float(run[0]) * 1000 for run in runs)
    memory = statistics.median(int(run[1]) / MIB for run in runs)
    beside = (
        f"median of {len(runs)} fresh processes, Python {sys.version_info[0]}.{sys.version_info[1]}"
    )
    return {
        "guard.import_ms": Measured(round(imported, 1), beside),
        "guard.memory_mib": Measured(round(memory, 1), beside),
    }


def _robust(scanner: Scanner) -> Mapping[str, Measured]:
    slowest = max((_ms(scanner, (family * _HOSTILE)[:_HOSTILE]), family) for family in FAMILIES)
    chance = random.Random(3)  # noqa: S311
    filler = "".join(_messages(chance))[:_DOCUMENT]
    found = 0
    for _place in range(_PLACES):
        at = chance.randrange(len(filler))
        planted = f" ghp_{'a1B2c3D4e5' * 4} "
        seen = scanner.scan(filler[:at] + planted + filler[at:]).of(Kind.SECRET)
        found += any(one.start < at + len(planted) and at < one.end for one in seen)
    return {
        "guard.hostile_ms": Measured(
            round(slowest[0], 1),
            f"slowest of {len(FAMILIES)} families at {_HOSTILE} characters: {slowest[1]!r}",
        ),
        "guard.secrets_found": Measured(found, f"{_PLACES} places of {_DOCUMENT} characters"),
    }


if __name__ == "__main__":
    print(figures())
