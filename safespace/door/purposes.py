# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one list of what this application sends besides tasks. docs/privacy.md is made from it."""

from dataclasses import dataclass
from typing import Final

from safespace.domain import Purpose

ON: Final = "on"
"""The value of a switch that lets its purpose through. Every other keeps it in."""


@dataclass(frozen=True, slots=True)
class Row:
    """One purpose: its switch among the settings, and, for the page, what it is in words."""

    purpose: Purpose
    switch: str
    why: str
    to: str
    sent: str
    built: bool


PURPOSES: Final = (
    Row(
        Purpose.MODELS,
        "door.models",
        why="fetching the file of a model",
        to="the address on the model's card, and hosts that the card names",
        sent="the name of the file, once for each time it breaks off; no word of yours, no name and"
        " no number of yours",
        built=True,
    ),
    Row(
        Purpose.UPDATES,
        "door.updates",
        why="asking whether there is a newer version",
        to="where new versions are published",
        sent="nothing but the question",
        built=False,
    ),
    Row(
        Purpose.HUB,
        "door.hub",
        why="membership: plans, votes, accounts",
        to="the server of your cooperative",
        sent="what the members of a cooperative settle with it; nothing from your conversations",
        built=False,
    ),
)


def row_of(purpose: Purpose) -> Row:
    """The row of a purpose."""
    return next(row for row in PURPOSES if row.purpose is purpose)
