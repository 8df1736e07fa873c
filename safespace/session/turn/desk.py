# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a turn works with: the open space, the engine, and the member's choices in force."""

import threading

from safespace import paths
from safespace.domain import Level, LimitsTime, TaskKind, Topic
from safespace.errors import Damaged, StorageError, Usage
from safespace.local_ai.engine import Adapter, Engine
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.computer import Computer
from safespace.session.consents import Consents
from safespace.session.limits.own import OwnLimits
from safespace.session.meaning import SETTING, Meaning
from safespace.session.turn.line import Line
from safespace.session.turn.tickets import Tickets
from safespace.settings import Scope, Value, find, window
from safespace.store.space import Space


class Desk:
    """Thread-safe: the store has one owner thread, the rest does not change."""

    def __init__(self, space: Space, computer: Computer, engine: Engine, limits: OwnLimits) -> None:
        self.space = space
        self.computer = computer
        self.engine = engine
        self.limits = limits
        common = paths.common_line()
        every_account = [Tickets(common, shared=True)] if common else []
        self.line = Line(*every_account, Tickets(paths.line()))
        self.meaning = Meaning(
            space, computer.shelf, computer.finder(), computer.reader, self._kept_from_finding
        )
        self.consents = Consents(space.consents, limits.now)
        self.read: set[tuple[int, int]] = set()
        """Conversations that the engine read, and in which life of it."""
        self._ceiling = Level.COOPERATIVE
        self._lowerings = 0
        self._moving = threading.Lock()

    def level(self) -> Level | None:
        """The level in force; None if it cannot be read, which permits nothing."""
        try:
            stored, _version = self.space.level()
        except (Damaged, StorageError):
            return None
        return min(stored, self._ceiling)

    def lower(self, level: Level) -> None:
        """Hold everything at `level` or below from now on, whatever the store can keep."""
        with self._moving:
            self._ceiling = level
            self._lowerings += 1

    def raise_to(self, level: Level) -> bool:
        """Keep a higher level, which the store alone says then; False if `lower` came between.

        Raises StorageError if it cannot be kept.
        """
        before = self._lowerings
        self.space.set_level(level)
        with self._moving:
            if self._lowerings != before:
                return False
            self._ceiling = Level.COOPERATIVE
        return True

    def get(self, key: str) -> Value:
        """A setting's value: the member's own, or the computer's, or the default."""
        setting = find(key)
        if setting.scope is Scope.COMPUTER:
            return self.computer.settings.get(key)
        kept = self.space.setting(key)
        try:
            return setting.default if kept is None else setting.check(kept)
        except Usage:
            return setting.default

    def model(self) -> ShelfModel:
        """The model that answers. Raises NoModel, ModelDamaged, ModelTooBig, StorageError."""
        return self.computer.shelf.choose(str(self.get("assistant.model")))

    def reserved_tasks(self) -> frozenset[TaskKind] | None:
        """Kinds that the member keeps to themselves; None if that cannot be read."""
        kinds = self._guarded("guard.reserved_tasks")
        return None if kinds is None else frozenset(map(TaskKind, kinds))

    def topics_without_ai(self) -> frozenset[Topic] | None:
        """Topics that the member keeps from every AI; None if that cannot be read."""
        topics = self._guarded("guard.topics_without_ai")
        return None if topics is None else frozenset(map(Topic, topics))

    def topics_here(self) -> frozenset[Topic] | None:
        """Topics that the member keeps on this computer; None if that cannot be read."""
        topics = self._guarded("guard.topics_here")
        return None if topics is None else frozenset(map(Topic, topics))

    def resting(self) -> bool:
        """Whether the member's hours without AI are now, or may be."""
        windows = self._guarded("guard.hours_without_ai")
        if windows is None:
            return True
        now = self.limits.now()
        minute = now.hour * 60 + now.minute
        return any(_within(minute, *window(text)) for text in windows)

    def _kept_from_finding(self, model: str) -> frozenset[Topic] | None:
        """Topics of which no text is shown to `model`, which finds; None: it is shown nothing."""
        level, limits = self.level(), self.limits.in_force()
        topics = self.topics_without_ai()
        if level is None or limits is None or topics is None or self.resting():
            return None
        if self.limits.time() is not LimitsTime.OPEN:
            return None
        wanted = self.get("assistant.documents") == self.get(SETTING) == "on"
        may = limits.models is None or model in limits.models
        high = min(level, limits.highest) >= Level.AT_MY_SIDE
        return topics | limits.topics if wanted and may and high else None

    def answer_tokens(self) -> int:
        value = self.get("assistant.answer_tokens")
        assert isinstance(value, int)
        return value

    def temperature(self) -> float:
        value = self.get("assistant.temperature")
        assert isinstance(value, float)
        return value

    def top_p(self) -> float:
        value = self.get("assistant.breadth")
        assert isinstance(value, float)
        return value

    def repeat_penalty(self) -> float:
        value = self.get("assistant.repetition")
        assert isinstance(value, float)
        return value

    def adapter(self) -> Adapter | None:
        """What changes the model, if the member chose something; never under limits that name
        models. Raises Usage if it is gone.
        """
        limits = self.limits.in_force()
        name, strength = str(self.get("assistant.adapter")), self.get("assistant.adapter_strength")
        assert isinstance(strength, float)
        if not name or not strength or limits is None or limits.models is not None:
            return None
        return Adapter(self.computer.adapters.file(name), strength)

    def _guarded(self, key: str) -> tuple[str, ...] | None:
        """A list the guard obeys. Unlike `get`, an unreadable one is no default: it closes."""
        setting = find(key)
        try:
            kept = self.space.setting(key)
            value = setting.default if kept is None else setting.check(kept)
        except (Usage, Damaged):
            return None
        assert isinstance(value, tuple)
        return value


def _within(minute: int, begin: int, end: int) -> bool:
    """Whether a minute of the day lies in a window, which may go over midnight."""
    return begin <= minute < end if begin < end else minute >= begin or minute < end
