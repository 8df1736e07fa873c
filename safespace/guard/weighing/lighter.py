# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same task with some of what was found in it left out, weighed anew: for counterfactuals."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from safespace.domain import Sensitivity
from safespace.guard.deciding.decision import Change, Step
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.finding import Finding, Kind
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.sensitivity import of_finding
from safespace.guard.weighing.weigh import Weighed, weigh

_CLASSES: Final = (Sensitivity.SECRET, Sensitivity.PROTECTED, Sensitivity.IDENTIFYING)
_ROUNDS: Final = 3
"""What is found when something beside it is gone is left out too, as often as this."""
_LONGEST: Final = 100_000
"""Characters: looking through a longer text several times takes longer than anybody waits."""


def leaving_out(
    facts: Facts, seen: Weighed, reader: Reader, scanner: Scanner, region: str | None = None
) -> tuple[Step, ...]:
    """Steps that leave out what was found: the gravest class, then with it the next ones.

    Where something else than what was found made the facts stricter, as a model may have, it is
    not known what would have to go, and there are none.
    """
    away = seen.all
    if away.before is None or facts.before != away.before or len(seen.words) > _LONGEST:
        return ()
    steps: dict[tuple[Kind, ...], Step] = {}
    for least in _CLASSES:
        kinds = tuple(sorted({one.kind for one in _grave(away.found.all, least)}))
        if kinds and kinds not in steps:
            change = Change("leave_out", (("kinds", ",".join(kinds)),))
            lighter = _without(seen, least, reader, scanner, region)
            steps[kinds] = change, partial(_with, seen, lighter)
    return tuple(steps.values())


def _without(
    seen: Weighed, least: Sensitivity, reader: Reader, scanner: Scanner, region: str | None
) -> Weighed:
    def cut(text: str) -> str:
        for _round in range(_ROUNDS):
            found = list(_grave(scanner.scan(text, region).all, least))
            if not found:
                break
            text = _cut(text, found)
        return text

    said, answers = ([cut(turn) for turn in turns] for turns in (seen.said, seen.answers))
    return weigh(cut(seen.text), said, reader, scanner, region, answers)


def _with(was: Weighed, now: Weighed, facts: Facts) -> Facts:
    """What is known of the lighter text in the place of what was known of the text."""
    changed: dict[str, Any] = {
        "before": now.all.before,
        "after": now.all.after,
        "names_possible": now.all.names_possible,
    }
    for name in ("kind", "language", "subject"):
        if getattr(facts, name) == getattr(was, name):  # else something else said it
            changed[name] = getattr(now, name)
    if facts.topics is not None and was.topics is not None:
        beside = facts.topics - was.topics
        changed["topics"] = None if now.topics is None else now.topics | beside
    return replace(facts, **changed)


def _grave(found: Iterable[Finding], least: Sensitivity) -> Iterator[Finding]:
    return (one for one in found if of_finding(one) >= least)


def _cut(text: str, found: Iterable[Finding]) -> str:
    kept: list[str] = []
    done = 0
    for one in sorted(found):
        kept.append(text[done : max(done, one.start)])
        done = max(done, one.end)
    return "".join((*kept, text[done:]))
