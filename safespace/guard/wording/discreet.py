# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reasons without what a task was about, for the record of what stayed on this computer."""

from typing import Final

from safespace.domain import Reason

_ABOUT: Final = frozenset({"topics"})
"""Values that tell a topic."""
_CODES: Final = {"sensitivity.protected": "topic.protected", "subject.minor": "topic.protected"}
"""Codes that tell whom a text is about, and those that do not."""
ABOUT_SOMEBODY: Final = frozenset({"MINOR"})
"""Types of findings that do."""


def discreet(reason: Reason) -> Reason:
    """The same reason, naming neither a topic nor whom a text is about."""
    values = tuple((key, value) for key, value in reason.values if key not in _ABOUT)
    return Reason(_CODES.get(reason.code, reason.code), values)
