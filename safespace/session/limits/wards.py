# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits this member signs for others: offered, changed, granted once, withdrawn.

Nothing here opens another space: what a guardian knows of one is what it laid out, signed.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from safespace.domain import Level, Limits
from safespace.errors import Usage
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.document import HOUSEHOLD, Document, Unreadable
from safespace.session.limits.exchange import Exchange, Paper
from safespace.session.limits.household import Household
from safespace.session.limits.own import local_now
from safespace.session.limits.signer import Signer
from safespace.store.rooms.limits import LimitsTable, Ward
from safespace.store.spaces import SpaceInfo, Spaces


@dataclass(frozen=True, slots=True)
class Seen:
    """One ward as far as its guardian can tell.

    `accepted`: the version it says is in force; 0 before it accepted any. `went_back_to`: that
    of an older state the space was in at its last unlock; it took the newest again. `asked`: the
    limit it asks to be wider. `ended`: its member ended the limits. `signs_now`: who took over
    from this guardian; empty if nobody did.
    """

    space: str
    name: str
    document: Document
    accepted: int
    went_back_to: int
    asked: str
    ended: bool
    signs_now: str = ""


class Wards:
    """Any thread; blocks for the store. Raises StorageError."""

    def __init__(
        self,
        table: LimitsTable,
        signer: Signer,
        household: Household,
        own: SpaceInfo,
        spaces: Spaces,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self._table = table
        self._signer = signer
        self._household = household
        self._own = own
        self._spaces = spaces
        self._state = spaces.state
        self._clock = clock

    def every(self) -> list[Seen]:
        """All of them, by name; those too that were begun under the household's limits."""
        self._adopt()
        return [self._seen(ward) for ward in self._table.wards()]

    def news(self) -> str:
        """What their guardian should know at once: usually nothing."""
        return " ".join(line for ward in self.every() for line in _news(ward))

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
        self,
        ward: SpaceInfo,
        limits: Limits,
        *,
        adult: bool,
        ends: date | None = None,
        keeper: str | None = None,
    ) -> None:
        """Sign limits for a space: its first, which its member accepts inside, or the next.

        `keeper` keeps its recovery sheet; None: as was said before. Raises Usage for one's own
        space, and for limits of a child without an end.
        """
        if ward.id == self._own.id:
            raise Usage(_("Your own limits are yours: choose your level."))
        known = self._known(ward.id)
        if known is None:
            version = self._signed_before(ward.id) + 1
            first = Document(ward.id, version, self._own.name, b"", adult, ends, limits)
            self._offer(first, ward.name, None, keeper)
        else:
            self.change(known.space, limits, adult=adult, ends=ends, keeper=keeper)

    def change(
        self,
        space: str,
        limits: Limits,
        *,
        adult: bool,
        ends: date | None = None,
        keeper: str | None = None,
    ) -> None:
        """Sign the next limits for a space whose limits this one signs. Raises Usage as `offer`."""
        known = self._expect(space)
        document = replace(_next(known), adult=adult, ends=ends, limits=limits)
        self._offer(replace(document, today=None, until=None), known.name, known.key, keeper)

    def answer(self, space: str, granted: Limits | None, *, always: bool) -> None:
        """Answer a request: these limits from now on, or up to midnight, or None for no."""
        known = self._expect(space)
        if granted is not None:
            changed = replace(_next(known), today=None, until=None)
            if always:
                changed = replace(changed, limits=granted)
            else:
                changed = replace(changed, today=granted, until=self._midnight())
            self._sign(changed, known.name, known.key)
        self._exchange(space).remove(Paper.REQUEST)

    def withdraw(self, space: str) -> None:
        """Sign that there are no limits any more, and forget the space."""
        known = self._expect(space)
        self._sign(replace(_next(known), ends=self._clock().date()), known.name, None)
        self._table.forget_ward(space)
        self._household.let_apart(space)
        self._exchange(space).remove(Paper.NOTICE, Paper.REQUEST, Paper.ENDED)

    def sign_again(self) -> None:
        """Sign everything anew, after a change of who may take over."""
        for known in self._table.wards():
            if documents.read(known.document).space != HOUSEHOLD:
                self._sign(_next(known), known.name, known.key)

    def take_over(self, document: Document) -> None:
        """Sign from now on what another guardian signed, as `document` says."""
        names = {info.id: info.name for info in self._spaces.list()}
        self._sign(document, names.get(document.space, document.space), None)

    def _offer(self, document: Document, name: str, key: bytes | None, keeper: str | None) -> None:
        if document.ends is None and not document.adult:
            raise Usage(
                _("A child's limits need a day of their end, the 18th birthday at the latest."),
                _("Give it: --ends YYYY-MM-DD"),
            )
        document = document if keeper is None else replace(document, keeper=keeper)
        self._sign(document, name, key)

    def _sign(self, document: Document, name: str, key: bytes | None) -> None:
        data = self._signer.sign(document)
        self._table.keep_ward(Ward(document.space, name, data, key))
        self._exchange(document.space).put(Paper.DOCUMENT, data)

    def _seen(self, ward: Ward) -> Seen:
        document = documents.read(ward.document)
        exchange = self._exchange(ward.space)
        signs_now = ""
        with suppress(Unreadable):
            there = documents.read(exchange.read(Paper.DOCUMENT) or b"")
            taken_over = there.key != document.key and documents.follows(there, document)
            signs_now = there.guardian if there.space == ward.space and taken_over else ""
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
        if document.space == HOUSEHOLD:
            document = self._household.document() or document
        return Seen(
            ward.space, ward.name, document, accepted, went_back_to, asked, ended, signs_now
        )

    def _adopt(self) -> None:
        """Have among them the spaces here that say that this member's limits hold in them."""
        household = self._household.document()
        wards = self._table.wards()
        taken = {self._own.id, *(ward.space for ward in wards)}
        known = {ward.key: ward.document for ward in wards if ward.key}
        if self._state is None or not (household or known):
            return
        for info in (info for info in self._spaces.list() if info.id not in taken):
            with suppress(Unreadable, KeyError, TypeError, ValueError):
                notice = documents.read_note(
                    self._exchange(info.id).read(Paper.NOTICE) or b"", None
                )
                key = bytes.fromhex(notice["key"])
                data = known.get(key)  # a space brought back beside itself
                if household and household.key.hex() in notice["households"]:
                    data = self._household.signed()
                if data and notice["space"] == info.id:
                    self._table.keep_ward(Ward(info.id, info.name, data, key))

    def _signed_before(self, space: str) -> int:
        """The version of what lies there from before its limits were withdrawn; 0 for none.

        A space that was not unlocked since then takes only what is newer.
        """
        with suppress(Unreadable):
            left = documents.read(self._exchange(space).read(Paper.DOCUMENT) or b"")
            if left.space == space and left.key == self._signer.public:
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

    def _midnight(self) -> datetime:
        now = self._clock()
        return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def _next(known: Ward) -> Document:
    """What was signed for a space, with its next version; the first after a household's."""
    document = documents.read(known.document)
    version = 1 if document.space == HOUSEHOLD else document.version + 1
    return replace(document, space=known.space, version=version)


def _news(ward: Seen) -> Iterator[str]:
    if ward.ended:
        yield _("“{name}” ended the limits that you signed.").format(name=ward.name)
    if ward.signs_now:
        yield _("{guardian} signs the limits of “{name}” from now on.").format(
            guardian=ward.signs_now, name=ward.name
        )
    if ward.went_back_to:
        yield _("“{name}” went back to limits version {version}, and took yours again.").format(
            name=ward.name, version=ward.went_back_to
        )


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
