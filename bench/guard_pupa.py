# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many personal units of PUPA's prompts would leave at level 4.

    python -m bench.guard_pupa FILE

FILE is PUPA's CSV (`user_query`, `pii_units` parted by "||"). Each unit is tagged first, by its
spelling alone: S2 with an @, with five digits, or with two words or more of which none is that of
a company or place; S1 otherwise. A unit has left when it stands in the outgoing text (NFKC,
case-folded): as it is, or redacted. Once for what leaves unasked, and once as if the member said
yes to all that is asked. Prints JSON; no text of the file is printed or kept.
"""

import argparse
import csv
import json
import re
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import Level, Route
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading import Reader
from safespace.guard.rules import Obligation
from safespace.session.checking import Checker

_SHOWN: Final = frozenset({Obligation.ASK.value, Obligation.PREVIEW.value})
_DIGITS: Final = re.compile(r"(?:\d\D{0,2}){5}")
_LINK: Final = re.compile(r"https?:|www\.|[/\\]|\.\w{2,5}$")


class Tagger:
    """Tells S2 units from others by their spelling."""

    def __init__(self) -> None:
        lists = tomllib.loads((paths.assets() / "guard" / "names.toml").read_text("utf-8"))
        self._no_person = set(f"{lists['companies']} {lists['places']} the of and".split())

    def identifies(self, unit: str) -> bool:
        """Whether it tells who somebody is."""
        if "anonymized" in unit.lower():  # PUPA's own placeholders
            return False
        if _LINK.search(unit) and "@" not in unit:
            return False
        if "@" in unit or _DIGITS.search(unit):
            return True
        words = re.findall(r"[^\W\d_]+", unit.lower())
        return len(words) > 1 and self._no_person.isdisjoint(words)


def measure(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Shares of the S2 units of all prompts, and of the prompts that may be delegated."""
    folder = paths.assets() / "guard"
    checker = Checker(Reader(folder), Scanner(folder), Level.COOPERATIVE, None)
    tagger = Tagger()
    seen: Counter[str] = Counter()
    for row in rows:
        units = list(_units(row["pii_units"]))
        identifying = [unit for unit in units if tagger.identifies(unit)]
        checked = checker.check({"text": row["user_query"]})
        decision = checked.decision
        seen["prompts"] += 1
        seen["units"] += len(units)
        seen["identifying"] += len(identifying)
        if decision.route <= Route.LOCAL:
            continue
        redacted = checked.away.redacted if decision.route is Route.COOP_REDACTED else None
        outgoing = _plain(redacted or row["user_query"])
        left = sum(_plain(unit) in outgoing for unit in identifying)
        seen["delegable"] += 1
        seen["left"] += left
        if not decision.obligations & _SHOWN:
            seen["unasked"] += 1
            seen["left_unasked"] += left
    return {
        **seen,
        "delegable_share": round(seen["delegable"] / seen["prompts"], 4),
        "unasked_share": round(seen["unasked"] / seen["prompts"], 4),
        "left_share": round(seen["left"] / seen["identifying"], 4),
        "left_unasked_share": round(seen["left_unasked"] / seen["identifying"], 4),
        "left_per_delegated_prompt": round(seen["left"] / max(seen["delegable"], 1), 4),
    }


def _units(text: str) -> Iterator[str]:
    return (unit for part in text.split("||") if (unit := part.strip()))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    csv.field_size_limit(sys.maxsize)
    with parser.parse_args().file.open(encoding="utf-8", newline="") as file:
        print(json.dumps(measure(list(csv.DictReader(file))), indent=1))


if __name__ == "__main__":
    main()
