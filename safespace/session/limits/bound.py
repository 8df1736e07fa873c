# SPDX-License-Identifier: AGPL-3.0-or-later
"""The households that a space knows: which of their limits hold in it, and since when.

A space made or brought back where a household has limits begins under them, and remembers the
newest ones. A paper that is missing, older or forged leaves those in force.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from safespace.session.limits import document as documents
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.limits.papers import Found, Papers, newest
from safespace.store.connection import Database
from safespace.store.rooms import household, limits
from safespace.store.rooms.household import HouseholdTable, Kept
from safespace.store.spaces import SpaceInfo


class Bound:
    """Any thread. Raises StorageError, Damaged, and Unreadable where what it keeps is not read."""

    def __init__(self, table: HouseholdTable, papers: Papers, own: SpaceInfo) -> None:
        self._table = table
        self._papers = papers
        self._own = own

    def documents(self) -> list[Document]:
        """The households' limits that hold here until their guardians sign others."""
        return [documents.read(kept.document) for kept in self._table.every() if kept.bound]

    def any(self) -> bool:
        """Whether there are any."""
        return any(kept.bound for kept in self._table.every())

    def take_in(self, remembered: Iterable[Found]) -> int:
        """Take the newest limits of the households that are known, and lay them out.

        The version this space had gone back to, if others remember a newer one of it; or 0.
        """
        went_back_to = 0
        seen = [found for found in remembered if found[0].space == HOUSEHOLD]
        for document, data in seen:
            if not self._knows(document):  # it was under them once, so it is again
                self._table.keep(Kept(document.key, data, bound=True))
        laid_out = self._papers.near(self._own.id)
        for kept in self._table.every():
            before = documents.read(kept.document)
            for document, data in newest([*seen, *laid_out]):
                if documents.follows(document, before):
                    self._table.keep(Kept(document.key, data, kept.bound), kept.key)
                    if (document, data) in seen:
                        went_back_to = before.version
        known = [(documents.read(kept.document), kept.document) for kept in self._table.every()]
        if known:
            self._papers.lay_out(self._own, known)
        return went_back_to

    def free(self, key: bytes) -> None:
        """Have the limits of the household with this key hold here no more."""
        for kept in self._table.every():
            if kept.key == key:
                self._table.keep(Kept(kept.key, kept.document, bound=False))

    def _knows(self, document: Document) -> bool:
        known = [documents.read(kept.document) for kept in self._table.every()]
        return any(
            document.key == one.key
            or documents.may_follow(document, one)
            or documents.may_follow(one, document)
            for one in known
        )


def beginning(found: Iterable[Found], asked: bytes | None) -> Callable[[Database], None]:
    """What puts a space under the limits that were `found`, before anybody opens it.

    Those whose guardian has the key `asked`, or the space's own, do not hold there.
    """
    laid_out = list(found)

    def begin(database: Database) -> None:
        own = limits.signing_key(database)
        without = {asked, own and documents.public(own)}
        for document, data in laid_out:
            fresh = Kept(document.key, data, document.key not in without)
            for kept in household.every(database):
                old = documents.read(kept.document)
                if documents.follows(document, old):
                    household.forget(database, kept.key)
                elif document.key == old.key:
                    fresh = replace(kept, bound=fresh.bound)
            household.keep(database, fresh)

    return begin
