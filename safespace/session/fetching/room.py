# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's fetching of models: cleared, recorded, handed to a steward, followed, stopped.

One permission is for one file: from the address on its card or the hosts that the card names,
as often as it breaks off. It is redeemed and recorded before the steward begins.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from safespace import isolation
from safespace.domain import Clearance, Destination, Errand, ModelCard, Purpose
from safespace.door.door import Door
from safespace.door.line import Line, cut
from safespace.door.purposes import ON, row_of
from safespace.door.record import Journey
from safespace.errors import Known, StorageError, Usage
from safespace.guard.leaving.clearance import Clearances
from safespace.i18n import _
from safespace.session.fetching.held import standing
from safespace.session.fetching.learning import Learning
from safespace.session.fetching.order import Notes, Order, Progress, Stage
from safespace.session.fetching.recorded import entry_of
from safespace.session.file_lock import is_held
from safespace.session.turn.desk import Desk
from safespace.store.rooms.activity import Outcome

_EVERY_S: Final = 0.2
_PATIENCE_S: Final = 1.0
_BEGUN: Final = "fetching.begun"
"""What is kept in the space of those that were not over when it closed: file, entry."""
_OUTCOMES: Final = {
    Stage.DONE: Outcome.ANSWERED,
    Stage.FAILED: Outcome.FAILED,
    Stage.PAUSED: Outcome.STOPPED,
}


def steward_command(folder: Path) -> tuple[str, ...]:
    """How the steward starts: this program, once more."""
    frozen = getattr(sys, "frozen", False)
    program = (sys.executable,) if frozen else (sys.executable, "-I", "-m", "safespace")
    return (*program, "steward", str(folder))


