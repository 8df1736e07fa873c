# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window locks when nobody is there: nothing is typed, or the system says so."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from safespace.session.entrance import Entrance
from safespace.session.locking import IdleClock
from safespace.ui.chat.prose import Prose
from safespace.ui.idle import Idle
from safespace.ui.system_locks import SystemLocks
from tests.ui.buses import HARMLESS, SIGNALS, Logind, logind, needs_a_bus
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen


class Hands:
    """Two clocks that a test sets."""

    def __init__(self) -> None:
        self.steady = self.wall = 0.0
        self.clock = IdleClock(lambda: self.steady, lambda: self.wall)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Logind]:
    with logind(tmp_path) as made:
        yield made


def growing(driver: Driver) -> list[Prose]:
    """What a model said, as far as it is to be seen."""
    return seen(driver.window, Prose)


def listen(driver: Driver, system: Logind) -> SystemLocks:
    """Have the window hear the double, and wait until it does."""
    locks = SystemLocks(driver.main, driver.main.ops, system.address, system.address)
    locks.locked.connect(driver.main.lock)
    driver.until(lambda: "Inhibit" in system.asked and "GetSession" in system.asked)
    QTest.qWait(200)  # until the subscriptions have reached the bus
    return locks


def until_locked(driver: Driver, system: Logind, signal: str) -> None:
    """Send `signal` until the window locks: it may not have subscribed yet."""
    driver.until(lambda: (system.tell(signal), driver.afresh)[1] == 1)


@needs_a_bus
@pytest.mark.parametrize("signal", SIGNALS)
def test_the_system_says_that_nobody_is_there(at_home: Driver, system: Logind, signal: str) -> None:
    listen(at_home, system)
    assert at_home.afresh == 0
    until_locked(at_home, system, SIGNALS[signal])


@needs_a_bus
def test_other_signals_lock_nothing(at_home: Driver, system: Logind) -> None:
    listen(at_home, system)
    for signal in HARMLESS:
        system.tell(signal)
    at_home.until(lambda: "Get'" in system.asked)  # it looked who is in front
    QTest.qWait(200)
    assert at_home.afresh == 0
    until_locked(at_home, system, SIGNALS["screen lock"])  # the control


@needs_a_bus
def test_where_no_session_is_named_any_lock_counts(at_home: Driver, tmp_path: Path) -> None:
    with logind(tmp_path, sessions=False) as system:
        listen(at_home, system)
        signal = "say(AT + '/session/_77', 'org.freedesktop.login1.Session', 'Lock')"
        until_locked(at_home, system, signal)


def test_nothing_typed_for_long_enough_locks(at_home: Driver) -> None:
    hands = Hands()
    idle = Idle(at_home.main, hands.clock)
    idle.expired.connect(at_home.main.lock)
    idle.wait(5)
    hands.steady = hands.wall = 299.0
    idle.look()
    assert at_home.afresh == 0
    hands.steady = hands.wall = 300.0
    idle.look()
    assert at_home.afresh == 1


def test_use_of_the_window_starts_the_clock_anew(at_home: Driver) -> None:
    hands = Hands()
    idle = Idle(at_home.main, hands.clock)
    window = at_home.main.windowHandle()
    uses: tuple[Callable[[], object], ...] = (
        lambda: QTest.keyClick(window, Qt.Key.Key_A),
        lambda: QTest.mouseClick(window, Qt.MouseButton.LeftButton),
        lambda: QTest.mouseMove(window, QPoint(20, int(hands.wall) % 300)),
    )
    for number, use in enumerate(uses, start=1):
        hands.steady = hands.wall = 1000.0 * number
        assert hands.clock.seconds > 0
        use()
        at_home.until(lambda: hands.clock.seconds == 0)
    assert idle.minutes == 5  # the strictest, until it was read who uses this account


def test_an_answer_that_runs_does_not_keep_the_space_open(at_home: Driver, echo: Entrance) -> None:
    hands = Hands()
    idle = Idle(at_home.main, hands.clock)
    idle.expired.connect(at_home.main.lock)
    at_home.type("Your question", "#slow " + "and this is the story of the sea " * 50)
    at_home.enter()
    at_home.until(lambda: any("story of" in prose.toPlainText() for prose in growing(at_home)))
    at_home.type("Your question", "a draft")
    hands.wall = 301.0
    idle.look()
    assert at_home.afresh == 1
    session = echo.unlock(echo.find("Ada"), PASSPHRASE)
    try:
        (conversation,) = session.conversations()
        assert session.draft(conversation.id) == "a draft"
        assert [message.partial for message in session.transcript(conversation.id)][1:] == [True]
    finally:
        session.close()
