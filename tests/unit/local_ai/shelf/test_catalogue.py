# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue that comes with the program."""

from pathlib import Path

from safespace import paths
from safespace.domain import Topic
from safespace.local_ai.shelf.catalogue import Catalogue

CATALOGUE = Catalogue.read()


def test_the_starter_is_an_english_demonstration() -> None:
    starter = CATALOGUE.verified(file="SmolLM2-135M-Instruct.Q4_1.gguf")
    assert starter is not None
    assert starter.demonstration
    assert starter.languages == {"en"}
    assert starter.not_for == {Topic.HEALTH, Topic.MONEY, Topic.LEGAL}
    assert starter == CATALOGUE.verified(size=98_362_432)


def test_nobody_is_found_by_nothing() -> None:
    assert CATALOGUE.verified() is None
    assert CATALOGUE.verified(file="") is None
    assert CATALOGUE.verified(file="other.gguf", size=1) is None


FREE = {"Apache-2.0", "MIT"}


def test_every_card_is_complete_and_says_what_its_licence_forbids() -> None:
    for card in CATALOGUE.cards:
        assert card.source.startswith("https://huggingface.co/")
        assert (card.licence in FREE) == (not card.terms), card.name
        assert all(len(language) == 2 for language in card.languages)
        assert card.languages
        for said in (card.maker, card.data, card.limits):
            assert len(said) >= 3, card.name
        assert card.context >= (128 if card.finds else 2048)
        assert bool(card.not_for) == (card.parameters < 7_000_000_000 and not card.finds)


def test_it_reaches_from_the_smallest_to_the_largest() -> None:
    assert CATALOGUE.cards[0].parameters < 200_000_000
    assert max(card.parameters for card in CATALOGUE.cards) > 14_000_000_000
    makers = " ".join(card.name for card in CATALOGUE.cards)
    for family in ("SmolLM", "Qwen", "Llama", "Gemma", "Mistral", "Phi", "OLMo", "Apertus"):
        assert family in makers


def test_what_nobody_fetched_has_no_value_that_only_a_file_can_give() -> None:
    for card in CATALOGUE.cards:
        assert (card.sha256 is None) == (card.size is None) == (card.file == "")
        assert not card.address or card.verified
        assert card.fetchable == bool(card.address)
    assert [card.name for card in CATALOGUE.cards if card.verified] == ["SmolLM2 135M"]


def test_a_card_is_found_by_its_name_in_whatever_case_and_by_its_file() -> None:
    starter = CATALOGUE.cards[0]
    for name in ("SmolLM2 135M", "smollm2 135m", "SmolLM2-135M-Instruct.Q4_1.gguf"):
        assert CATALOGUE.called(name) == starter
    assert CATALOGUE.called("") is None
    assert CATALOGUE.called("nobody's") is None


def test_only_a_newer_catalogue_takes_the_place_of_ours(tmp_path: Path) -> None:
    ours = (paths.assets() / "models" / "catalogue.toml").read_text("utf-8")
    taken = tmp_path / "catalogue.toml"
    assert Catalogue.newest(taken) == CATALOGUE
    for version, counts in ((CATALOGUE.version, False), (CATALOGUE.version + 1, True)):
        line = f"version = {CATALOGUE.version}\n"
        changed = ours.replace(line, f"version = {version}\n").replace("Qwen3 4B", "Other 4B")
        taken.write_text(changed, "utf-8")
        assert (Catalogue.newest(taken).called("Other 4B") is not None) == counts
    for nonsense in ("", "version = 99", "model = 3\nversion = 99", "[[model]]\nname = 1"):
        taken.write_text(nonsense, "utf-8")
        assert Catalogue.newest(taken) == CATALOGUE


def test_cards_go_from_small_to_large() -> None:
    """And those that find come last."""
    sizes = [(card.finds, card.parameters) for card in CATALOGUE.cards]
    assert sizes == sorted(sizes)
