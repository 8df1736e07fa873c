# SPDX-License-Identifier: AGPL-3.0-or-later
"""Layers on graphics cards: pure reckoning, and what ggml says of its devices."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.local_ai.gguf.head import Head
from safespace.local_ai.machine import Card
from safespace.local_ai.shelf.fit import (
    CARD_WORKING,
    LONGEST,
    cache_of_a_token,
    layers_on_cards,
    part_on_cards,
    room,
)
from safespace.local_ai.worker.offload import cards, tries

GIB = 2**30
HEAD = Head(
    {
        "general.architecture": "llama",
        "llama.block_count": 32,
        "llama.embedding_length": 4096,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
    }
)
SIZE = 5 * GIB


def test_a_large_card_takes_everything_and_a_full_one_nothing() -> None:
    assert layers_on_cards(SIZE, HEAD, 24 * GIB) == 33
    assert part_on_cards(SIZE, HEAD, 24 * GIB) == 1
    assert layers_on_cards(SIZE, HEAD, 0) == 0
    assert layers_on_cards(SIZE, Head({}), 24 * GIB) == 0
    assert part_on_cards(SIZE, Head({}), 24 * GIB) == 0


def test_a_small_card_takes_its_part() -> None:
    assert cache_of_a_token(HEAD) * LONGEST == GIB  # which comes to the five of the file
    assert layers_on_cards(SIZE, HEAD, 3 * GIB) == 32 * 3 // 6


def test_each_card_keeps_some_memory_for_its_work() -> None:
    assert room([]) == 0
    assert room([CARD_WORKING]) == 0
    assert room([GIB, 3 * GIB, 0]) == 4 * GIB - 2 * CARD_WORKING


@settings(derandomize=True, max_examples=60)
@given(st.integers(0, 40 * GIB), st.integers(0, 2 * GIB), st.integers(1, 40 * GIB))
def test_what_goes_there_fits_and_more_room_never_takes_less(
    free: int, more: int, size: int
) -> None:
    count = layers_on_cards(size, HEAD, free)
    assert count <= layers_on_cards(size, HEAD, free + more)
    whole = size + cache_of_a_token(HEAD) * LONGEST
    assert count * whole / 32 <= free or count == 33
    assert 0 <= part_on_cards(size, HEAD, free) <= 1


@given(st.integers(0, 200))
@settings(derandomize=True, max_examples=60)
def test_tries_go_down_to_none(most: int) -> None:
    counts = list(tries(most))
    assert counts[0] == most
    assert counts[-1] == 0
    assert counts == sorted(set(counts), reverse=True)


class Devices:
    """As ggml answers for a processor, a card and one that shares the processor's memory."""

    KINDS = ((b"Some Processor", 0), (b"Some Card", 1), (b"Built in", 2))

    def __init__(self, *devices: int) -> None:
        def memory(device: int, free: Any, total: Any) -> None:
            free._obj.value, total._obj.value = device * GIB, 9 * GIB

        self.ggml_backend_dev_count = _function(lambda: len(devices))
        self.ggml_backend_dev_get = _function(lambda place: devices[place])
        self.ggml_backend_dev_type = _function(lambda device: self.KINDS[device][1])
        self.ggml_backend_dev_description = _function(lambda device: self.KINDS[device][0])
        self.ggml_backend_dev_memory = _function(memory)


def _function(work: Callable[..., Any]) -> Any:
    """One that takes attributes, as a function of a library does."""

    def called(*given: Any) -> Any:
        return work(*given)

    return called


def test_cards_are_found_and_the_processor_is_none() -> None:
    assert cards(Devices(0)) == ()
    assert cards(Devices(0, 1)) == (Card("Some Card", GIB, 9 * GIB),)


def test_one_that_shares_the_memory_is_used_where_there_is_no_other() -> None:
    assert cards(Devices(0, 2)) == (Card("Built in", 2 * GIB, 9 * GIB, shares=True),)
    assert cards(Devices(2, 0, 1)) == (Card("Some Card", GIB, 9 * GIB),)
