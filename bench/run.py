# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make bench`: measure every figure of figures.toml and write build/bench.json."""

import json
import operator
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench import (
    ask,
    documents,
    engine,
    engine_neighbours,
    engine_turns,
    guard,
    guard_mutants,
    guard_routing,
    guard_secrets,
    guard_sets,
    machine,
    space,
    window,
)
from bench.home import ROOT
from bench.measured import Measured
from tools import torture

FIGURES: Final = Path(__file__).with_name("figures.toml")
WRITTEN: Final = ROOT / "build" / "bench.json"
TORTURE: Final = "torture:"
_GOALS: Final = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it is written. Value and `holds` are None where nothing was measured."""

    id: str
    value: float | None
    unit: str
    goal: str | None
    holds: bool | None
    how: str


def row(figure: Mapping[str, str], measured: Measured | None, machine_is: str) -> Row:
    """The row of one figure; absolute goals are given beside how fast this machine is."""
    goal = figure.get("goal")
    how = figure["how"]
    if measured is None:
        return Row(figure["id"], None, figure["unit"], goal, None, f"{how}. Not measured")
    how = f"{how}. Here: {measured.beside}"
    if goal and figure["unit"] in ("s", "ms"):
        how += f" ({machine_is})"
    return Row(figure["id"], measured.value, figure["unit"], goal, _holds(measured, goal), how)


def _holds(measured: Measured, goal: str | None) -> bool | None:
    if goal is None:
        return None
    sign, bound = goal.split()
    return bool(_GOALS[sign](measured.value, float(bound)))


MEASURERS: Final[dict[str, Callable[[], Mapping[str, Measured]]]] = {
    "machine": machine.figures,
    "engine": engine.figures,
    "engine_turns": engine_turns.figures,
    "engine_neighbours": engine_neighbours.figures,
    "ask": ask.figures,
    "window": window.figures,
    "space": space.figures,
    "documents": documents.figures,
    "guard": guard.figures,
    "guard_routing": guard_routing.figures,
    "guard_secrets": guard_secrets.figures,
    "guard_sets": guard_sets.figures,
    "guard_mutants": guard_mutants.figures,
}


def _torture(name: str) -> Measured | None:
    finding = torture.kept().get(name)
    if not finding:
        return None
    stale = "" if finding.sources == torture.sources() else ", of earlier sources"
    return Measured(finding.failed, f"{finding.count} times in {finding.minutes} min{stale}")


def main() -> int:
    """Measure and write; 1 when a measurer broke or a goal is missed."""
    figures = tomllib.loads(FIGURES.read_text("utf-8"))["figure"]
    seen: dict[str, Measured] = {}
    for name, measure in MEASURERS.items():
        print(f"measuring: {name}", flush=True)
        seen.update(measure())
    for figure in figures:
        if figure["by"].startswith(TORTURE):
            finding = _torture(figure["by"].removeprefix(TORTURE))
            seen.update({figure["id"]: finding} if finding else {})
    speed = f"machine factors: cpu {seen['machine.cpu'].value}, fsync {seen['machine.fsync'].value}"
    rows = [row(figure, seen.get(figure["id"]), speed) for figure in figures]
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps([asdict(each) for each in rows], indent=1) + "\n", "utf-8")
    for each in rows:
        value = "-" if each.value is None else f"{each.value:g}"
        holds = {True: "holds", False: "MISSED", None: ""}[each.holds]
        print(f"{each.id:<34}{value:>8} {each.unit:<9}{each.goal or '':<9}{holds}")
    return 1 if any(each.holds is False for each in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
