# SPDX-License-Identifier: AGPL-3.0-or-later
"""A computer with a guardian, for tests: Mum signs for the household, others begin spaces in it."""

from collections.abc import Callable
from pathlib import Path

from safespace.domain import Level, Limits, Topic
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.spaces import Spaces

from ..conftest import CHEAP
from .test_limits import PASSPHRASE, Family

HOUSE = Limits(Level.WHEN_I_ASK, frozenset({Topic.MONEY}), minutes=30, cooperative=False)
TIGHTER = Limits(Level.NO_AI)
MUMS = "seven otters swim past the mill"


class Household(Family):
    """Mum signs for the household; Bo and others begin spaces in it."""

    def __init__(self, entrance: Entrance, home: Path) -> None:
        super().__init__(entrance, home / "state")
        self.home = home
        self.entrance.acts.new_passphrase(entrance.find("Mum"), PASSPHRASE, MUMS, recovery=False)
        self.paper = home / "state" / "limits" / "household"

    def open(self, name: str) -> Session:
        word = MUMS if name == "Mum" else PASSPHRASE
        return self.entrance.unlock(self.entrance.find(name), word, warm=False)

    def inside(self, name: str, act: Callable[[Session], object]) -> None:
        session = self.open(name)
        try:
            act(session)
        finally:
            session.close()

    def rule(self, limits: Limits = HOUSE) -> None:
        self.mum(lambda mum: mum.household.set(limits))

    def begin(self, name: str, guardian: str = "") -> Limits | None:
        """What holds in a space that was just made."""
        session, _code = self.entrance.create(name, PASSPHRASE, guardian)
        held = session.limits.in_force()
        session.close()
        return held

    def holds(self, name: str) -> Limits | None:
        held: list[Limits | None] = []
        self.inside(name, lambda session: held.append(session.limits.in_force()))
        return held[0]

    def backup(self, name: str) -> Path:
        made: list[Path] = []
        self.inside(name, lambda session: made.append(session.backups.make(self.home).file))
        return made[0]

    def copies(self) -> list[Path]:
        return [self.paper, *(self.home / "spaces").glob("*/household")]


def household(entrance: Entrance, home: Path) -> Household:
    """The spaces of Mum and Kim, with a state folder."""
    spaces = Spaces(home / "spaces", state=home / "state")
    return Household(Entrance(entrance.computer, spaces, CHEAP), home)
