# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name that is not told: who types it is recognised, and nobody reads it.

What is kept is an Argon2id print (RFC 9106) of the name, at the price of a guess of the
passphrase. A name is short: whoever has one in mind can still try it.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from safespace.store.keys import wraps
from safespace.store.keys.wraps import Cost


@dataclass(frozen=True, slots=True)
class Veil:
    """The print of a name, the salt and the cost of it."""

    salt: bytes
    print: bytes
    cost: Cost

    def hides(self, name: str) -> bool:
        """Whether this is the name behind it. Takes as long as the cost says; raises SpaceError."""
        return hmac.compare_digest(wraps.derive(folded(name), self.salt, self.cost), self.print)


def over(name: str, cost: Cost) -> Veil:
    """A veil over `name`."""
    salt = secrets.token_bytes(wraps.SALT_BYTES)
    return Veil(salt, wraps.derive(folded(name), salt, cost), cost)


def folded(name: str) -> str:
    """A name as two of them are compared: without regard to case or how its letters are made."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def same(one: str, other: str) -> bool:
    """Whether two names are taken for the same."""
    return folded(one) == folded(other)
