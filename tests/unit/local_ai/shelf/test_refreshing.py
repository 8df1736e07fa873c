# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a fetched file tells is written on its card, and nothing else of a catalogue changes."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from safespace import paths
from safespace.errors import ModelDamaged, NoModel
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.refreshing import facts_of, with_facts
from tests.heads import gguf

OURS = (paths.assets() / "models" / "catalogue.toml").read_text("utf-8")
ADDRESS = "https://models.example/q/Qwen3-4B.gguf"


def test_a_card_gets_what_only_its_file_can_tell(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(gguf({"general.architecture": "llama"}))
    facts = facts_of(file, "Qwen3-4B.gguf", ADDRESS, ("cdn.example",))
    fresh = Catalogue.parse(with_facts(OURS, "Qwen3 4B", facts).encode())
    before = Catalogue.read()
    assert fresh.version == before.version + 1
    card = fresh.called("Qwen3 4B")
    assert card is not None
    assert card.fetchable
    assert card.size == file.stat().st_size
    assert card.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (card.address, card.hosts) == (ADDRESS, ("cdn.example",))
    others = [one for one in fresh.cards if one.name != "Qwen3 4B"]
    assert others == [one for one in before.cards if one.name != "Qwen3 4B"]
    again = with_facts(with_facts(OURS, "Qwen3 4B", facts), "Qwen3 4B", facts)
    assert again.count("sha256 = ") == OURS.count("sha256 = ") + 1
    assert tomllib.loads(again)["version"] == before.version + 2
    assert again.startswith(OURS[:100])


def test_what_is_no_model_gives_no_facts(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text("<html>sign in first</html>", "utf-8")
    with pytest.raises(ModelDamaged):
        facts_of(page, "x.gguf", ADDRESS, ())


def test_a_card_that_is_not_there_is_not_made() -> None:
    with pytest.raises(NoModel):
        with_facts(OURS, "Qwen3", {})
    with pytest.raises(NoModel):
        with_facts(OURS.replace("\nversion = ", "\nv = "), "Qwen3 4B", {})
