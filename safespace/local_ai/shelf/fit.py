# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does a model fit this computer? Pure reckoning, stated so that it can be checked.

    need = (file + cache) × the part that is on no graphics card + working memory
    cache = 2 bytes × layers × key/value heads × (key length + value length) × tokens

The file is mapped whole; the cache holds keys and values in 16 bits for each token of the
conversation (llama.cpp's default); working memory is the process with its buffers.

    room = the sum over the graphics cards of (memory − working memory)
    layers on cards = layers × room ÷ (file + cache of the longest conversation), rounded down

A layer's weights are its part of the file; what is no layer (the embeddings at both ends) goes
along only when all layers do, as llama.cpp has it (`n_gpu_layers` in llama.h). A card does not
run out in the middle of a conversation, since there is room for the longest.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from safespace.errors import ModelTooBig
from safespace.i18n import _
from safespace.local_ai.gguf.head import Head, read_head
from safespace.local_ai.machine import Card, Machine

if TYPE_CHECKING:  # the worker reckons with this too, and starts sooner for what it leaves out
    from safespace.domain import ModelCard

FIRST_TOKENS: Final = 1024
"""A conversation of this length must fit, or the model is not loaded."""
WORKING: Final = 100 * 2**20
"""The worker's own memory and buffers: more with wide models than with the starter model."""
LONGEST: Final = 8192
"""Tokens of a conversation that cards have room for besides the model."""
CARD_WORKING: Final = 512 * 2**20
"""Bytes of a card that are left alone: buffers of the computation, and a screen's."""
MOST_TOKENS: Final = 4 * LONGEST
"""Of the conversations whose states a worker keeps, and of copies of them."""
MOST_WORKING: Final = 2**30
BYTES_PER_PARAMETER: Final = 0.61
"""Of a file in the usual Q4_K_M quantisation: about 4.85 bits per weight."""
WEIGHTS_PER_CORE: Final = 5e9
"""Bytes of weights that one core gets through in a second; measured with the starter model on
a two-core virtual machine. A rule of thumb: memory decides on large computers."""
READING_PACE: Final = 5.0
"""Tokens per second below which waiting for an answer is a nuisance: about four words."""


def need(size: int, head: Head, on_card: float = 0.0) -> int:
    """Bytes of memory that a model file of `size` bytes with this head needs when this part of
    it is on graphics cards that have memory of their own.
    """
    return int((size + cache_of_a_token(head) * FIRST_TOKENS) * (1 - on_card)) + WORKING


def room(memory: Iterable[int]) -> int:
    """Bytes that a model may take of cards with so much memory each."""
    return sum(max(0, card - CARD_WORKING) for card in memory)


def layers_on_cards(size: int, head: Head, room: int) -> int:
    """How many layers of a model file of `size` bytes go to cards with so much `room`; one more
    than there are stands for everything.
    """
    count = head.number("block_count")
    if not count:
        return 0
    whole = size + cache_of_a_token(head) * LONGEST
    return count + 1 if whole <= room else min(count, room * count // whole)


def part_on_cards(size: int, head: Head, room: int) -> float:
    """The same as a part of the model, from 0 to 1."""
    count = head.number("block_count")
    return layers_on_cards(size, head, room) / (count + 1) if count else 0.0


def off_memory(cards: Iterable[Card], part: float) -> float:
    """The part of a model that memory need not hold, since it is on `cards` of their own."""
    return 0.0 if any(card.shares for card in cards) else part


def most(model: Path) -> int:
    """Bytes beyond the mapped file that its worker may take, whatever it finds in the file.

    The weights once more, arranged for this processor; the states of some long conversations;
    and room. It keeps a hostile file from taking the memory of the whole computer.
    Raises ModelDamaged, StorageError.
    """
    head = read_head(model)
    return model.stat().st_size + cache_of_a_token(head) * MOST_TOKENS + MOST_WORKING


def cache_of_a_token(head: Head) -> int:
    """Bytes that each token of a conversation takes."""
    heads = head.number("attention.head_count")
    width = head.number("embedding_length") // heads if heads else 0
    key = head.number("attention.key_length") or width
    value = head.number("attention.value_length") or width
    layers = head.number("block_count")
    return 2 * layers * (head.number("attention.head_count_kv") or heads) * (key + value)


def fits(bytes_needed: int, machine: Machine) -> bool:
    """Whether this much memory can be had now."""
    return bytes_needed <= machine.available


def check_fits(model: Path, machine: Machine) -> None:
    """Raises ModelTooBig, ModelDamaged, StorageError."""
    head, size = read_head(model), model.stat().st_size
    part = part_on_cards(size, head, room(card.free for card in machine.cards))
    needed = need(size, head, off_memory(machine.cards, part))
    if not fits(needed, machine):
        raise ModelTooBig(
            _("This model needs {need} of memory, and {there} are free.").format(
                need=show_bytes(needed), there=show_bytes(machine.available)
            ),
            _("Close other programs, or choose a smaller model."),
        )


def expected_size(card: "ModelCard") -> int:
    """The bytes of its file: as verified, or reckoned from its parameters."""
    return card.size or int(card.parameters * BYTES_PER_PARAMETER)


def suggest(cards: "Iterable[ModelCard]", machine: Machine) -> "ModelCard | None":
    """The largest free model that takes at most half of the memory and answers at reading pace."""
    suitable = [
        card
        for card in cards
        if not card.demonstration
        and not card.finds
        and not card.terms
        and expected_size(card) + WORKING <= machine.memory / 2
        and WEIGHTS_PER_CORE * machine.processors / expected_size(card) >= READING_PACE
    ]
    return max(suitable, key=lambda card: card.parameters, default=None)


def show_bytes(count: int) -> str:
    """A size for a person: "35 kB", "98 MB", "4.7 GB" (decimal, as file windows have it)."""
    if count >= 10**9:
        whole, tenth = f"{count / 10**9:.1f}".split(".")
        return _("{whole}.{tenth} GB").format(whole=whole, tenth=tenth)
    if count >= 10**6:
        return _("{count:.0f} MB").format(count=count / 10**6)
    return _("{count:.0f} kB").format(count=count / 10**3)
