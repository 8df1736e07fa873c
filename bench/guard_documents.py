# SPDX-License-Identifier: AGPL-3.0-or-later
"""What level 4 does with labelled documents: how many that identify somebody leave unasked.

    python -m bench.guard_documents FILE

FILE as for `bench.guard_recall`; `sensitivity.toml` beside this file says what its labels give
away. Prints JSON: of documents with an S2, how many would leave with nobody asked or shown; of
documents with nothing, and of those with S1 alone, how many would be asked about.
"""

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import Level, Route, Sensitivity
from safespace.guard.deciding.rules import Obligation
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.session.dry_run import Checker

MAPPING: Final = Path(__file__).with_name("sensitivity.toml")
_SHOWN: Final = frozenset({Obligation.ASK.value, Obligation.PREVIEW.value})


def class_of(spans: Sequence[Mapping[str, Any]], mapping: Mapping[str, Any]) -> Sensitivity:
    """The highest class of what is marked. Raises KeyError for a label that nobody mapped."""
    classes = {label: name for name in ("S0", "S1", "S2") for label in mapping[name]}

    def of(span: Mapping[str, Any]) -> Sensitivity:
        name = classes[span["entity_type"]]
        if span["entity_type"] == "PERSON" and len(span["entity_value"].split()) == 1:
            name = mapping["person_of_one_word"]
        return Sensitivity(int(name[1]))

    return max(map(of, spans), default=Sensitivity.NEUTRAL)


def measure(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and shares by class."""
    mapping = tomllib.loads(MAPPING.read_text("utf-8"))
    folder = paths.assets() / "guard"
    checker = Checker(Reader(folder), Scanner(folder), Level.COOPERATIVE, None)
    seen: Counter[tuple[Sensitivity, str]] = Counter()
    for sample in samples:
        which = class_of(sample["spans"], mapping)
        decision = checker.check({"text": sample["full_text"]}).decision
        shown = bool(decision.obligations & _SHOWN)
        seen[which, "documents"] += 1
        seen[which, "stay"] += decision.route <= Route.LOCAL
        seen[which, "asked"] += decision.route > Route.LOCAL and shown
        seen[which, "unasked"] += decision.route > Route.LOCAL and not shown
    found: dict[str, Any] = {}
    for which in sorted({each for each, _what in seen}):
        row = {what: seen[which, what] for what in ("documents", "stay", "asked", "unasked")}
        shares = {f"{what}_share": round(row[what] / row["documents"], 4) for what in row}
        found[f"S{which.value}"] = row | {
            key: value for key, value in shares.items() if key != "documents_share"
        }
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    samples = json.loads(parser.parse_args().file.read_text("utf-8"))
    print(json.dumps(measure(samples), indent=1))


if __name__ == "__main__":
    main()
