# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the address of a link would carry out of this computer: judged as outgoing text is."""

import re
from typing import Final

from safespace.domain import Sensitivity
from safespace.guard import wording
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner
from safespace.guard.weighing.sensitivity import of_finding

_BETWEEN: Final = re.compile(r"[/?&=#+:;,|]+")
"""What parts an address, so that what stands between is read as if it stood alone."""
_RECIPIENT: Final = re.compile(r"\Amailto:[^?]*", re.IGNORECASE)
"""Whom a letter goes to is what such a link is for."""


def carried(shown: str, decoded: str, scanner: Scanner) -> tuple[str, ...] | None:
    """What stands in an address, as it is shown and with its codes decoded: each kind in words.

    None if it could not be looked through.
    """
    kinds: set[Kind] = set()
    try:
        for text in (shown, decoded):
            found = scanner.scan(_BETWEEN.sub("\n", _RECIPIENT.sub("", text)))
            if not found.whole:
                return None
            kinds |= {one.kind for one in found.all if of_finding(one) >= Sensitivity.IDENTIFYING}
    except (OSError, ValueError):
        return None
    return tuple(wording.found_name(kind) for kind in Kind if kind in kinds)
