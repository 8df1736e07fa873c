# SPDX-License-Identifier: AGPL-3.0-or-later
"""The models we know something about: their cards, from assets/models/catalogue.toml.

A newer catalogue may have been taken since (`trust`): the one with the higher version counts.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.domain import ModelCard, Topic

NAME: Final = "catalogue.toml"
_OPTIONAL: Final[Mapping[str, object]] = {"size": None, "sha256": None}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All cards, smallest model first; those that find come last."""

    cards: tuple[ModelCard, ...]
    version: int = 0

    @classmethod
    def read(cls, file: Path | None = None) -> "Catalogue":
        """The catalogue in `file`, or the one that came with the program."""
        return cls.parse((file or paths.assets() / "models" / NAME).read_bytes())

    @classmethod
    def parse(cls, content: bytes) -> "Catalogue":
        """What a file says. Raises ValueError, KeyError or TypeError if it is no catalogue."""
        read = tomllib.loads(content.decode("utf-8"))
        cards = sorted(map(_card, read["model"]), key=lambda card: (card.finds, card.parameters))
        return cls(tuple(cards), int(read["version"]))

    @classmethod
    def newest(cls, taken: Path) -> "Catalogue":
        """The one that came with the program, or the one in `taken` if that is newer."""
        own = cls.read()
        try:
            other = cls.read(taken)
        except (OSError, ValueError, KeyError, TypeError):
            return own
        return other if other.version > own.version else own

    def verified(self, *, file: str | None = None, size: int | None = None) -> ModelCard | None:
        """The card with a checksum that has this file name or this size in bytes."""
        for card in self.cards:
            if card.sha256 is not None and (card.file == file or card.size == size is not None):
                return card
        return None

    def called(self, name: str) -> ModelCard | None:
        """The card of this name, in whatever case, or of this file."""
        for card in self.cards:
            if name and name.casefold() in (card.name.casefold(), card.file.casefold()):
                return card
        return None


def _card(row: Mapping[str, Any]) -> ModelCard:
    lists = {
        "languages": frozenset(row["languages"]),
        "not_for": frozenset(map(Topic, row["not_for"])),
        "hosts": tuple(row.get("hosts", ())),
    }
    return ModelCard(**{**_OPTIONAL, **row, **lists})
