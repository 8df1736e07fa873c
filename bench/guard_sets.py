# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guard on labelled texts by others, where this computer has them.

They are no part of this repository: `synth_dataset_v2.json` (presidio-research) and `PUPA_New.csv`
(PAPILLON) in the folder that SAFESPACE_GUARD_DATA names, or in `../shared/data/guard`. Without
them these figures are not measured.
"""

import csv
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench import guard_documents, guard_pupa, guard_recall
from bench.home import ROOT
from bench.measured import Measured

LABELLED: Final = "synth_dataset_v2.json"
PUPA: Final = "PUPA_New.csv"


def folder() -> Path:
    """Where the texts would lie."""
    named = os.environ.get("SAFESPACE_GUARD_DATA")
    return Path(named) if named else ROOT.parent / "shared" / "data" / "guard"


def figures() -> Mapping[str, Measured]:
    """What can be measured here."""
    found: dict[str, Measured] = {}
    labelled, pupa = folder() / LABELLED, folder() / PUPA
    if labelled.is_file():
        samples = json.loads(labelled.read_text("utf-8"))
        found |= _spans(guard_recall.measure(samples))
        found |= _documents(guard_documents.measure(samples))
    if pupa.is_file():
        csv.field_size_limit(sys.maxsize)
        with pupa.open(encoding="utf-8", newline="") as file:
            found |= _units(guard_pupa.measure(list(csv.DictReader(file))))
    return found


def _spans(seen: Mapping[str, Mapping[str, Mapping[str, int]]]) -> dict[str, Measured]:
    types = seen["types"].values()
    marked, hit, wrong = (sum(one[what] for one in types) for what in ("marked", "hit", "wrong"))
    evasions = {name: float(str(share)) for name, share in seen["evasions"].items()}
    worst = min(evasions, key=evasions.__getitem__)
    return {
        "guard.recall": Measured(round(hit / marked, 4), f"{hit} of {marked} marked places"),
        "guard.precision": Measured(
            round(hit / (hit + wrong), 4), f"{wrong} found that nobody marked"
        ),
        "guard.recall_evaded": Measured(evasions[worst], f"the lowest of seven: {worst}"),
    }


def _documents(seen: Mapping[str, Mapping[str, float]]) -> dict[str, Measured]:
    s0, s1, s2 = seen["S0"], seen["S1"], seen["S2"]
    return {
        "guard.documents_unasked": Measured(
            s2["unasked_share"], f"{s2['unasked']} of {s2['documents']} documents"
        ),
        "guard.clean_asked": Measured(
            s0["asked_share"],
            f"{s0['asked']} of {s0['documents']} documents, {s0['stay']} stay here; of those with "
            f"S1 alone {s1['asked']} of {s1['documents']} are asked about",
        ),
    }


def _units(seen: Mapping[str, float]) -> dict[str, Measured]:
    return {
        "guard.units_left": Measured(
            seen["left_share"],
            f"{seen['left']} of {seen['identifying']} units, {seen['delegable']} of "
            f"{seen['prompts']} prompts delegable; with nobody asked {seen['left_unasked']} units "
            f"of {seen['unasked']} prompts",
        ),
    }


if __name__ == "__main__":
    print(figures())
