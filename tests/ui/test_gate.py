# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gate: at level 0 no window, page or dialog has anything that asks a model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QStackedWidget, QWidget

from safespace.domain import Level
from safespace.errors import Known
from safespace.session.entrance import Entrance
from safespace.ui.engagement.steps import Steps
from safespace.ui.gate import Gate
from safespace.ui.kit.ops import Ops
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver
from tests.ui.inviting import inviting
from tests.unit.session.conftest import CARD, EMPTY_MODEL

PLANTED: Final = "Ask the model about this"
OF_OTHERS: Final = {"Only the models ticked here:"}
"""On the sheet that a guardian signs for another's space: it asks nothing here."""


def screens(ada: Driver) -> list[QWidget]:
    """Every page of the window, also those that nothing here knows by name."""
    (stack,) = [
        one for one in ada.main.findChildren(QStackedWidget) if one.isAncestorOf(ada.main.chat)
    ]
    return [page for page in map(stack.widget, range(stack.count())) if page]


def turn_to(ada: Driver, screen: QWidget) -> None:
    """Show a page, with what is to be read on it."""
    stack = screen.parentWidget()
    assert isinstance(stack, QStackedWidget)
    if read := getattr(screen, "read", None):
        read()
        ada.until_idle()
    stack.setCurrentWidget(screen)
    ada.until(screen.isVisible)


def walk(ada: Driver) -> dict[str, set[str]]:
    """What asks a model on each page, and in each dialog or page that a button with “…" opens."""
    found: dict[str, set[str]] = {}
    for screen in screens(ada):
        turn_to(ada, screen)
        name = type(screen).__name__
        found[name] = inviting(ada.main)
        opening = [name for name in ada.buttons(screen) if name.endswith("…")]
        for button in opening:
            turn_to(ada, screen)
            ada.press(button, screen)
            ada.until_idle()
            for window in open_windows():
                found[f"{name}: {button}"] = inviting(window) | found.get(
                    f"{name}: {button}", set()
                )
            close_dialogs()
    return found


def open_windows() -> list[QWidget]:
    """Every window that is up; what a file dialog of Qt's holds is not ours."""
    return [window for window in QApplication.topLevelWidgets() if window.isVisible()]


def close_dialogs() -> None:
    for window in open_windows():
        if isinstance(window, QDialog):
            window.reject()


def plant(screen: QWidget) -> None:
    planted = QPushButton(PLANTED, screen)
    planted.show()


def test_no_window_at_level_0_asks_a_model(at_home: Driver) -> None:
    at_home.ask("Tell me something")
    at_home.ask("Was ist Fotosynthese und wie funktioniert sie?")
    open_at_1 = walk(at_home)
    assert {"Ask", "Answer again", "Ask this model anyway, once"} <= open_at_1["ConversationView"]
    assert "Model" in open_at_1["SettingsScreen"]
    assert "BringPart" in open_at_1["ModelsScreen"]

    turn_to(at_home, at_home.main.settings)
    at_home.main.go_to_level(Level.NO_AI)
    assert inviting(at_home.main) == set()  # also without a page being made anew
    at_home.until_idle()
    closed = {name: words - OF_OTHERS for name, words in walk(at_home).items()}
    assert {name: words for name, words in closed.items() if words} == {}
    assert len(closed) > len(screens(at_home)) + 5, "no dialog was opened"

    for screen in screens(at_home):
        plant(screen)
    planted = walk(at_home)
    assert {type(screen).__name__ for screen in screens(at_home)} == {
        name for name, words in planted.items() if PLANTED in words and ":" not in name
    }


def test_what_is_made_while_the_gate_is_closed_stays_hidden(at_home: Driver) -> None:
    at_home.ask("Tell me something")
    at_home.main.go_to_level(Level.NO_AI)
    at_home.press("New conversation")
    at_home.until_idle()
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: len(at_home.messages) == 2)
    assert inviting(at_home.main) == set()
    at_home.main.go_to_level(Level.WHEN_I_ASK)
    at_home.press("Go to level 1")
    at_home.until(lambda: at_home.main.level is Level.WHEN_I_ASK)
    assert {"Ask", "Answer again"} <= inviting(at_home.main)


