# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who shares a computer shares its processors: their assistants answer one after another.

Who asks takes a ticket (`tickets`) and answers once nobody holds one that was taken before. A
process that ended holds nothing, so nobody waits for the dead; and one that holds on for long is
passed by, from then on at once. Members of all accounts stand in one line where the system has a
folder for all of them; where it has none, or somebody spoilt it, each account has a line of its
own.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from safespace.i18n import _
from safespace.session.turn.tickets import Tickets, Which, is_held, which

_LOOK_S: Final = 0.1
LONGEST_S: Final = 600.0
"""How long somebody waits, whatever those ahead are doing."""


def in_line() -> str:
    """What a person is told while they wait."""
    return _("Another member's assistant is working on this computer; yours waits its turn.")


def passing_by() -> str:
    """What a person is told who waited for long."""
    return _("Another assistant has kept its turn for ten minutes; yours now works beside it.")


class Line:
    """The line of the first of `offices` that gives out tickets. Any thread."""

    def __init__(self, *offices: Tickets) -> None:
        self._offices = offices
        self._passed: frozenset[Which] = frozenset()
        """Tickets that were waited for too long: nobody waits that long for them again."""

    @contextmanager
    def turn(
        self,
        waiting: Callable[[], None],
        given_up: Callable[[], bool],
        passing: Callable[[], None] = lambda: None,
    ) -> Iterator[None]:
        """Come to one's turn and have it for the block. `waiting` is called once if somebody
        else is at it, and `passing` if they are at it for too long; after that, or after
        `given_up`, the block runs without a turn.

        Where no ticket can be had, it runs at once: an answer matters more than the order.
        """
        with ExitStack() as held:
            ahead = self._take_ticket(held)
            if any(map(is_held, ahead)):
                waiting()
                if not _wait(lambda: any(map(is_held, ahead)), given_up):
                    self._passed |= {which(one) for one in ahead if is_held(one)}
                    passing()
            yield

    def busy(self) -> bool:
        """Whether somebody is at it, or waits for their turn; not who was waited for too long."""
        for office in self._offices:
            with suppress(OSError):
                return any(which(one) not in self._passed for one in office.held())
        return False

    def _take_ticket(self, held: ExitStack) -> tuple[Path, ...]:
        """The tickets that are ahead: of those who were there when this one was taken, so that
        nobody gets ahead later by whatever number.
        """
        for office in self._offices:
            with suppress(OSError):
                ahead = office.take(held)
                self._passed &= {which(one) for one in ahead}  # or they would grow for ever
                return tuple(one for one in ahead if which(one) not in self._passed)
        return ()


def _wait(ahead: Callable[[], bool], given_up: Callable[[], bool]) -> bool:
    """False if it took too long."""
    until = monotonic() + LONGEST_S
    while not given_up() and ahead():
        if monotonic() >= until:
            return False
        sleep(_LOOK_S)
    return True
