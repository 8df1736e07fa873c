# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make bench`: measure every figure of figures.toml and write build/bench.json.

    python -m bench.run [--json] [PREFIX ...]

With prefixes of ids (`engine. documents.`) those alone are measured, and nothing is written.
"""

import argparse
import importlib
import json
import operator
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

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


def chosen(prefixes: Sequence[str]) -> list[dict[str, str]]:
    """The figures whose ids begin so; all of them without a prefix."""
    figures = tomllib.loads(FIGURES.read_text("utf-8"))["figure"]
    return [each for each in figures if each["id"].startswith(tuple(prefixes) or "")]


def measure(by: str) -> Mapping[str, Measured]:
    """What a module of this package measures, or what an id of `make torture` found."""
    if by.startswith(TORTURE):
        return _torture(by.removeprefix(TORTURE))
    print(f"measuring: {by}", file=sys.stderr, flush=True)
    seen: Mapping[str, Measured] = _module(by).figures()
    for name, value in seen.items():  # at once: the whole takes long, and may be cut off
        print(f"  {name} {value.value:g} ({value.beside})", file=sys.stderr, flush=True)
    return seen


def _module(by: str) -> ModuleType:
    return importlib.import_module(f"bench.{by}")


def _torture(name: str) -> Mapping[str, Measured]:
    finding = torture.kept().get(name)
    if not finding:
        return {}
    stale = "" if finding.sources == torture.sources() else ", of earlier sources"
    beside = f"{finding.count} times in {finding.minutes} min{stale}"
    return {name: Measured(finding.failed, beside)}


def rows(figures: Sequence[Mapping[str, str]]) -> list[Row]:
    """Measure these figures, each module once; how fast this machine is comes first."""
    ways = dict.fromkeys(figure["by"] for figure in figures if figure["by"] != "machine")
    for by in ways:  # before any is run: what runs the worker here hides llama_cpp's package
        if not by.startswith(TORTURE):
            _module(by)
    seen = dict(measure("machine"))
    speed = f"machine factors: cpu {seen['machine.cpu'].value}, fsync {seen['machine.fsync'].value}"
    for by in ways:
        seen.update(measure(by))
    return [row(figure, seen.get(figure["id"]), speed) for figure in figures]


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("prefix", nargs="*", help="measure the ids that begin so")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    wanted = parser.parse_args()
    figures = chosen(wanted.prefix)
    if not figures:
        parser.error("no figure begins so")
    measured = rows(figures)
    as_json = json.dumps([asdict(each) for each in measured], indent=1)
    if not wanted.prefix:
        WRITTEN.parent.mkdir(exist_ok=True)
        WRITTEN.write_text(f"{as_json}\n", "utf-8")
    print(as_json if wanted.json else "\n".join(map(_line, measured)))
    return 1 if any(each.holds is False for each in measured) else 0


def _line(each: Row) -> str:
    value = "-" if each.value is None else f"{each.value:g}"
    holds = {True: "holds", False: "MISSED", None: ""}[each.holds]
    return f"{each.id:<34}{value:>8} {each.unit:<9}{each.goal or '':<9}{holds}"


if __name__ == "__main__":
    sys.exit(main())
