# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a text gives away as it is, and with placeholders in it."""

from dataclasses import dataclass

from safespace.domain import Sensitivity
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Findings, Scanner
from safespace.guard.weighing.redact import Placeholders, beside
from safespace.guard.weighing.sensitivity import of_findings


@dataclass(frozen=True, slots=True)
class GivenAway:
    """Two classes, not one; None: that could not be told. `redacted` where there is a need."""

    before: Sensitivity | None
    after: Sensitivity | None
    names_possible: bool
    found: Findings
    redacted: str | None = None


_UNKNOWN = GivenAway(None, None, names_possible=True, found=Findings((), whole=False))


def given_away(
    text: str,
    scanner: Scanner,
    region: str | None = None,
    placeholders: Placeholders | None = None,
) -> GivenAway:
    """Looks through all of `text`. Never raises: lists that cannot be read leave all unknown."""
    try:
        found = scanner.scan(text, region)
        before = of_findings(found)
        names = bool(found.of(Kind.NAME)) or not found.whole
        if before is not Sensitivity.IDENTIFYING:
            return GivenAway(before, before, names, found)
        redacted = (placeholders or Placeholders()).redact(text, scanner, region)
        return GivenAway(before, redacted.after, names, found, redacted.text)
    except (OSError, ValueError, KeyError):
        return _UNKNOWN


def left_in(text: str, scanner: Scanner) -> GivenAway:
    """What a text that is about to leave gives away beside its placeholders. Never raises."""
    try:
        found = scanner.scan(text)
        left = beside(text, found)
    except (OSError, ValueError, KeyError):
        return _UNKNOWN
    names = bool(left.of(Kind.NAME)) or not found.whole
    return GivenAway(of_findings(left), of_findings(left), names, left)
