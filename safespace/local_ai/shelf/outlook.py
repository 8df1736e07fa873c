# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model would be like on this computer, before it is fetched or loaded.

For every token a model reads all of its weights once, so memory sets the pace, and what was
measured with one model foretells the others:

    tokens per second = bytes of weights per second / size of the file
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from safespace.domain import ModelCard
from safespace.errors import Usage
from safespace.i18n import _
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.engine import ChatTurn, Done, Engine, Generation
from safespace.local_ai.gguf.head import read_head
from safespace.local_ai.machine import Machine
from safespace.local_ai.shelf.fit import WEIGHTS_PER_CORE, WORKING, expected_size, need
from safespace.local_ai.shelf.shelf import ShelfModel

_TASK: Final = "Count from one to two hundred in words."
_TOKENS: Final = 160
_FEWEST: Final = 8
_ANSWERS: Final = 3
"""So many at most are asked for until the count of threads is found."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Bytes of weights per second; `measured` with answers on this computer, or reckoned."""

    weights: float
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """Sizes in bytes. `memory` is what the model needs, of which `available` can be had now and
    `installed` at most; `disk` is what its file still takes, of `free`.
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


def pace_of(models: Iterable[ShelfModel], known: Calibration, machine: Machine) -> Pace:
    """By the largest model that has answered here; by a rule of thumb where none has."""
    answered = ((model, known.of(model.path)) for model in models)
    measured = [(model.size, seen.tokens_per_s) for model, seen in answered if seen]
    if not measured:
        return Pace(WEIGHTS_PER_CORE * machine.processors)
    size, tokens = max(measured)
    return Pace(size * tokens, measured=True)


def of_card(card: ModelCard, machine: Machine, pace: Pace, free: int) -> Outlook:
    """Of a model that would have to be fetched."""
    size = expected_size(card)
    return _outlook(size, size + WORKING, size, machine, pace, free)


def of_model(model: ShelfModel, machine: Machine, pace: Pace, free: int) -> Outlook:
    """Of a model on the shelf. Raises ModelDamaged, StorageError."""
    memory = need(model.size, read_head(model.path))
    return _outlook(model.size, memory, 0, machine, pace, free)


def _outlook(size: int, memory: int, disk: int, machine: Machine, pace: Pace, free: int) -> Outlook:
    return Outlook(
        memory=memory,
        available=machine.available,
        installed=machine.memory,
        disk=disk,
        free=free,
        tokens_per_second=pace.weights / size,
        measured=pace.measured,
    )


def calibrate(engine: Engine, model: ShelfModel) -> Done:
    """Let a model answer until it is known how fast it does; the engine keeps that. Blocks.

    Raises what loading and answering raise, and Usage if it said too little to tell.
    """
    engine.load(model.path)
    last: Done | None = None
    for _answer in range(_ANSWERS):
        request = Generation((ChatTurn("user", _TASK),), _TOKENS)
        for event in engine.generate(request):
            if isinstance(event, Done):
                last = event
        if last and last.threads:
            break
    if last is None or last.tokens < _FEWEST:
        raise Usage(
            _("{model} said too little to measure how fast it is.").format(model=model.name),
            _("Choose another one."),
        )
    return last
