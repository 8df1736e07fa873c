# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model would be like on this computer, before it is fetched or loaded.

For every token a model reads all of its weights once, so memory sets the pace, and what was
measured with one model foretells the others:

    tokens per second = bytes of weights per second / size of the file

A graphics card has a memory of its own, and so has a model that lies half here, half there: each
of the three is foretold by what was measured of its like, and by nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from safespace.domain import ModelCard
from safespace.errors import Usage
from safespace.i18n import _
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.engine import ChatTurn, Done, Engine, Generation
from safespace.local_ai.gguf.head import read_head
from safespace.local_ai.machine import Card, Machine
from safespace.local_ai.shelf.fit import (
    WEIGHTS_PER_CORE,
    WORKING,
    expected_size,
    need,
    off_memory,
    part_on_cards,
    room,
)
from safespace.local_ai.shelf.shelf import ShelfModel

_TASK: Final = "Count from one to two hundred in words."
_TOKENS: Final = 160
_FEWEST: Final = 8
_ANSWERS: Final = 3
"""So many at most are asked for until the count of threads is found."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Bytes of weights per second on the processor; `measured` with answers on this computer, or
    reckoned. And with a model that is `partly` or `wholly` on a graphics card, 0 if none answered.
    """

    weights: float
    measured: bool = False
    partly: float = 0.0
    wholly: float = 0.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """Sizes in bytes. `memory` is what the model needs, of which `available` can be had now and
    `installed` at most; `disk` is what its file still takes, of `free`; `on_card` the part of it,
    from 0 to 1, that goes to the graphics `cards`. 0 tokens per second: nobody can tell.
    """

    memory: int
    available: int
    installed: int
    disk: int
    free: int
    tokens_per_second: float
    measured: bool
    on_card: float = 0.0
    cards: tuple[Card, ...] = ()

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


def pace_of(
    models: Iterable[ShelfModel],
    known: Calibration,
    machine: Machine,
    own: ShelfModel | None = None,
) -> Pace:
    """By how fast `own` answered here, else the largest of `models` that did; by a rule of thumb
    where none has.
    """
    largest = sorted(models, key=lambda model: model.size, reverse=True)
    processor = partly = wholly = 0.0
    for model in ([own] if own else []) + largest:
        if seen := known.of(model.path):
            pace = model.size * seen.tokens_per_s
            if not seen.on_card:
                processor = processor or pace
            elif seen.whole:
                wholly = wholly or pace
            else:
                partly = partly or pace
    thumb = WEIGHTS_PER_CORE * machine.processors
    return Pace(processor or thumb, bool(processor), partly, wholly)


def of_card(card: ModelCard, machine: Machine, pace: Pace, free: int) -> Outlook:
    """Of a model that would have to be fetched."""
    machine, size = _for(card.finds, machine), expected_size(card)
    part = min(1.0, _room(machine) / size)  # what is in it, nobody knows yet
    memory = int(size * (1 - off_memory(machine.cards, part))) + WORKING
    return _outlook(size, memory, size, machine, pace, free, part)


def of_model(model: ShelfModel, machine: Machine, pace: Pace, free: int) -> Outlook:
    """Of a model on the shelf. Raises ModelDamaged, StorageError."""
    machine, head = _for(model.finds, machine), read_head(model.path)
    part = part_on_cards(model.size, head, _room(machine))
    memory = need(model.size, head, off_memory(machine.cards, part))
    return _outlook(model.size, memory, 0, machine, pace, free, part)


def _for(finds: bool, machine: Machine) -> Machine:
    """What of the computer a model has: one that `finds` leaves the cards to those that answer."""
    return replace(machine, cards=()) if finds else machine


def _room(machine: Machine) -> int:
    """On all of its cards, as if nothing else were on them: what is now, makes way for it."""
    return room(card.total for card in machine.cards)


def _outlook(
    size: int, memory: int, disk: int, machine: Machine, pace: Pace, free: int, part: float
) -> Outlook:
    weights = pace.weights if not part else pace.wholly if part == 1 else pace.partly
    return Outlook(
        memory=memory,
        available=machine.available,
        installed=machine.memory,
        disk=disk,
        free=free,
        tokens_per_second=weights / size,
        measured=bool(weights) if part else pace.measured,
        on_card=part,
        cards=machine.cards,
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
