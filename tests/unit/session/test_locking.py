# SPDX-License-Identifier: AGPL-3.0-or-later
"""After how long a space locks: by what was chosen, or by who uses this computer account."""

import pytest

from safespace.session import locking
from safespace.session.entrance import Entrance
from safespace.session.session import Session


@pytest.mark.parametrize(
    ("chosen", "account", "spaces", "expected"),
    [
        (0, "unknown", 1, 15),
        (0, "unknown", 2, 5),
        (0, "unknown", 7, 5),
        (0, "shared", 1, 5),
        (0, "alone", 3, 15),
        (1, "alone", 3, 1),
        (240, "shared", 3, 240),
    ],
)
def test_minutes(chosen: int, account: str, spaces: int, expected: int) -> None:
    assert locking.minutes(chosen, account, spaces) == expected


def test_a_second_space_shortens_them(session: Session, entrance: Entrance) -> None:
    assert locking.minutes_for(session, entrance) == 15
    other, _code = entrance.create("Bo", "five other ordinary little words")
    other.close()
    assert locking.minutes_for(session, entrance) == 5
    session.set("lock.account", "alone")
    assert locking.minutes_for(session, entrance) == 15
    session.set("lock.idle_minutes", 2)
    assert locking.minutes_for(session, entrance) == 2


def test_the_longer_of_two_clocks_counts() -> None:
    """One may stand still while the computer sleeps, the other may be set back."""
    steady, wall = [100.0], [5000.0]
    clock = locking.IdleClock(lambda: steady[0], lambda: wall[0])
    assert clock.seconds == 0
    steady[0] += 10
    wall[0] -= 3600
    assert clock.seconds == 10
    wall[0] += 3600 + 500
    assert clock.seconds == 500
    clock.touch()
    assert clock.seconds == 0
