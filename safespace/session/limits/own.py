# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits of the open space: taken in, obeyed, and ended where its member may.

The space keeps the last document it accepted and the guardian's key with it. A paper that is
missing, older, forged, another space's or changed leaves that one in force.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.domain import NO_LIMITS, Limits, LimitsTime
from safespace.errors import Damaged, StorageError, Usage
from safespace.i18n import _
from safespace.session.limits import document as documents
from safespace.session.limits.document import Document, Unreadable
from safespace.session.limits.exchange import Exchange, Paper
from safespace.store.limits import LimitsTable, Use

SLACK: Final = timedelta(minutes=5)
"""So far a clock may go back without closing anything: it was set right."""
REQUESTS: Final = ("level", "topics", "hours", "minutes", "models", "cooperative")
"""What a member can ask for: the limit's name and nothing else."""


def local_now() -> datetime:
    """This moment in the zone of this computer."""
    return datetime.now().astimezone()


class OwnLimits:
    """Thread-safe. `clock` gives this moment in local time; tests move it."""

    def __init__(
        self,
        table: LimitsTable,
        space: str,
        state: Path | None,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self._table = table
        self._space = space
        self._exchange = Exchange(state, space) if state else None
        self._clock = clock
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """This moment by the clock that the limits go by."""
        return self._clock()

    def document(self) -> Document | None:
        """What was accepted and has not come to its end. Raises Unreadable, Damaged."""
        kept = self._table.document()
        if kept is None:
            return None
        document = documents.read(kept)
        return None if self._is_over(document) else document

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
            if self._table.document() is not None:
                now, use = self._clock(), self._table.use()
                latest = max(now, use.latest) if use else now
                self._table.note_use(Use(latest, self._used(use, now) + seconds))

    def offer(self) -> Document | None:
        """Limits that somebody offers to a space without any, signed by whom they name."""
        if self.in_force() != NO_LIMITS or self._table.document() is not None:
            return None
        offered = self._readable(self._paper(Paper.DOCUMENT))
        return None if offered and self._is_over(offered) else offered

    def accept(self, offered: Document) -> None:
        """Accept what `offer` showed. Raises Usage if it is another one by now, StorageError."""
        data = self._paper(Paper.DOCUMENT)
        if data is None or self._readable(data) != offered or self._table.document() is not None:
            raise Usage(_("These limits are not on offer any more."))
        self._table.accept(data)
        self._give_notice()

    def take_in(self, remembered: bytes) -> None:
        """Take the guardian's newest document, if it is newer than the one in force.

        `remembered` is what other spaces' receipts hold: sealed under this space's own key, so
        it was in force here once, and a space that was put back takes it again.
        """
        with suppress(Damaged, StorageError):
            kept, seen = self._both(self._table.document()), self._both(remembered)
            newest = max(filter(None, (kept, seen)), key=_version, default=None)
            went_back_to = 0
            if newest and newest == seen and newest != kept:
                went_back_to = kept[0].version if kept else 0
            offered = self._both(self._paper(Paper.DOCUMENT))
            if newest and offered and _follows(offered[0], newest[0]):
                newest = offered
            if newest and newest != kept:
                self._table.accept(newest[1])
            if newest:
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
        self._table.end()
        if self._exchange:
            with suppress(StorageError):
                self._exchange.put(
                    Paper.ENDED, documents.sign_note({"space": self._space}, self._key())
                )
            self._exchange.remove(Paper.DOCUMENT, Paper.REQUEST)

    def request(self, limit: str) -> None:
        """Ask the guardian to widen one limit, by its name alone. Raises Usage, StorageError."""
        if self.document() is None or self._exchange is None:
            raise Usage(_("This space has no limits."))
        if limit not in REQUESTS:
            raise Usage(_("There is no limit called “{name}”.").format(name=limit))
        note = {"space": self._space, "limit": limit, "at": self._clock().isoformat()}
        self._exchange.put(Paper.REQUEST, documents.sign_note(note, self._key()))

    def remembered(self) -> bytes:
        """What the other spaces shall remember of these limits; empty without any."""
        return self._table.document() or b""

    def asked(self) -> str:
        """The limit that was asked for and not answered yet; empty if there is none."""
        with suppress(Unreadable, KeyError):
            key = self._key().public_key().public_bytes_raw()
            note = documents.read_note(self._paper(Paper.REQUEST) or b"", key)
            return str(note["limit"]) if note["space"] == self._space else ""
        return ""

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
        with suppress(Unreadable):
            found = documents.read(data or b"")
            return found if found.space == self._space else None
        return None

    def _both(self, data: bytes | None) -> tuple[Document, bytes] | None:
        found = self._readable(data)
        return (found, data) if found and data else None

    def _key(self) -> Ed25519PrivateKey:
        fresh = Ed25519PrivateKey.generate().private_bytes_raw()
        return Ed25519PrivateKey.from_private_bytes(self._table.signing_key(fresh))

    def _give_notice(self, went_back_to: int = 0) -> None:
        """Tell the guardian which version holds."""
        document = self._readable(self._table.document())
        if document is None or self._exchange is None:
            return
        key = self._key()
        note = {
            "space": self._space,
            "version": document.version,
            "went_back_to": went_back_to,
            "key": key.public_key().public_bytes_raw().hex(),
        }
        with suppress(StorageError):
            self._exchange.put(Paper.NOTICE, documents.sign_note(note, key))


def _version(found: tuple[Document, bytes]) -> int:
    return found[0].version


def _follows(offered: Document, kept: Document) -> bool:
    """Whether a document may take the place of another: the same guardian's, and newer."""
    return offered.key == kept.key and offered.version > kept.version