def test_another_try_is_withdrawn_with_ai(at_home: Driver, home: Path) -> None:
    (home / "models" / CARD.file).write_bytes(EMPTY_MODEL + b"damaged")
    at_home.type("Your question", "Tell me something")
    at_home.enter()
    at_home.until(lambda: "Ask again" in at_home.buttons())
    at_home.main.go_to_level(Level.NO_AI)
    assert at_home.main.messages.isVisible()
    assert "Ask again" not in at_home.buttons()
    at_home.main.messages.say(Known("Something else."), lambda: None, "Do it")
    at_home.main.gate.opened.emit(False)
    assert "Do it" in at_home.buttons()


def test_the_panic_key_works_from_every_window(at_home: Driver) -> None:
    at_home.main.go_to_level(Level.AT_MY_SIDE)
    at_home.press("Go to level 2")
    at_home.until(lambda: at_home.main.level is Level.AT_MY_SIDE)
    at_home.main.go_to_level(Level.COOPERATIVE)  # a question is open, and in front
    assert at_home.window is not at_home.main
    QTest.keyClick(at_home.window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert at_home.main.gate.level == Level.NO_AI
    assert at_home.window is at_home.main
    at_home.until(partial(_kept_at, at_home, Level.NO_AI))


def test_another_key_is_no_panic(at_home: Driver) -> None:
    for key, with_ in (
        (Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier),
    ):
        field = at_home.main.chat.composer.focusProxy()
        assert field
        QTest.keyClick(field, key, with_)
    assert at_home.main.level is Level.WHEN_I_ASK
    assert at_home.main.chat.composer.text == "0"


class Late:
    """A background that does nothing until it is told to."""

    def __init__(self) -> None:
        self.works: list[Callable[[], object]] = []

    def run(self, _owner: object, work: Callable[[], object], *_then: object, **_how: bool) -> None:
        self.works.append(work)


def test_a_way_up_that_is_overtaken_comes_to_nothing(at_home: Driver) -> None:
    late = Late()
    main, session = at_home.main, at_home.main._session
    steps = Steps(main, session, main.gate, cast(Ops, late), main.messages.say)
    steps.go(Level.AT_MY_SIDE)
    at_home.press("Go to level 2")
    steps.go(Level.NO_AI)
    assert main.level is Level.NO_AI
    up, down = late.works
    assert [down(), up()] == [Level.NO_AI, Level.NO_AI]
    assert session.level() is Level.NO_AI


def test_the_entrance_asks_no_model(echo: Entrance, come_in: Callable[[Entrance], Driver]) -> None:
    for name in ("Ada", "Ben"):
        echo.create(name, PASSPHRASE)[0].close()
    ada = come_in(echo)
    for way, back in (("Bring a space back", "Back"), ("Ada", "Somebody else")):
        assert inviting(ada.entrance) == set()
        ada.press(way)
        assert inviting(ada.entrance) == set()
        ada.press(back)
    plant(ada.entrance)
    assert inviting(ada.entrance) == {PLANTED}


def test_a_gate_tells_once(at_home: Driver) -> None:
    gate = Gate(Level.WHEN_I_ASK)
    told: list[object] = []
    gate.turned.connect(told.append)
    gate.opened.connect(told.append)
    for level in (Level.WHEN_I_ASK, Level.AT_MY_SIDE, Level.NO_AI, Level.NO_AI, Level.WHEN_I_ASK):
        gate.turn(level)
    assert told == [Level.AT_MY_SIDE, False, Level.NO_AI, True, Level.WHEN_I_ASK]


def _kept_at(ada: Driver, level: Level) -> bool:
    found: list[Level] = []
    ada.main.ops.run(ada.main, ada.main._session.level, found.append)
    ada.until(lambda: bool(found))
    return found[0] is level
