# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person told about a model that no catalogue knows: a card beside its file.

Somebody who brings a model says which languages it speaks. Nobody vouches for more, so the
card keeps it from every topic that needs care; an adult may ask it anyway.
"""

import json
from pathlib import Path

from safespace.domain import ModelCard, Topic


def write_card(model: Path, languages: frozenset[str]) -> None:
    """Keep what was told. Raises OSError."""
    _file(model).write_text(json.dumps({"languages": sorted(languages)}), "utf-8")


def forget_card(model: Path) -> None:
    """Nothing is told of `model`. Raises OSError."""
    _file(model).unlink(missing_ok=True)


def read_card(model: Path) -> ModelCard | None:
    """The card of `model`; None if nobody told anything that can be read."""
    try:
        untrusted = json.loads(_file(model).read_text("utf-8"))
        languages = frozenset(map(str, untrusted["languages"]))
        size = model.stat().st_size
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return ModelCard(
        name=model.stem,
        file=model.name,
        maker="",
        licence="",
        languages=languages,
        not_for=frozenset(Topic),
        demonstration=False,
        parameters=0,
        size=size,
        sha256=None,
        source="",
    )


def _file(model: Path) -> Path:
    return model.with_name(f"{model.name}.card.json")
