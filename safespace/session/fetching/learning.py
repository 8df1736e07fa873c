# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching a file that nobody has verified yet, for who keeps the catalogue. Not for a shelf.

As with a steward, one permission is for one file: from its address, or the hosts that the keeper
named, cleared and recorded together before the first is asked.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from safespace.domain import Clearance, Destination, Errand, Purpose
from safespace.door.door import Door
from safespace.door.line import Line
from safespace.door.purposes import ON, row_of
from safespace.door.record import End, Journey
from safespace.errors import Moved, StorageError, Unanswered, Usage
from safespace.guard.leaving.clearance import Clearances
from safespace.i18n import _
from safespace.session.fetching.order import Order
from safespace.session.fetching.recorded import entry_of
from safespace.session.turn.desk import Desk
from safespace.store.rooms.activity import Outcome

LARGEST: Final = 64 * 2**30
_HOPS: Final = 5
_OUTCOMES: Final = {
    End.WHOLE: Outcome.ANSWERED,
    End.CUT: Outcome.STOPPED,
    End.FAILED: Outcome.FAILED,
}


class Learning:
    """That of one open space."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        own = desk.computer
        self._clearances = Clearances(own.reader, own.scanner, lambda: None)
        self._door = Door(self._clearances.redeem, self, self._carry)
        self._order = Order("", "", "", (), 0, "")

    def fetch(self, address: str, hosts: tuple[str, ...], target: Path) -> None:
        """Make `target` what lies at `address`. Blocks; one at a time.

        Raises Usage for an address that is none, NotCleared while the switch is off, Unanswered,
        Cut, StorageError.
        """
        self._order = Order("", address.rpartition("/")[2], address, hosts, 0, "")
        if not self._order.allows(address):
            raise Usage(
                _("“{address}” is no address that can be fetched from.").format(address=address),
                _("It begins with https:// and has no name and no password in it."),
            )
        errand = Errand(Destination(address), purpose=Purpose.MODELS, largest=LARGEST)
        on = self._desk.get(row_of(Purpose.MODELS).switch) == ON
        clearance = self._clearances.permit(errand, on)
        try:
            with self._door.send(clearance) as answer, target.open("wb") as out:
                for part in answer:
                    out.write(part)
        except OSError as problem:
            raise StorageError(
                _("{file} could not be written.").format(file=target.name),
                _("Check that there is room and that you may write there."),
            ) from problem

    def _carry(self, errand: Errand, line: Line) -> Iterator[bytes]:
        from safespace.door import transport  # what can open a connection is loaded when one is due

        for _hop in range(_HOPS):
            try:
                yield from transport.carry(errand, line)
            except Moved as moved:
                if not self._order.allows(moved.url):
                    raise
                errand = replace(errand, destination=Destination(moved.url))
            else:
                return
        raise Unanswered(_("It is passed on again and again."), _("Nothing was kept."))

    # As the door's record

    def leaves(self, clearance: Clearance) -> int:
        """Write down that this leaves now. Raises StorageError."""
        del clearance
        return self._desk.space.activity.record(entry_of(self._order, self._desk.level()))

    def ended(self, id_: int, journey: Journey) -> None:
        """Add how it went. Raises StorageError."""
        self._desk.space.activity.end(id_, _OUTCOMES[journey.end])
