# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits of the open space: taken in, obeyed, and ended where its member may.

The space keeps the last document it accepted and the guardian's key with it. A paper that is
missing, older, forged, another space's or changed leaves that one in force. Besides it, or
without one, the limits of a household hold that the space was begun in; a document by the same
guardian takes their place.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from safespace.domain import NO_LIMITS, Limits, LimitsTime
from safespace.errors import Damaged, StorageError, Usage
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.bound import Bound
from safespace.session.limits.document import Document, Unreadable
from safespace.session.limits.exchange import Exchange, Paper
from safespace.session.limits.signer import Signer
from safespace.session.limits.together import together
from safespace.store.rooms.limits import LimitsTable, Use

SLACK: Final = timedelta(minutes=5)
"""So far a clock may go back without closing anything: it was set right."""
REQUESTS: Final = ("level", "topics", "hours", "minutes", "models", "cooperative")
"""What a member can ask for: the limit's name and nothing else."""


def local_now() -> datetime:
    """This moment in the zone of this computer."""
    return datetime.now().astimezone()


class OwnLimits:
    """Thread-safe. `clock` gives this moment in local time; tests move it.

    `news` is what the member should know since `take_in`: usually nothing.
    """

    def __init__(
        self,
        table: LimitsTable,
        bound: Bound,
        signer: Signer,
        space: str,
        state: Path | None,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self.news = ""
        self._table = table
        self._bound = bound
        self._signer = signer
        self._space = space
        self._exchange = Exchange(state, space) if state else None
        self._clock = clock
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """This moment by the clock that the limits go by."""
        return self._clock()

    def document(self) -> Document | None:
        """What holds and has not come to its end, of several guardians as one.

        Raises Unreadable, Damaged.
        """
        holding = self._holding()
        return together(holding, self._clock()) if holding else None

    def in_force(self) -> Limits | None:
        """The limits now; None if they cannot be read, which permits nothing."""
        try:
            document = self.document()
        except (Unreadable, Damaged, StorageError):
            return None
        return document.at(self._clock()) if document else NO_LIMITS

    def time(self) -> LimitsTime:
        """Whether the limits' hours and minutes are open now."""
        limits, now = self.in_force(), self._clock()
        if limits is None:
            return LimitsTime.UNKNOWN
        if not limits.hours and limits.minutes is None:
            return LimitsTime.OPEN
        try:
            use = self._table.use()
        except (Damaged, StorageError):
            return LimitsTime.UNKNOWN
        if use and now < use.latest - SLACK:
            return LimitsTime.CLOCK
        minute = now.hour * 60 + now.minute
        if limits.hours and not any(begin <= minute < end for begin, end in limits.hours):
            return LimitsTime.HOURS
        if limits.minutes is not None and self._used(use, now) >= limits.minutes * 60:
            return LimitsTime.MINUTES
        return LimitsTime.OPEN

    def note_use(self, seconds: float) -> None:
        """A model worked for so long, up to now. Raises StorageError."""
        with self._lock:
            if self._table.document() is not None or self._bound.any():
                now, use = self._clock(), self._table.use()
                latest = max(now, use.latest) if use else now
                self._table.note_use(Use(latest, self._used(use, now) + seconds))

    def offer(self) -> Document | None:
        """Limits that somebody offers to a space without any, signed by whom they name.

        What a later document took the place of is no offer, though it lies there again.
        """
        if self.in_force() is None or self.document() is not None:
            return None
        offered, kept = self._readable(self._paper(Paper.DOCUMENT)), self._kept()
        if offered is None or self._is_over(offered):
            return None
        return None if kept and documents.follows(kept[0], offered) else offered

    def accept(self, offered: Document) -> None:
        """Accept what `offer` showed. Raises Usage if it is another one by now, StorageError."""
        data = self._paper(Paper.DOCUMENT)
        if data is None or self._readable(data) != offered or self.document() is not None:
            raise Usage(_("These limits are not on offer any more."))
        self._table.accept(data)
        self._give_notice()

    def take_in(self, remembered: bytes) -> None:
        """Take the guardian's newest document, if it is newer than the one in force.

        `remembered` is what other spaces' receipts hold: sealed under this space's own key, so
        it was in force here once, and a space that was put back takes it again.
        """
        found = documents.several(remembered)
        with suppress(Damaged, StorageError, Unreadable):
            held: list[Document] = []
            with suppress(Unreadable):
                held = self._holding()
            went_back_to = self._bound.take_in(found)
            kept = self._both(self._table.document(), of_any_space=True)
            seen = next((one for one in found if one[0].space != documents.HOUSEHOLD), None)
            newest = max(filter(None, (kept, seen)), key=_version, default=None)
            if newest and newest == seen and newest != kept:
                went_back_to = kept[0].version if kept else 0
            offered = self._both(self._paper(Paper.DOCUMENT))
            if offered and self._is_next(offered[0], newest and newest[0]):
                newest = offered
            if newest and newest != kept:
                self._table.accept(newest[1])
            self.news = _told(held, self._holding())
            self._give_notice(went_back_to)

    def end(self) -> None:
        """End them alone, at once. Raises Usage where only the guardian can, StorageError."""
        document = self.document()
        if document is None:
            raise Usage(_("This space has no limits."))
        if not document.adult:
            raise Usage(
                _("Only {name} can end these limits.").format(name=document.guardian),
                _("Ask for it: safespace space limits request"),
            )
        for held in self._holding():
            self._bound.free(held.key)
        self._table.end()
        if self._exchange:
            with suppress(StorageError):
                self._exchange.put(Paper.ENDED, self._signer.note({"space": self._space}))
            self._exchange.remove(Paper.DOCUMENT, Paper.REQUEST)

    def request(self, limit: str) -> None:
        """Ask the guardian to widen one limit, by its name alone. Raises Usage, StorageError."""
        if self.document() is None or self._exchange is None:
            raise Usage(_("This space has no limits."))
        if limit not in REQUESTS:
            raise Usage(_("There is no limit called “{name}”.").format(name=limit))
        note = {"space": self._space, "limit": limit, "at": self._clock().isoformat()}
        self._exchange.put(Paper.REQUEST, self._signer.note(note))

    def asked(self) -> str:
        """The limit that was asked for and not answered yet; empty if there is none."""
        with suppress(Unreadable, KeyError):
            note = documents.read_note(self._paper(Paper.REQUEST) or b"", self._signer.public)
            return str(note["limit"]) if note["space"] == self._space else ""
        return ""

    def _holding(self) -> list[Document]:
        """What holds: the document of this space, and households that it does not replace."""
        kept = self._kept()
        own = [kept[0]] if kept else []
        of_households = [
            document
            for document in self._bound.documents()
            if not own or document.key != own[0].key
        ]
        return [document for document in own + of_households if not self._is_over(document)]

    def _is_next(self, offered: Document, kept: Document | None) -> bool:
        """Whether it holds from now on without a word of the member: changed, or in the place
        of a household's.
        """
        if kept:
            return documents.follows(offered, kept) and not self._is_over(kept)
        households = self._bound.documents()
        return any(documents.may_follow(offered, household) for household in households)

    def _is_over(self, document: Document) -> bool:
        return document.ends is not None and self._today() >= document.ends

    def _today(self) -> date:
        use = self._table.use()
        return (max(self._clock(), use.latest) if use else self._clock()).date()

    def _used(self, use: Use | None, now: datetime) -> float:
        """Seconds of the day that `now` is in."""
        same_day = use and use.latest.astimezone(now.tzinfo).date() == now.date()
        return use.seconds if use and same_day else 0.0

    def _paper(self, paper: Paper) -> bytes | None:
        return self._exchange.read(paper) if self._exchange else None

    def _readable(self, data: bytes | None) -> Document | None:
        """A document for this very space, as its signer wrote it."""
        found = self._both(data)
        return found[0] if found else None

    def _both(
        self, data: bytes | None, *, of_any_space: bool = False
    ) -> tuple[Document, bytes] | None:
        """A document with its bytes; one of another space where this one was brought back."""
        found = next(iter(documents.several(data or b"")), None)
        return found if found and (of_any_space or found[0].space == self._space) else None

    def _kept(self) -> tuple[Document, bytes] | None:
        """What was accepted. Raises Unreadable."""
        kept = self._table.document()
        return None if kept is None else (documents.read(kept), kept)

    def _give_notice(self, went_back_to: int = 0) -> None:
        """Tell the guardian which version holds."""
        kept, households = self._kept(), self._bound.documents()
        if self._exchange is None or not (kept or households):
            return
        note = {
            "space": self._space,
            "version": kept[0].version if kept else max(one.version for one in households),
            "went_back_to": went_back_to,
            "key": self._signer.public.hex(),
            "households": [] if kept else [one.key.hex() for one in households],
        }
        with suppress(StorageError):
            self._exchange.put(Paper.NOTICE, self._signer.note(note))


def _version(found: tuple[Document, bytes]) -> int:
    return found[0].version


def _told(before: Sequence[Document], now: Sequence[Document]) -> str:
    """What a member must hear of a change; of most they see the sheet."""
    if before and not now:
        return _("{name} ended the limits of this space.").format(name=before[0].guardian)
    for document in now:
        if before and document.key not in (held.key for held in before):
            return _("{name} signs the limits of this space from now on.").format(
                name=document.guardian
            )
    return ""
