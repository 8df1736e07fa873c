# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far AI goes in the open space: what a step changes, and the models it would ask."""

import threading
from collections.abc import Callable

from safespace.domain import Level, Route
from safespace.errors import Usage
from safespace.guard.wording import steps
from safespace.i18n import _
from safespace.local_ai.engine import Engine
from safespace.local_ai.shelf import outlook
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.turn.desk import Desk


class Engagement:
    """Thread-safe. `stop` ends the running answer."""

    def __init__(self, desk: Desk, stop: Callable[[], None]) -> None:
        self._desk = desk
        self._stop = stop
        self._measuring: set[Engine] = set()
        self._lock = threading.Lock()

    def gains(self, now: Level, to: Level) -> tuple[str, ...]:
        """What going up from `now` to `to` changes, in sentences. Blocks for nothing."""
        own = self._desk.computer
        return steps.gains(now, to, own.missed, joined=own.site is not None)

    def highest(self) -> Level:
        """The highest level that can be chosen: limits may lie below 4."""
        limits = self._desk.limits.in_force()
        return Level.NO_AI if limits is None else limits.highest

    def resting(self) -> bool:
        """Whether the member's hours without AI are now, or it cannot be read whether they are."""
        return self._desk.resting()

    def pin(self, conversation: int, route: Route) -> None:
        """Let a conversation go as far as `route` at most. Raises Usage if it is gone."""
        self._desk.space.pin(conversation, route)

    def unload(self) -> None:
        """Put models out of memory. The next question loads them again."""
        self._stop()
        self._desk.engine.close()
        self._desk.meaning.unload()

    def delete_model(self, model: ShelfModel) -> int:
        """Delete a model's file, for everybody on this computer; the bytes that frees.

        Raises NoModel, StorageError.
        """
        self.unload()
        return self._desk.computer.shelf.remove(model.path.name)

    def measure(self, model: ShelfModel) -> float:
        """How many tokens a second a model answers with here, tried out: blocks for some seconds.

        Ends a running answer, which would be counted in. Raises Usage at level 0 and in hours
        without AI, and what `calibrate` raises.
        """
        self._must_be_on()
        self.unload()
        engine = self._desk.computer.engine()
        with self._lock:
            self._measuring.add(engine)
        try:
            self._must_be_on()  # now that `cut` would hear of it
            return outlook.calibrate(engine, model).tokens_per_s
        finally:
            with self._lock:
                self._measuring.discard(engine)
            engine.close()

    def cut(self) -> None:
        """End what answers and what is measured; what finds ends by `Meaning.unload`."""
        self._desk.engine.close()
        with self._lock:
            measuring = tuple(self._measuring)
        for engine in measuring:
            engine.close()

    def _must_be_on(self) -> None:
        level = self._desk.level()
        if level is None or min(level, self.highest()) is Level.NO_AI or self.resting():
            raise Usage(_("No model is asked now."), _("Measure it when AI is on again."))
