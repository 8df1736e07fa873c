# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model needs, and what suits a computer."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.domain import ModelCard
from safespace.errors import ModelTooBig
from safespace.local_ai.gguf.head import Head
from safespace.local_ai.machine import Machine, this_machine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.fit import (
    FIRST_TOKENS,
    WORKING,
    check_fits,
    expected_size,
    fits,
    need,
    show_bytes,
    suggest,
)
from tests.heads import write_model

GB = 10**9
STARTER = Head(
    {
        "general.architecture": "llama",
        "llama.block_count": 30,
        "llama.embedding_length": 576,
        "llama.attention.head_count": 9,
        "llama.attention.head_count_kv": 3,
    }
)


def machine(memory: int, available: int | None = None, processors: int = 8) -> Machine:
    return Machine(memory, memory if available is None else available, processors)


def test_the_need_is_file_and_cache_and_working_memory() -> None:
    cache_per_token = 2 * 30 * 3 * (64 + 64)
    assert need(98_362_432, STARTER) == 98_362_432 + cache_per_token * FIRST_TOKENS + WORKING


def test_a_head_that_says_nothing_needs_file_and_working_memory() -> None:
    assert need(1000, Head({})) == 1000 + WORKING


def test_a_model_too_big_says_both_numbers(tmp_path: Path) -> None:
    model = write_model(tmp_path / "big.gguf")
    check_fits(model, machine(GB))
    with pytest.raises(ModelTooBig, match=r"needs 105 MB of memory, and 50 MB are free"):
        check_fits(model, machine(8 * GB, available=50_000_000))


CARDS = Catalogue.read().cards


@pytest.mark.parametrize(
    ("memory", "processors", "name"),
    [
        (GB // 2, 2, None),
        (1 * GB, 2, "Qwen3 0.6B"),
        (4 * GB, 2, "SmolLM3 3B"),
        (8 * GB, 4, "Qwen3 4B"),
        (16 * GB, 8, "Mistral Nemo 12B"),
        (32 * GB, 16, "Qwen3 14B"),
    ],
)
def test_suggestions(memory: int, processors: int, name: str | None) -> None:
    card = suggest(CARDS, machine(memory, processors=processors))
    assert (card.name if card else None) == name


def test_no_model_with_terms_is_suggested() -> None:
    restricted = [replace(card, terms="Not for you.") for card in CARDS]
    assert suggest(restricted, machine(32 * GB, processors=16)) is None


@settings(derandomize=True, max_examples=50)
@given(st.integers(0, 10**12), st.integers(1, 128))
def test_a_suggestion_fits_and_is_no_demonstration(memory: int, processors: int) -> None:
    card = suggest(CARDS, machine(memory, processors=processors))
    if card is not None:
        assert not card.demonstration
        assert fits(expected_size(card) + WORKING, machine(memory))


def test_a_larger_computer_never_gets_a_smaller_model() -> None:
    sizes = [suggest(CARDS, machine(gb * GB, processors=gb)) for gb in range(1, 64)]
    parameters = [card.parameters if card else 0 for card in sizes]
    assert parameters == sorted(parameters)


def test_a_verified_size_counts_for_itself() -> None:
    card = CARDS[0]
    assert isinstance(card, ModelCard)
    assert expected_size(card) == card.size == 98_362_432


@pytest.mark.parametrize(
    ("count", "shown"), [(98_362_432, "98 MB"), (4_680_000_000, "4.7 GB"), (35_149, "35 kB")]
)
def test_sizes_for_people(count: int, shown: str) -> None:
    assert show_bytes(count) == shown


def test_this_computer_has_memory_and_processors() -> None:
    here = this_machine()
    assert here.memory >= here.available > 0
    assert here.processors >= 1
