# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mum and Kim on one computer: what tests of limits in the window share."""

from collections.abc import Callable
from datetime import date

from safespace.domain import Level, Limits, Topic
from safespace.session.entrance import Entrance
from safespace.session.limits.wards import Seen
from safespace.session.session import Session
from tests.ui.driver import Driver

ComeIn = Callable[[Entrance], Driver]
AGREED = Limits(
    Level.WHEN_I_ASK, frozenset({Topic.MONEY}), ((900, 1080),), 30, None, False, override=False
)


class Family:
    """Mum and Kim on one computer; a test walks into one window at a time."""

    def __init__(self, entrance: Entrance, come_in: ComeIn, passphrase: str) -> None:
        self.entrance = entrance
        self._passphrase = passphrase
        self._come_in = come_in
        for name in ("Kim", "Mum"):
            entrance.create(name, self._passphrase)[0].close()

    def limits_of(self, name: str) -> Driver:
        """Somebody's window, on the page on limits."""
        driver = self._come_in(self.entrance)
        if name:  # else there is one that is shown, and the window asks for its passphrase
            driver.press(name)
        driver.unlock(self._passphrase)
        driver.press("Settings")
        driver.until(driver.main.settings.isVisible)
        driver.press("Limits…")
        driver.until(driver.main.limits.isVisible)
        return driver

    def inside(self, name: str, act: Callable[[Session], object]) -> None:
        """What somebody does in their own space, without a window."""
        session = self.entrance.unlock(self.entrance.find(name), self._passphrase, warm=False)
        act(session)
        session.close()

    def agree(self, *, adult: bool = False) -> None:
        kim = self.entrance.find("Kim")
        ends = date(2035, 1, 1)
        self.inside("Mum", lambda mum: mum.wards.offer(kim, AGREED, adult=adult, ends=ends))
        self.inside("Kim", accept)

    def held(self) -> Limits | None:
        held: list[Limits | None] = []
        self.inside("Kim", lambda kim: held.append(kim.limits.in_force()))
        return held[0]

    def seen(self) -> list[Seen]:
        found: list[Seen] = []
        self.inside("Mum", lambda mum: found.extend(mum.wards.every()))
        return found


def accept(session: Session) -> None:
    offered = session.limits.offer()
    assert offered
    session.limits.accept(offered)


def says(driver: Driver, words: str) -> None:
    driver.until(lambda: words in driver.texts)
