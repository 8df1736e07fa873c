# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members who share a computer share its processors: their assistants answer one after another.

Who asks takes a ticket, a numbered file that its process holds locked, and answers once nobody
holds a lower one. A process that ended holds nothing, so nobody waits for the dead. This is of
one account on this computer: another account's assistants compute beside it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from safespace.i18n import _
from safespace.session.fetching.held import alone

_LOOK_S: Final = 0.1
_TRIES: Final = 100
_DOOR: Final = "door"
"""Held for the moment in which a ticket is taken: so no two have the same number."""


def in_line() -> str:
    """What a person is told while they wait."""
    return _("Another member's assistant is working on this computer; yours waits its turn.")


class Line:
    """The line that lies in `folder`. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def turn(self, waiting: Callable[[], None], given_up: Callable[[], bool]) -> Iterator[None]:
        """Come to one's turn and have it for the block. `waiting` is called once if somebody
        else is at it; after `given_up` the block runs without a turn.

        Where no ticket can be had, it runs at once: an answer matters more than the order.
        """
        with ExitStack() as held:
            ticket: Path | None = None
            with suppress(OSError):
                ticket = self._ticket(held)
            if ticket and self._ahead(ticket):
                waiting()
                while not given_up() and self._ahead(ticket):
                    time.sleep(_LOOK_S)
            yield

    def busy(self) -> bool:
        """Whether somebody is at it, or waits for their turn."""
        with suppress(OSError), self._door():
            return any(_is_held(self._folder / name) for name in list(self._tickets()))
        return False

    def _ticket(self, held: ExitStack) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._door():
            number = max(map(int, self._tickets()), default=0) + 1
            ticket = self._folder / f"{number:012}"
            held.enter_context(alone(ticket))
        held.callback(_forget, ticket)
        return ticket

    @contextmanager
    def _door(self) -> Iterator[None]:
        for _try in range(_TRIES):
            try:
                with alone(self._folder / _DOOR):
                    yield
            except BlockingIOError:
                time.sleep(_LOOK_S / 10)
            else:
                return
        raise BlockingIOError

    def _tickets(self) -> Iterator[str]:
        return (file.name for file in self._folder.iterdir() if file.name.isdecimal())

    def _ahead(self, ticket: Path) -> bool:
        """Whether somebody holds a lower number. Those that nobody holds are cleared away."""
        lower = [name for name in self._tickets() if int(name) < int(ticket.name)]
        return any(_is_held(self._folder / name) for name in lower)


def _is_held(ticket: Path) -> bool:
    try:
        with alone(ticket):
            _forget(ticket)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _forget(ticket: Path) -> None:
    with suppress(OSError):  # Windows keeps it until nobody has it open
        ticket.unlink(missing_ok=True)
