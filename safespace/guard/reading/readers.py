# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which local models were measured to read well enough for the guard."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LEAST_CAUGHT: Final = 0.95
MOST_HELD: Final = 0.15


@dataclass(frozen=True, slots=True)
class Measure:
    """What one model did with `prompts` prompts, as shares of 1.

    Of those that must not leave it `caught` some, of those that may it `held` some; of some it
    told a class at all (`known`): the others count as held.
    """

    file: str
    prompts: int
    caught: float
    held: float
    known: float

    @property
    def trusted(self) -> bool:
        """Whether the guard takes its word. What is held without a reason teaches to click on."""
        return self.prompts > 0 and self.caught >= LEAST_CAUGHT and self.held <= MOST_HELD


def measure_of(model_file: str, table: Path) -> Measure | None:
    """What is known of the model in a file of that name; None: nothing, and it is not trusted.

    Never raises: a table that cannot be read knows nothing.
    """
    try:
        rows = tomllib.loads(table.read_text("utf-8"))["model"]
        return next((Measure(**row) for row in rows if row["file"] == model_file), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None
