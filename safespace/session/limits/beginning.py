# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a space begins where a household has limits: its guardian is asked, or it is under them.

To be asked is to type the passphrase of one's own space at the entrance: whoever opens it, and
signs with the key in the household's document, is the guardian.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from safespace.errors import NoSuchSpace, Usage, WrongPassphrase
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.bound import beginning
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.limits.exchange import Exchange, Paper
from safespace.session.limits.household import over
from safespace.session.limits.own import local_now
from safespace.session.limits.papers import Found, Papers
from safespace.session.session import Session
from safespace.store.connection import Database
from safespace.store.keys.header import Header
from safespace.store.keys.wraps import SpaceKey
from safespace.store.proofs.receipts import Receipts
from safespace.store.rooms import household, limits
from safespace.store.rooms.household import Kept
from safespace.store.spaces import SpaceInfo, Spaces


@dataclass(frozen=True, slots=True)
class Word:
    """What the guardian said: nothing, or that a space may begin apart from the household's
    limits. `begin` puts it into the space's database, `made` notes it in the guardian's space.
    """

    begin: Callable[[Database], None]
    made: Callable[[str], None]


class Beginning:
    """Any thread; blocks as an unlock does. `unlock` opens a space by its passphrase."""

    def __init__(
        self,
        spaces: Spaces,
        unlock: Callable[[SpaceInfo, str], Session],
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self._spaces = spaces
        self._unlock = unlock
        self._clock = clock

    def household(self) -> list[Document]:
        """What a space begins under if nobody is asked; as a rule none or one."""
        return [document for document, _data in self._found()]

    @contextmanager
    def asked(self, passphrase: str) -> Iterator[Word]:
        """The word of the guardian, who typed `passphrase`, or nothing.

        Raises WrongPassphrase, WaitFirst, InUse; Usage if no guardian is here.
        """
        found = self._found()
        if not (found and passphrase):
            yield Word(beginning(found, None), lambda _space: None)
            return
        session = self._open(found, passphrase)
        try:
            own = session.household.document()
            if own is None or own.key not in (document.key for document, _data in found):
                raise _nobody_to_ask()
            yield Word(beginning(found, own.key), session.household.let_apart)
        finally:
            session.close()

    def bring_back(self, word: Word, database: Database, header: Header, key: SpaceKey) -> None:
        """Put a space that comes out of a backup under the newest limits that are known of it."""
        found: list[Found] = []
        offered = None
        if self._spaces.state:
            folder = self._spaces.root / header.id
            found = documents.several(Receipts(self._spaces.state, folder, key).limits())
            offered = Exchange(self._spaces.state, header.id).read(Paper.DOCUMENT)
        for document, data in found:
            if document.space == HOUSEHOLD:
                household.keep(database, Kept(document.key, data, bound=True))
        before = documents.several(limits.accepted(database) or b"")
        own = [*before, *(one for one in found if one[0].space != HOUSEHOLD)]
        last = max(own, key=lambda one: one[0].version, default=None)
        for one in documents.several(offered or b""):
            if last and one[0].space == header.id and documents.follows(one[0], last[0]):
                last = one
        if last:
            limits.accept(database, last[1])
        word.begin(database)

    def _found(self) -> list[Found]:
        papers = Papers(self._spaces.state, self._spaces.root)
        now = self._clock()
        return [found for found in papers.everywhere() if not over(found[0], now)]

    def _open(self, found: list[Found], passphrase: str) -> Session:
        """The space of the guardian who typed it."""
        names = {document.guardian for document, _data in found}
        asked = [info for info in self._spaces.list() if info.name in names]
        for name in () if asked else names:
            with suppress(NoSuchSpace):
                asked.append(self._spaces.hidden(name))
        for info in asked:
            with suppress(WrongPassphrase):
                return self._unlock(info, passphrase)
        if not asked:
            raise _nobody_to_ask()
        raise WrongPassphrase(
            _("That is not the passphrase of {name}, the guardian.").format(
                name=", ".join(info.name for info in asked)
            ),
            _("Try again, or leave it out: the space begins under the household's limits."),
        )


def _nobody_to_ask() -> Usage:
    return Usage(
        _("No guardian of this household has a space here who could be asked."),
        _("Leave it out: the space begins under the household's limits."),
    )
