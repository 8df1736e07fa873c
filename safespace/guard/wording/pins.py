# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a member lets one conversation go, in words."""

from typing import Final

from safespace.domain import Route
from safespace.i18n import N_, _

_SAID: Final = {
    Route.COOP: (N_("As the level allows"), N_("This conversation goes as far as your level.")),
    Route.COOP_REDACTED: (
        N_("Without names and numbers"),
        N_("Nothing of it leaves this computer without names and numbers left out."),
    ),
    Route.LOCAL: (N_("Only here"), N_("Nothing of it leaves this computer, at whatever level.")),
    Route.HUMAN: (N_("Without AI"), N_("No model reads or answers it, at whatever level.")),
}

WORDS: Final = {
    "off": Route.COOP,
    "redacted": Route.COOP_REDACTED,
    "here": Route.LOCAL,
    "no-ai": Route.HUMAN,
}
"""What is typed in the terminal."""


def pin_name(route: Route) -> str:
    """What a pin is called."""
    return _(_SAID[route][0])


def pin_meaning(route: Route) -> str:
    """What it says, in a sentence."""
    return _(_SAID[route][1])
