# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much this guard misses, as it was measured: assets/guard/measured.json.

`python -m bench.guard_unasked` writes the file; the window and the terminal quote it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = "measured.json"


@dataclass(frozen=True, slots=True)
class Missed:
    """Of so many `texts` with somebody's name, address or number, `missed` passed unasked."""

    texts: int
    missed: int

    @property
    def percent(self) -> float:
        """The share, rounded to a tenth."""
        return round(100 * self.missed / self.texts, 1)


def read_missed(folder: Path) -> Missed | None:
    """What was measured; None if that cannot be read, or makes no sense."""
    try:
        said = json.loads((folder / FILE).read_text("utf-8"))
        texts, missed = said["texts"], said["missed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if type(texts) is int and type(missed) is int and 0 <= missed <= texts and texts:
        return Missed(texts, missed)
    return None
