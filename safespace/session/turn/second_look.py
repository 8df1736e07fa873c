# SPDX-License-Identifier: AGPL-3.0-or-later
"""Having the local model read what would leave, where it was measured to read well enough."""

import time
from pathlib import Path
from typing import Final

from safespace.errors import Known
from safespace.guard.reading import windows
from safespace.guard.reading.readers import measure_of
from safespace.guard.reading.windows import UNKNOWN, Look, Seen
from safespace.local_ai.engine import ChatTurn, Engine, Generation, Text

PATIENCE_S: Final = 60.0
"""How long one window may take; then nothing is known of the text."""


def look_of(engine: Engine, model: Path | None, table: Path) -> Look | None:
    """How `model` reads a text; None where it is none, or was not measured to be strong enough.

    Where there is none, patterns and word lists decide, and what they are in doubt of is asked.
    """
    measured = measure_of(model.name, table) if model else None
    return look_with(engine, model) if model and measured and measured.trusted else None


def look_with(engine: Engine, model: Path, patience_s: float = PATIENCE_S) -> Look:
    """How `model` reads a text, whether it is trusted or not. Use it on the engine's thread."""

    def look(text: str) -> Seen:
        try:
            engine.load(model)
            seen = []
            for window in windows.windows(text):
                seen.append(windows.read(_answer(engine, window, patience_s), window))
            return windows.together(seen)
        except (Known, TimeoutError):
            return UNKNOWN

    return look


def _answer(engine: Engine, window: str, patience_s: float) -> str:
    request = Generation(
        (ChatTurn("system", windows.TASK), ChatTurn("user", window)),
        windows.MAX_TOKENS,
        grammar=windows.GRAMMAR,
    )
    until = time.monotonic() + patience_s
    answer = ""
    for event in engine.generate(request):
        if isinstance(event, Text):
            answer += event.text
        if time.monotonic() > until:
            raise TimeoutError
    return answer
