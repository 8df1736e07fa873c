# SPDX-License-Identifier: AGPL-3.0-or-later
"""Layers on a graphics card, on cards that are only reckoned: none was here."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.local_ai.gguf.head import Head
from safespace.local_ai.shelf.fit import cache_of_a_token
from safespace.local_ai.worker.offload import WORKING, cards, layers

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
    assert layers(SIZE, HEAD, 8192, 24 * GIB) == 33
    assert layers(SIZE, HEAD, 8192, 0) == 0
    assert layers(SIZE, HEAD, 8192, WORKING) == 0
    assert layers(SIZE, Head({}), 8192, 24 * GIB) == 0


def test_a_small_card_takes_its_part() -> None:
    half = layers(SIZE, HEAD, 8192, 3 * GIB + WORKING)
    assert half == 32 * 3 // 6  # the cache of 8,192 tokens is one more GiB
    assert cache_of_a_token(HEAD) * 8192 == GIB


@settings(derandomize=True, max_examples=60)
@given(st.integers(0, 40 * GIB), st.integers(0, 2 * GIB), st.integers(1, 32768))
def test_what_goes_there_fits_and_more_room_never_takes_less(
    free: int, more: int, tokens: int
) -> None:
    count = layers(SIZE, HEAD, tokens, free)
    assert count <= layers(SIZE, HEAD, tokens, free + more)
    whole = SIZE + cache_of_a_token(HEAD) * tokens
    assert count * whole / 32 <= free or count == 33


class Devices:
    """As ggml answers for a processor, a card and one that shares the processor's memory."""

    NAMES = (b"Some Processor", b"Some Card", b"Built in")

    def __init__(self) -> None:
        def memory(device: int, free: Any, total: Any) -> None:
            free._obj.value, total._obj.value = device * GIB, 9 * GIB

        self.ggml_backend_dev_count = _function(lambda: 3)
        self.ggml_backend_dev_get = _function(lambda place: place)
        self.ggml_backend_dev_type = _function(lambda device: device)
        self.ggml_backend_dev_description = _function(self.NAMES.__getitem__)
        self.ggml_backend_dev_memory = _function(memory)


def _function(work: Callable[..., Any]) -> Any:
    """One that takes attributes, as a function of a library does."""

    def called(*given: Any) -> Any:
        return work(*given)

    return called


def test_cards_are_found_and_the_processor_is_none() -> None:
    assert cards(Devices()) == [("Some Card", GIB), ("Built in", 2 * GIB)]
