# SPDX-License-Identifier: AGPL-3.0-or-later
"""What answers taught about the models on this computer: threads that did best, and the speed.

One small file for the whole computer, with names of model files and nothing of anybody's. It is
a hint: whatever cannot be read or written counts as not known.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from safespace.local_ai.machine import processors

_NEWS: Final = 0.2
"""A speed that differs by less is not written again."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How a model answered the last time: on so many threads of `processors`, so fast, with so
    many of its layers on a graphics card.
    """

    threads: int
    tokens_per_s: float
    processors: int
    on_card: int = 0
    whole: bool = False
    """Whether these are all of its layers."""


class Calibration:
    """The file. Any thread; two programs that write at once cost one of the two notes."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, model: Path) -> Calibrated | None:
        """What is known of the file `model` on as many processors as there are now."""
        try:
            kept = self._read()[_key(model)]
            known = Calibrated(
                int(kept["threads"]),
                float(kept["tokens_per_s"]),
                int(kept["processors"]),
                int(kept.get("on_card", 0)),
                bool(kept.get("whole", False)),
            )
        except (OSError, AttributeError, KeyError, TypeError, ValueError, OverflowError):
            return None
        good = 0 < known.threads <= known.processors == processors() and known.tokens_per_s > 0
        return known if good else None

    def note(
        self,
        model: Path,
        threads: int,
        tokens_per_s: float,
        on_card: int = 0,
        *,
        whole: bool = False,
    ) -> None:
        """Keep what is news."""
        before = self.of(model)
        if before and (before.threads, before.on_card) == (threads, on_card):
            change = abs(tokens_per_s - before.tokens_per_s)
            if change < before.tokens_per_s * _NEWS:
                return
        seen = Calibrated(threads, round(tokens_per_s, 1), processors(), on_card, whole)
        with suppress(OSError):
            known = {**self._read(), _key(model): asdict(seen)}
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(known, indent=1), "utf-8")
            fresh.replace(self._file)

    def _read(self) -> dict[str, dict[str, float]]:
        try:
            known = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return known if isinstance(known, dict) else {}


def _key(model: Path) -> str:
    """Another file of the same name is another model. Raises OSError."""
    return f"{model.name} {model.stat().st_size}"
