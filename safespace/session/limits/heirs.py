# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may take over from a guardian: a second one, or whoever holds a paper. And taking over.

Their keys stand in every document that the guardian signs, so that the spaces know them. The
paper is twelve words (BIP-39); its key comes from them by HKDF-SHA256 (RFC 5869).
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.errors import Usage, WrongPassphrase
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.document import Heir, Unreadable
from safespace.session.limits.exchange import Exchange, Paper
from safespace.session.limits.household import Household
from safespace.session.limits.papers import Found, Papers
from safespace.session.limits.signer import Signer
from safespace.session.limits.wards import Wards
from safespace.store.keys.wraps import fresh_recovery_code, from_words
from safespace.store.rooms.household import HouseholdTable
from safespace.store.spaces import SpaceInfo, Spaces

_PAPER: Final = ""


class Heirs:
    """Any thread; blocks for the store. Raises StorageError and Damaged."""

    def __init__(
        self,
        table: HouseholdTable,
        signer: Signer,
        wards: Wards,
        household: Household,
        papers: Papers,
        own: SpaceInfo,
        spaces: Spaces,
        signs_with: Callable[[SpaceInfo, str], bytes],
    ) -> None:
        self._table = table
        self._signer = signer
        self._wards = wards
        self._household = household
        self._papers = papers
        self._own = own
        self._spaces = spaces
        self._signs_with = signs_with

    @property
    def own_key(self) -> bytes:
        """By what others name this member as one who may take over from them."""
        return self._signer.public

    def every(self) -> list[Heir]:
        """Who may take over from this member; without a name: whoever holds the paper."""
        return [Heir(name, key) for name, key in self._table.heirs()]

    def candidates(self) -> list[SpaceInfo]:
        """The spaces here whose members could be named; a hidden one is found by its name."""
        shown = (info for info in self._spaces.list() if not (info.hidden or info.damaged))
        return [info for info in shown if info.id != self._own.id]

    def add(self, info: SpaceInfo, passphrase: str) -> None:
        """Let a member take over, who typed their passphrase: so nobody else can be meant.

        Raises Usage for oneself, and what an unlock raises.
        """
        if info.id == self._own.id:
            raise Usage(_("A second guardian is somebody else."))
        self._table.name_heir(info.name, self._signs_with(info, passphrase))
        self._sign_again()

    def new_paper(self) -> str:
        """Twelve words with which whoever has them takes over; the ones before do no more."""
        code = fresh_recovery_code()
        self._table.name_heir(_PAPER, documents.public(_key_of(code)))
        self._sign_again()
        return code

    def drop(self, name: str) -> None:
        """Let somebody take over no more; the paper, without a name. Raises Usage."""
        if name not in (heir.name for heir in self.every()):
            raise Usage(_("“{name}” may not take over from you.").format(name=name))
        self._table.drop_heir(name)
        self._sign_again()

    def take_over(self, paper: str | None = None) -> list[str]:
        """Sign from now on all limits here that name this member as an heir, or the `paper`.

        The names of the spaces, and that of the household as it stands in a document. Raises
        WrongPassphrase for words that are none, and Usage if there is nothing to take over.
        """
        heir = Ed25519PrivateKey.from_private_bytes(_key_of(paper)) if paper else None
        by = heir.public_key().public_bytes_raw() if heir else self._signer.public
        taken = []
        for document, data in self._laid_out():
            if by not in {one.key for one in document.heirs} or document.key == self.own_key:
                continue
            mine = replace(
                document,
                version=document.version + 1,
                guardian=self._own.name,
                key=self.own_key,
                handed=None,
                before=data,
            )
            if heir:
                mine = replace(mine, handed=documents.hand(mine, heir))
            if document.space == documents.HOUSEHOLD:
                self._household.take_over(mine)
            else:
                self._wards.take_over(mine)
            taken.append(document.space)
        if not taken:
            raise Usage(_("There are no limits here that you may take over."))
        return taken

    def _laid_out(self) -> Iterator[Found]:
        """What guardians signed and lies here for the spaces."""
        for info in self._spaces.list():
            with suppress(Unreadable):
                if self._spaces.state:
                    paper = Exchange(self._spaces.state, info.id).read(Paper.DOCUMENT) or b""
                    document = documents.read(paper)
                    if document.space == info.id:
                        yield document, paper
        yield from self._papers.everywhere()

    def _sign_again(self) -> None:
        self._wards.sign_again()
        self._household.sign_again()


def _key_of(words: str) -> bytes:
    try:
        return from_words(words, b"safespace guardian's paper")
    except WrongPassphrase as problem:
        raise WrongPassphrase(
            _("These are not the words on a guardian's paper."), problem.way_on
        ) from None
