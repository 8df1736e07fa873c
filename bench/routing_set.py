# SPDX-License-Identifier: AGPL-3.0-or-later
"""The routing set: prompts with the right route at each level; one half tunes, one judges."""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from safespace.domain import Route, Sensitivity

FOLDER: Final = Path(__file__).parents[1] / "tests" / "data" / "routing"
LANGUAGES: Final = ("en", "de", "es", "fr")

Half = Literal["tuning", "judging"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says. `routes`: at levels 0 to 4. `unasked`: may go so at level 4."""

    sensitivity: Sensitivity
    routes: tuple[Route, ...]
    unasked: bool
    why: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt and what is right for it."""

    language: str
    topic: str
    name: str
    label: Label
    text: str

    @property
    def half(self) -> Half:
        """By the text alone, so that no prompt ever changes sides."""
        return "judging" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "tuning"


def labels(folder: Path = FOLDER) -> dict[str, Label]:
    """Every label by its name."""
    rows = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
    return {
        name: Label(
            Sensitivity(row["sensitivity"]),
            tuple(Route[route.upper()] for route in row["routes"]),
            row["unasked"],
            row["why"],
        )
        for name, row in rows.items()
    }


def prompts(half: Half | None = None, folder: Path = FOLDER) -> Iterator[Prompt]:
    """All prompts, or one half's."""
    known = labels(folder)
    for language in LANGUAGES:
        for line in (folder / f"{language}.txt").read_text("utf-8").splitlines():
            head, text = line.split("|", 1)
            topic, name = head.split()
            prompt = Prompt(language, topic, name, known[name], text)
            if half in (None, prompt.half):
                yield prompt