class Fetching:
    """That of one open space. Any thread. `learning` is for who keeps the catalogue."""

    def __init__(
        self, desk: Desk, command: Callable[[Path], Sequence[str]] = steward_command
    ) -> None:
        self._desk = desk
        self._command = command
        own = desk.computer
        self.folder = own.shelf.folder
        self._clearances = Clearances(own.reader, own.scanner, lambda: None)
        self._door = Door(self._clearances.redeem, self, self._carry)
        self._orders: dict[str, Order] = {}
        self._begun: set[str] = set()
        self.learning = Learning(desk)
        self._lock = threading.Lock()
        self._settle()

    def get(self, card: ModelCard) -> Progress:
        """Begin or go on fetching the file of `card`; returns as soon as that is on record.

        Raises Usage for one that cannot be fetched, NotCleared while the switch is off,
        StorageError.
        """
        try:
            order = Order.of(card)
        except ValueError:
            why = (
                _("{model} cannot be fetched: its card names no address for its file.")
                if card.verified
                else _("{model} cannot be fetched: nobody has verified its file yet.")
            )
            raise Usage(
                why.format(model=card.name),
                _(
                    "Get it with your browser from its maker, {page}, and put it on the shelf."
                ).format(page=card.source),
            ) from None
        errand = Errand(Destination(order.url), purpose=Purpose.MODELS, largest=order.size)
        clearance = self._clearances.permit(errand, self._switched_on())
        self._ready(order)
        with self._lock:
            self._orders[errand.digest] = order
            self._begun.add(order.file)
        self._door.send(clearance)
        return _begun(order, Notes(self.folder, order.file))

    def every(self) -> list[Progress]:
        """Those on this computer that are under way, paused or failed, whoever began them."""
        found = map(self._true, Notes.all(self.folder))
        return [progress for progress in found if progress.stage is not Stage.DONE]

    def of(self, card: ModelCard) -> Progress | None:
        """How far that one is; None if nobody has begun it, or it has long been over."""
        progress = Notes(self.folder, card.file).read()
        if progress is None and (self.folder / card.file).is_file():
            size = card.size or 0
            return Progress(card.name, card.file, size, size, Stage.DONE)
        return self._true(progress) if progress else None

    def pause(self, file: str) -> None:
        """Let it rest; `get` goes on where it was. Raises StorageError."""
        self._write(Notes(self.folder, file).ask_to_pause)

    def drop(self, file: str) -> None:
        """Give it up, and delete what came of it. Raises Usage while it runs, StorageError."""
        notes = Notes(self.folder, file)
        if is_held(notes.held):
            raise Usage(_("It is being fetched just now."), _("Pause it first."))
        self._write(notes.forget)

    def wait(self, seconds: float) -> bool:
        """Wait until none that was begun here is under way; False if one still is."""
        return self._door.wait(seconds)

    def close(self) -> None:
        """Follow no longer: what runs goes on by itself, and the record hears of it later."""
        self._door.cut(purposes=True)
        self._door.wait(_PATIENCE_S)

    # As the door's record

    def leaves(self, clearance: Clearance) -> int:
        """Write down that this leaves now. Raises StorageError."""
        order = self._orders[clearance.errand.digest]
        number = self._desk.space.activity.record(entry_of(order, self._desk.level()))
        self._keep({**self._kept(), order.file: number})
        return number

    def ended(self, id_: int, journey: Journey) -> None:
        """Add how it went, if it is over: the note says so, which the steward writes."""
        del journey
        for file, number in self._kept().items():
            if number == id_:
                self._settle_one(file, number)

    # The steward

    def _carry(self, errand: Errand, line: Line) -> Iterator[bytes]:
        """The door's way of sending this: have a steward do it, and follow that."""
        with self._lock:
            order = self._orders.pop(errand.digest)
        notes = Notes(self.folder, order.file)
        over = self._start(order)
        while not over.wait(_EVERY_S):
            if line.is_cut:
                raise cut()
            if not self._switched_on():
                with suppress(OSError):
                    notes.ask_to_pause()
        with self._lock:
            self._begun.discard(order.file)
        yield from ()

    def _start(self, order: Order) -> threading.Event:
        """Start it; the event says when it has ended."""
        over = threading.Event()
        try:
            process = subprocess.Popen(
                self._command(self.folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=isolation.rebuilt(os.environ),
                start_new_session=True,  # it outlives us
            )
        except OSError:
            over.set()
            return over

        def hand_over() -> None:
            with suppress(OSError):
                process.communicate(f"{order.line()}\n".encode())
            process.wait()
            over.set()

        threading.Thread(target=hand_over, name="steward", daemon=True).start()
        return over

    def _ready(self, order: Order) -> None:
        notes = Notes(self.folder, order.file)
        if is_held(notes.held):
            raise Usage(_("It is being fetched already."), _("“safespace models list” shows it."))

        def begin() -> None:
            self.folder.mkdir(parents=True, exist_ok=True)
            notes.go_on()
            notes.tell(_begun(order, notes))

        self._write(begin)

    def _true(self, progress: Progress) -> Progress:
        """What a note says, unless its steward is gone."""
        return progress if progress.file in self._begun else standing(self.folder, progress)

    def _switched_on(self) -> bool:
        return self._desk.get(row_of(Purpose.MODELS).switch) == ON

    def _write(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as problem:
            raise StorageError(
                _("The model shelf in {folder} cannot be used.").format(folder=self.folder),
                _("Check that there is room and that you may write there."),
            ) from problem

    # What was begun and was not over when the space closed

    def _kept(self) -> dict[str, int]:
        untrusted = self._desk.space.setting(_BEGUN)
        if not isinstance(untrusted, dict):
            return {}
        return {str(file): n for file, n in untrusted.items() if isinstance(n, int)}

    def _keep(self, begun: dict[str, int]) -> None:
        self._desk.space.keep_setting(_BEGUN, begun)

    def _settle(self) -> None:
        with suppress(Known):
            for file, number in self._kept().items():
                self._settle_one(file, number)

    def _settle_one(self, file: str, number: int) -> None:
        progress = Notes(self.folder, file).read()
        stage = self._true(progress).stage if progress else Stage.FAILED
        if stage in _OUTCOMES:
            self._desk.space.activity.end(number, _OUTCOMES[stage])
            begun = self._kept()
            begun.pop(file, None)
            self._keep(begun)
            if stage is Stage.DONE:
                with suppress(OSError):
                    Notes(self.folder, file).forget()


def _begun(order: Order, notes: Notes) -> Progress:
    try:
        done = notes.part.stat().st_size
    except OSError:
        done = 0
    return Progress(order.name, order.file, done, order.size, Stage.RUNNING)
