# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a space signs: with a key of its own, which nobody sees, naming those who may take over."""

from collections.abc import Mapping
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.session.limits import document as documents
from safespace.session.limits.document import Document, Heir
from safespace.store.rooms.household import HouseholdTable
from safespace.store.rooms.limits import LimitsTable


class Signer:
    """Any thread. Raises StorageError and Damaged."""

    def __init__(self, limits: LimitsTable, household: HouseholdTable) -> None:
        self._limits = limits
        self._household = household

    @property
    def public(self) -> bytes:
        """The public part of the key, by which others know this space."""
        return self.key().public_key().public_bytes_raw()

    def key(self) -> Ed25519PrivateKey:
        """The key, made when it is first needed."""
        fresh = Ed25519PrivateKey.generate().private_bytes_raw()
        return Ed25519PrivateKey.from_private_bytes(self._limits.signing_key(fresh))

    def sign(self, document: Document) -> bytes:
        """The document by this space's key, with the heirs of today."""
        heirs = tuple(Heir(name, key) for name, key in self._household.heirs())
        return documents.sign(replace(document, key=self.public, heirs=heirs), self.key())

    def note(self, fields: Mapping[str, object]) -> bytes:
        """A small note by this space's key."""
        return documents.sign_note(fields, self.key())
