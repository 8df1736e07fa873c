# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many personal units of PUPA's prompts would leave at level 4.

    python -m bench.guard_pupa FILE

FILE is PUPA's CSV (`user_query`, `pii_units` parted by "||"). `pupa_units.toml` beside this file
tags the units that identify somebody, by places and without a word of them. A unit has left when
it stands in the outgoing text (NFKC, case-folded): as it is, or redacted. Once for what leaves
unasked, and once as if the member said yes to all that is asked. Prints JSON; no text of the file
is printed or kept.
"""

import argparse
import csv
import json
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import Level, Route
from safespace.guard.deciding.rules import Obligation
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.session.dry_run import Checker

_SHOWN: Final = frozenset({Obligation.ASK.value, Obligation.PREVIEW.value})
TAGS: Final = Path(__file__).with_name("pupa_units.toml")


def read_tags() -> dict[str, list[int]]:
    """By row, the places of the units that identify somebody."""
    return tomllib.loads(TAGS.read_text("utf-8"))


def measure(
    rows: Sequence[Mapping[str, str]], tags: Mapping[str, Sequence[int]] | None = None
) -> dict[str, Any]:
    """Shares of the S2 units of all prompts, and of the prompts that may be delegated."""
    tags = read_tags() if tags is None else tags
    folder = paths.assets() / "guard"
    checker = Checker(Reader(folder), Scanner(folder), Level.COOPERATIVE, None)
    seen: Counter[str] = Counter()
    for number, row in enumerate(rows):
        units = list(_units(row["pii_units"]))
        identifying = [units[place] for place in tags.get(str(number), ())]
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
