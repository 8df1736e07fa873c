# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue that comes with the program."""

from safespace.domain import Topic
from safespace.local_ai.catalogue import Catalogue

CATALOGUE = Catalogue.read()


def test_the_starter_is_an_english_demonstration() -> None:
    starter = CATALOGUE.verified(file="SmolLM2-135M-Instruct.Q4_1.gguf")
    assert starter is not None
    assert starter.demonstration
    assert starter.languages == {"en"}
    assert starter.not_for == set(Topic)
    assert starter == CATALOGUE.verified(size=98_362_432)


def test_nobody_is_found_by_nothing() -> None:
    assert CATALOGUE.verified() is None
    assert CATALOGUE.verified(file="") is None
    assert CATALOGUE.verified(file="other.gguf", size=1) is None


def test_every_card_has_a_source_a_free_licence_and_known_languages() -> None:
    assert len(CATALOGUE.cards) >= 5
    for card in CATALOGUE.cards:
        assert card.source.startswith("https://huggingface.co/")
        assert card.licence in {"Apache-2.0", "MIT"}
        assert all(len(language) == 2 for language in card.languages)
        assert (card.sha256 is None) == (card.size is None) == (card.file == "")


def test_cards_go_from_small_to_large() -> None:
    parameters = [card.parameters for card in CATALOGUE.cards]
    assert parameters == sorted(parameters)
