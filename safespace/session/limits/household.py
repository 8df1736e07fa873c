# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guardian's side of the household: under which limits a space begins on this computer.

They hold in a space that is made or brought back without its guardian being asked, until the
guardian signs others for it. Spaces that were there before are left alone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from safespace.domain import Limits
from safespace.errors import Usage
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.limits.own import OwnLimits, local_now
from safespace.session.limits.papers import Papers
from safespace.session.limits.signer import Signer
from safespace.store.rooms.household import HouseholdTable, Kept
from safespace.store.rooms.limits import LimitsTable
from safespace.store.spaces import SpaceInfo, Spaces


class Household:
    """Any thread; blocks for the store. Raises StorageError and Damaged."""

    def __init__(
        self,
        table: HouseholdTable,
        wards: LimitsTable,
        signer: Signer,
        papers: Papers,
        limits: OwnLimits,
        own: SpaceInfo,
        spaces: Spaces,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self._table = table
        self._wards = wards
        self._signer = signer
        self._papers = papers
        self._limits = limits
        self._own = own
        self._spaces = spaces
        self._clock = clock

    def signed(self) -> bytes | None:
        """What this member signed last for the household, as it was signed."""
        kept = self._table.every()
        if not kept:  # most members sign nothing, and need no key
            return None
        return next((one.document for one in kept if one.key == self._signer.public), None)

    def document(self) -> Document | None:
        """What this member signed for the household, while it holds."""
        signed = self.signed()
        document = documents.read(signed) if signed else None
        return None if document is None or over(document, self._clock()) else document

    def others(self) -> list[Document]:
        """What holds here for the household and somebody else signed."""
        own, now = self._signer.public, self._clock()
        found = (document for document, _data in self._papers.everywhere())
        return [one for one in found if one.key != own and not over(one, now)]

    def set(self, limits: Limits, ends: date | None = None) -> None:
        """Sign the limits that spaces begin under. Raises Usage where another guardian does."""
        if self._limits.document() is not None:
            raise Usage(_("This space has limits itself, so it signs none for the household."))
        if others := self.others():
            raise Usage(
                _("{name} signs the limits of this household.").format(name=others[0].guardian),
                _("Who may take over does it so: safespace space limits take-over"),
            )
        document = self.document()
        if document is None:
            self._table.let_apart(*(info.id for info in self._spaces.list()))
            document = Document(HOUSEHOLD, 0, self._own.name, b"", False, ends, limits)
        version = self._before() + 1
        self._sign(replace(document, version=version, limits=limits, ends=ends))

    def end(self) -> None:
        """Sign that the household has no limits any more. Raises Usage without any."""
        document = self.document()
        if document is None:
            raise Usage(_("You sign no limits for this household."))
        today = self._clock().date()
        self._sign(replace(document, version=self._before() + 1, ends=today))

    def sign_again(self) -> None:
        """Sign it anew, after a change of who may take over."""
        if document := self.document():
            self._sign(replace(document, version=self._before() + 1))

    def take_over(self, document: Document) -> None:
        """Sign from now on what another guardian signed, as `document` says."""
        self._table.let_apart(*(info.id for info in self._spaces.list()))
        for kept in self._table.every():
            if documents.follows(document, documents.read(kept.document)):
                self._table.forget(kept.key)
        self._sign(document)

    def let_apart(self, space: str) -> None:
        """Say that a space need not be under the household's limits."""
        self._table.let_apart(space)

    def outside(self) -> list[str]:
        """Names of spaces that were begun here neither under them nor with a word of the guardian.

        The papers were gone when they were made, or they came in another way.
        """
        if self.document() is None:
            return []
        fine = {self._own.id, *self._table.apart(), *(ward.space for ward in self._wards.wards())}
        return [info.name for info in self._spaces.list() if info.id not in fine]

    def news(self) -> str:
        """What the guardian should know at once: usually nothing."""
        if names := self.outside():
            return _("Begun on this computer without the household's limits: {names}.").format(
                names=", ".join(names)
            )
        return ""

    def _before(self) -> int:
        """The newest version that this member signed, as far as anything here tells."""
        own = self._signer.public
        laid_out = [document for document, _data in self._papers.everywhere()]
        signed = self.signed()
        known = [*laid_out, *([documents.read(signed)] if signed else [])]
        return max((one.version for one in known if one.key == own), default=0)

    def _sign(self, document: Document) -> None:
        data = self._signer.sign(document)
        key = self._signer.public
        self._table.keep(Kept(key, data, bound=False))
        self._papers.take_away()
        self._papers.lay_out(self._own, [(documents.read(data), data)])


def over(document: Document, now: datetime) -> bool:
    """Whether the day of their end has come."""
    return document.ends is not None and now.date() >= document.ends
