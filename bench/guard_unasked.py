# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many texts with somebody's name, address or number the guard would let pass unasked.

    python -m bench.guard_unasked FILE

FILE is in the format of presidio-research (see `bench.guard_recall`). Each text that has one of
the labels below is judged as at level 4, with all else granted. Counted strictly: a first name
alone is a name. Writes assets/guard/measured.json, which the window quotes on the way up to
levels 3 and 4, and prints it. No text of the file is printed or kept.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import Level, Route
from safespace.guard.deciding.rules import SENDING
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.wording.missed import FILE, Missed
from safespace.session.dry_run import Checker

IDENTIFYING: Final = frozenset(
    {
        "CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PERSON", "PHONE_NUMBER",
        "STREET_ADDRESS", "US_DRIVER_LICENSE", "US_SSN",
    }
)  # fmt: skip


def measure(samples: Iterable[Mapping[str, Any]]) -> Missed:
    """Judge each of `samples` that has an identifying label."""
    lists = paths.assets() / "guard"
    checker = Checker(Reader(lists), Scanner(lists), Level.COOPERATIVE, None)
    texts = [
        sample["full_text"]
        for sample in samples
        if any(span["entity_type"] in IDENTIFYING for span in sample["spans"])
    ]
    return Missed(len(texts), sum(_passes(checker, text) for text in texts))


def _passes(checker: Checker, text: str) -> bool:
    """Whether `text` would be sent with nobody asked and nothing shown before."""
    decision = checker.check({"text": text}).decision
    return decision.route > Route.LOCAL and not decision.obligations & SENDING


def main() -> None:
    """Measure, write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    found = measure(json.loads(parser.parse_args().file.read_text("utf-8")))
    written = json.dumps({"texts": found.texts, "missed": found.missed})
    (paths.assets() / "guard" / FILE).write_text(written + "\n", "utf-8")
    print(written)


if __name__ == "__main__":
    main()
