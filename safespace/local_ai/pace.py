# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast this computer gets through weights: measured with one model, it foretells the others.

For every token a model reads all of its weights once, so memory sets the pace:

    tokens per second = bytes of weights per second / size of the file
"""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from safespace.domain import ModelCard
from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.local_ai.engine import ChatTurn, Done, Engine, Generation
from safespace.local_ai.fit import WEIGHTS_PER_CORE, WORKING, expected_size, need
from safespace.local_ai.gguf import read_head
from safespace.local_ai.machine import Machine
from safespace.local_ai.shelf import ShelfModel

_TASK: Final = "Count from one to one hundred in words."
_TOKENS: Final = 64
_FEWEST: Final = 8


@dataclass(frozen=True, slots=True)
class Pace:
    """Bytes of weights per second, measured with the model file `file`; "": reckoned alone."""

    weights: float
    file: str = ""

    @classmethod
    def reckoned(cls, machine: Machine) -> "Pace":
        """By the rule of thumb."""
        return cls(WEIGHTS_PER_CORE * machine.processors)

    def tokens_per_second(self, size: int) -> float:
        """What a model of `size` bytes would answer with."""
        return self.weights / size


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a model would be like on this computer. Sizes in bytes.

    `memory` is what it needs, of which `available` can be had now and `installed` at most;
    `disk` is what its file still takes, of `free`.
    """

    memory: int
    available: int
    installed: int
    disk: int
    free: int
    tokens_per_second: float
    measured: bool

    @property
    def fits(self) -> bool:
        """Whether it can be loaded as things are."""
        return self.memory <= self.available

    @property
    def ever_fits(self) -> bool:
        """Whether it could be, with everything else closed."""
        return self.memory <= self.installed

    @property
    def has_room(self) -> bool:
        """Whether the disk takes its file."""
        return self.disk <= self.free


def outlook_of_card(card: ModelCard, machine: Machine, pace: Pace, free: int) -> Outlook:
    """Of a model that would have to be fetched."""
    size = expected_size(card)
    return _outlook(size, size + WORKING, size, machine, pace, free)


def outlook_of_model(model: ShelfModel, machine: Machine, pace: Pace, free: int) -> Outlook:
    """Of a model on the shelf. Raises ModelDamaged, StorageError."""
    return _outlook(model.size, need(model.size, read_head(model.path)), 0, machine, pace, free)


def _outlook(size: int, memory: int, disk: int, machine: Machine, pace: Pace, free: int) -> Outlook:
    return Outlook(
        memory=memory,
        available=machine.available,
        installed=machine.memory,
        disk=disk,
        free=free,
        tokens_per_second=pace.tokens_per_second(size),
        measured=bool(pace.file),
    )


def measure(engine: Engine, model: ShelfModel) -> Pace:
    """Let a model answer, and see how fast it does. Blocks for seconds.

    Raises what loading and answering raise, and Usage if it said too little to tell.
    """
    engine.load(model.path)
    request = Generation((ChatTurn("user", _TASK),), _TOKENS)
    with closing(iter(engine.generate(request))) as events:  # type: ignore[type-var]
        for event in events:
            if isinstance(event, Done) and event.tokens >= _FEWEST and event.tokens_per_s > 0:
                return Pace(event.tokens_per_s * model.size, model.path.name)
    raise Usage(
        _("{model} said too little to measure how fast it is.").format(model=model.name),
        _("Choose another one."),
    )


def keep(pace: Pace, file: Path) -> None:
    """Remember what was measured. Raises StorageError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(pace)), "utf-8")
        fresh.replace(file)
    except OSError as problem:
        raise StorageError(
            _("What was measured could not be kept in {folder}.").format(folder=file.parent),
            _("Check that there is room and that you may write there."),
        ) from problem


def kept(file: Path, machine: Machine) -> Pace:
    """What was measured last; reckoned, where nothing was, or it cannot be read."""
    try:
        read = json.loads(file.read_text("utf-8"))
        assert isinstance(read, Mapping)
        pace = Pace(float(read["weights"]), str(read["file"]))
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        return Pace.reckoned(machine)
    return pace if 0 < pace.weights < _FASTEST else Pace.reckoned(machine)


_FASTEST: Final = 1e14
