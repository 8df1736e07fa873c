# SPDX-License-Identifier: AGPL-3.0-or-later
"""The models we know something about: their cards, from assets/models/catalogue.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import ModelCard, Topic

_OPTIONAL: Final[Mapping[str, object]] = {"size": None, "sha256": None}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All cards, smallest model first."""

    cards: tuple[ModelCard, ...]

    @classmethod
    def read(cls, file: Path | None = None) -> "Catalogue":
        """The catalogue in `file`, or the one that came with the program."""
        text = (file or paths.assets() / "models" / "catalogue.toml").read_text("utf-8")
        cards = [_card(row) for row in tomllib.loads(text)["model"]]
        return cls(tuple(sorted(cards, key=lambda card: card.parameters)))

    def verified(self, *, file: str | None = None, size: int | None = None) -> ModelCard | None:
        """The card with a checksum that has this file name or this size in bytes."""
        for card in self.cards:
            if card.sha256 is not None and (card.file == file or card.size == size is not None):
                return card
        return None


def _card(row: Mapping[str, Any]) -> ModelCard:
    lists = {
        "languages": frozenset(row["languages"]),
        "not_for": frozenset(map(Topic, row["not_for"])),
    }
    return ModelCard(**{**_OPTIONAL, **row, **lists})
