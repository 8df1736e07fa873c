# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a detector reports: a kind, a place in the text, and which detector saw it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was found. The values are the stable names for JSON and placeholders."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    IBAN = "IBAN"
    NATIONAL_ID = "NATIONAL_ID"
    ACCOUNT = "ACCOUNT"
    """A customer's or member's number, by its shape."""
    IP = "IP"
    URL = "URL"
    DATE = "DATE"
    AGE = "AGE"
    ADDRESS = "ADDRESS"
    PERSON = "PERSON"
    NAME = "NAME"
    """A word that may be a name: nothing but its spelling says so."""
    PLACE = "PLACE"
    """A town, a country, a river: where something is, and too large to tell who."""
    MINOR = "MINOR"
    """Words about a child."""
    SECRET = "SECRET"  # noqa: S105  the name of a kind


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """From `start` up to `end`, not included, in code points of the text as it was given."""

    start: int
    end: int
    kind: Kind
    detector: str
    """Which rule saw it, such as "card.luhn"."""
