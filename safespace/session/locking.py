# SPDX-License-Identifier: AGPL-3.0-or-later
"""After how long with nobody there a space locks by itself."""

import time
from collections.abc import Callable
from typing import Final

from safespace.session.entrance import Entrance
from safespace.session.session import Session

SHARED: Final = 5
ALONE: Final = 15


def minutes(chosen: int, account: str, spaces: int) -> int:
    """The minutes in force: those `chosen`, or by who uses this computer account.

    0 was not chosen. `account` is the setting `lock.account`; where nothing was said, more than
    one of the `spaces` here means that it is shared.
    """
    if chosen:
        return chosen
    shared = spaces > 1 if account == "unknown" else account == "shared"
    return SHARED if shared else ALONE


def minutes_for(session: Session, entrance: Entrance) -> int:
    """Those in force for an open space. Blocks briefly."""
    chosen, account = session.get("lock.idle_minutes"), session.get("lock.account")
    assert isinstance(chosen, int)
    return minutes(chosen, str(account), len(entrance.spaces()))


class IdleClock:
    """How long nobody was there, by whichever clock says longer.

    The monotonic one may stand still while the computer sleeps, and the wall clock may be set
    back. Any thread.
    """

    def __init__(
        self,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._clocks = (steady, wall)
        self.touch()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = [clock() for clock in self._clocks]

    @property
    def seconds(self) -> float:
        """Since the last touch."""
        now = (clock() for clock in self._clocks)
        return max(then - before for then, before in zip(now, self._touched, strict=True))
