# SPDX-License-Identifier: AGPL-3.0-or-later
"""A space that is being made is open already, so it locks as any other."""

from collections.abc import Callable
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.ui.idle import Idle
from safespace.ui.system_locks import SystemLocks
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver

ComeIn = Callable[[Entrance], Driver]
ON_PAPER = "I have these words on paper, away from this computer"
SHEET = "Do you still have the sheet?"


def press_key(ada: Driver) -> None:
    """Ctrl+L, in the window that is in front."""
    ada.entrance.activateWindow()
    ada.until(ada.entrance.isActiveWindow)
    QTest.keyClick(ada.entrance, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def heard_by(ada: Driver) -> object:
    """What another program's knocks reach now; nothing until it listens."""
    run = ada.entrance._run
    session = ada.main._session if run is None else run.session
    assert session
    return session._hold._accepting and session._hold._handlers


@pytest.fixture
def ada(echo: Entrance, come_in: ComeIn) -> Driver:
    """Ada's entrance, with the recovery code of her new space on the screen."""
    ada = come_in(echo)
    press_key(ada)
    ada.type("Your name", "Ada")
    ada.press("Go on")
    ada.type("Passphrase", PASSPHRASE)
    ada.type("The same once more", PASSPHRASE)
    ada.press("Make my space")
    ada.until(lambda: "Print" in ada.buttons())
    assert ada.afresh == 0  # there was nothing to lock before
    return ada


def test_the_key_locks_it_and_the_paper_is_asked_for_at_once(
    ada: Driver, echo: Entrance, come_in: ComeIn
) -> None:
    """Nobody said that the words are kept, and they are shown no more."""
    press_key(ada)
    ada.until(lambda: ada.afresh == 1)
    assert ON_PAPER not in ada.texts
    assert not echo.is_held(echo.find("Ada"))
    again = come_in(echo)
    again.unlock(PASSPHRASE)
    again.until(lambda: SHEET in again.texts)
    again.press("Not now")
    again.until_idle()
    assert not again.main._session.keys.drill.is_due()


def test_whoever_closes_the_window_then_is_asked_as_well(
    ada: Driver, echo: Entrance, come_in: ComeIn
) -> None:
    ada.leave()
    again = come_in(echo)
    again.unlock(PASSPHRASE)
    again.until(lambda: SHEET in again.texts)
    again.press("Not now")


@pytest.mark.parametrize("sign", [Idle, SystemLocks])
def test_whoever_kept_the_words_is_not_asked(
    ada: Driver, echo: Entrance, come_in: ComeIn, sign: type[Idle | SystemLocks]
) -> None:
    ada.press(ON_PAPER)
    ada.press("Go on")
    (found,) = ada.entrance.findChildren(sign)
    (found.expired if isinstance(found, Idle) else found.locked).emit()
    ada.until(lambda: ada.afresh == 1)
    again = come_in(echo)
    again.unlock(PASSPHRASE)
    again.until_idle()
    assert SHEET not in again.texts


def test_another_program_locks_it(ada: Driver, echo: Entrance) -> None:
    replies: list[object] = []
    info = echo.find("Ada")
    ada.until(lambda: bool(heard_by(ada)))

    def outside() -> None:
        replies.extend(echo.knock(info, "lock"))

    knocking = Thread(target=outside)
    knocking.start()
    ada.until(lambda: ada.afresh == 1)
    knocking.join()
    assert replies == [{"done": True}]
    assert not echo.is_held(info)


def test_the_open_window_takes_over_from_the_entrance(
    ada: Driver, echo: Entrance, come_in: ComeIn
) -> None:
    ada.until(lambda: bool(heard_by(ada)))
    entrance = heard_by(ada)
    ada.press(ON_PAPER)
    ada.press("Go on")
    ada.press("Choose “No AI”")
    ada.until(lambda: ada.is_in)
    ada.until(lambda: heard_by(ada) is not entrance)
    ada.until_idle()
    assert ada.entrance.findChildren(Idle) == []
    assert ada.entrance.findChildren(SystemLocks) == []
    assert len(ada.main.findChildren(Idle)) == 1
    info, session = echo.find("Ada"), ada.main._session
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    replies: list[object] = []
    knocking = Thread(target=lambda: replies.extend(echo.knock(info, "level", to=0)))
    knocking.start()
    knocking.join()
    ada.until(lambda: ada.main.level is Level.NO_AI)  # its own window heard it
    assert replies == [{"done": True}]
