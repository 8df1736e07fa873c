# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits this member signs for others: offered, changed, granted once, withdrawn.

Nothing here opens another space: what a guardian knows of one is what it laid out, signed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.domain import Level, Limits
from safespace.errors import Usage
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.document import Document, Unreadable
from safespace.session.limits.exchange import Exchange, Paper
from safespace.session.limits.own import local_now
from safespace.store.limits import LimitsTable, Ward
from safespace.store.spaces import SpaceInfo, Spaces


@dataclass(frozen=True, slots=True)
class Seen:
    """One ward as far as its guardian can tell.

    `accepted`: the version it says is in force; 0 before it accepted any. `went_back_to`: that
    of an older state the space was in at its last unlock; it took the newest again. `asked`: the
    limit it asks to be wider. `ended`: its member ended the limits.
    """

    space: str
    name: str
    document: Document
    accepted: int
    went_back_to: int
    asked: str
    ended: bool


class Wards:
    """Any thread; blocks for the store. Raises StorageError."""

    def __init__(
        self,
        table: LimitsTable,
        own: SpaceInfo,
        spaces: Spaces,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self._table = table
        self._own = own
        self._spaces = spaces
        self._state = spaces.state
        self._clock = clock

    def every(self) -> list[Seen]:
        """All of them, by name."""
        return [self._seen(ward) for ward in self._table.wards()]

    def others(self) -> list[SpaceInfo]:
        """The spaces here that limits can be signed for, and are not yet, by name.

        A hidden one is found by its name alone.
        """
        taken = {self._own.id, *(ward.space for ward in self._table.wards())}
        return [
            info
            for info in self._spaces.list()
            if info.id not in taken and not (info.damaged or info.hidden)
        ]

    def hidden(self, name: str) -> SpaceInfo:
        """The space of that name which does not show it; takes a while. Raises NoSuchSpace."""
        return self._spaces.hidden(name)

    def offer(
        self, ward: SpaceInfo, limits: Limits, *, adult: bool, ends: date | None = None
    ) -> None:
        """Sign limits for a space: its first, which its member accepts inside, or the next.

        Raises Usage for one's own space, and for limits of a child without an end.
        """
        if ward.id == self._own.id:
            raise Usage(_("Your own limits are yours: choose your level."))
        known = self._known(ward.id)
        before = documents.read(known.document).version if known else self._signed_before(ward.id)
        self._offer(ward.id, ward.name, limits, adult, ends, before, known.key if known else None)

    def change(self, space: str, limits: Limits, *, adult: bool, ends: date | None = None) -> None:
        """Sign the next limits for a space whose limits this one signs. Raises Usage as `offer`."""
        known = self._expect(space)
        before = documents.read(known.document).version
        self._offer(space, known.name, limits, adult, ends, before, known.key)

    def answer(self, space: str, granted: Limits | None, *, always: bool) -> None:
        """Answer a request: these limits from now on, or up to midnight, or None for no."""
        known = self._expect(space)
        if granted is not None:
            document = documents.read(known.document)
            changed = replace(document, version=document.version + 1, today=None, until=None)
            if always:
                changed = replace(changed, limits=granted)
            else:
                changed = replace(changed, today=granted, until=self._midnight())
            self._sign(changed, known.name, known.key)
        self._exchange(space).remove(Paper.REQUEST)

    def withdraw(self, space: str) -> None:
        """Sign that there are no limits any more, and forget the space."""
        known = self._expect(space)
        document = documents.read(known.document)
        today = self._clock().date()
        self._sign(replace(document, version=document.version + 1, ends=today), known.name, None)
        self._table.forget_ward(space)
        self._exchange(space).remove(Paper.NOTICE, Paper.REQUEST, Paper.ENDED)

    def _offer(
        self,
        space: str,
        name: str,
        limits: Limits,
        adult: bool,
        ends: date | None,
        before: int,
        key: bytes | None,
    ) -> None:
        if ends is None and not adult:
            raise Usage(
                _("A child's limits need a day of their end, the 18th birthday at the latest."),
                _("Give it: --ends YYYY-MM-DD"),
            )
        own = self._key().public_key().public_bytes_raw()
        self._sign(Document(space, before + 1, self._own.name, own, adult, ends, limits), name, key)

    def _sign(self, document: Document, name: str, key: bytes | None) -> None:
        data = documents.sign(document, self._key())
        self._table.keep_ward(Ward(document.space, name, data, key))
        self._exchange(document.space).put(Paper.DOCUMENT, data)

    def _seen(self, ward: Ward) -> Seen:
        document = documents.read(ward.document)
        exchange = self._exchange(ward.space)
        accepted = went_back_to = 0
        asked, ended = "", False
        with suppress(Unreadable, KeyError, TypeError, ValueError):
            notice = documents.read_note(exchange.read(Paper.NOTICE) or b"", ward.key)
            if notice["space"] == ward.space:
                accepted, went_back_to = int(notice["version"]), int(notice["went_back_to"])
                if ward.key is None:  # from now on only this key speaks for the space
                    ward = replace(ward, key=bytes.fromhex(notice["key"]))
                    self._table.keep_ward(ward)
        if ward.key:
            with suppress(Unreadable, KeyError):
                request = documents.read_note(exchange.read(Paper.REQUEST) or b"", ward.key)
                asked = str(request["limit"]) if request["space"] == ward.space else ""
            with suppress(Unreadable, KeyError):
                note = documents.read_note(exchange.read(Paper.ENDED) or b"", ward.key)
                ended = note["space"] == ward.space
        return Seen(ward.space, ward.name, document, accepted, went_back_to, asked, ended)

    def _signed_before(self, space: str) -> int:
        """The version of what lies there from before its limits were withdrawn; 0 for none.

        A space that was not unlocked since then takes only what is newer.
        """
        with suppress(Unreadable):
            left = documents.read(self._exchange(space).read(Paper.DOCUMENT) or b"")
            if left.space == space and left.key == self._key().public_key().public_bytes_raw():
                return left.version
        return 0

    def _expect(self, space: str) -> Ward:
        if known := self._known(space):
            return known
        raise Usage(_("You sign no limits for that space."))

    def _known(self, space: str) -> Ward | None:
        return next((ward for ward in self._table.wards() if ward.space == space), None)

    def _exchange(self, space: str) -> Exchange:
        if self._state is None:
            raise Usage(_("There is no folder here to pass limits through."))
        return Exchange(self._state, space)

    def _key(self) -> Ed25519PrivateKey:
        fresh = Ed25519PrivateKey.generate().private_bytes_raw()
        return Ed25519PrivateKey.from_private_bytes(self._table.signing_key(fresh))

    def _midnight(self) -> datetime:
        now = self._clock()
        return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def widened(limits: Limits, limit: str) -> Limits:
    """`limits` without the one that is named."""
    free = Limits()
    match limit:
        case "level":
            return replace(limits, highest=Level.AT_MY_SIDE)
        case "topics":
            return replace(limits, topics=free.topics)
        case "hours":
            return replace(limits, hours=free.hours)
        case "minutes":
            return replace(limits, minutes=free.minutes)
        case "models":
            return replace(limits, models=free.models)
        case "cooperative":
            return replace(limits, cooperative=True)
    raise Usage(_("There is no limit called “{name}”.").format(name=limit))
