# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every control has a name and can be reached with the keyboard; answers are announced once."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from safespace.domain import Level
from safespace.session.entrance import Entrance
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QListWidget, QPlainTextEdit, QTextBrowser)


def nameless(window: QWidget) -> list[str]:
    """Controls without a name as a screen reader gets it, or that Tab never reaches."""
    found = []
    for control in (widget for kind in CONTROLS for widget in seen(window, kind)):
        if control.objectName().startswith("qt_"):
            continue  # inside one of Qt's own
        interface = QAccessible.queryAccessibleInterface(control)
        name = interface.text(QAccessible.Text.Name) if interface else ""
        if not name or not control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(f"{type(control).__name__} “{name}”")
    return found


def test_the_search_finds_a_nameless_control(at_home: Driver) -> None:
    planted = QPushButton(at_home.main)
    planted.show()
    assert nameless(at_home.main) == ["QPushButton “”"]
    planted.deleteLater()


def test_every_control_of_the_entrance_has_a_name(
    echo: Entrance, come_in: Callable[[Entrance], Driver]
) -> None:
    ada = come_in(echo)
    pages: list[str] = []

    def look() -> None:
        assert nameless(ada.window) == []
        pages.append(ada.entrance.page.heading.text())

    look()
    ada.type("Your name", "Ada")
    ada.press("Go on")
    look()
    ada.type("Passphrase", PASSPHRASE)
    ada.type("The same once more", PASSPHRASE)
    ada.press("Make my space")
    ada.until(lambda: "Print" in ada.buttons())
    look()
    ada.press("I have these words on paper, away from this computer")
    ada.press("Go on")
    look()
    ada.press("Choose “When I ask”")
    ada.until(lambda: "Begin" in ada.buttons())
    look()
    assert len(set(pages)) == 5


def test_every_control_of_the_window_has_a_name(at_home: Driver) -> None:
    at_home.ask("Tell me something with [a link](https://example.org)")
    at_home.press("Answer again")
    at_home.until(lambda: not at_home.busy)
    at_home.ask("Was ist Fotosynthese und wie funktioniert sie?")
    assert nameless(at_home.main) == []
    for name, at in (("Settings", at_home.main.settings), ("Help", at_home.main.help)):
        at_home.press(name)
        at_home.until(at.isVisible)
        assert nameless(at_home.main) == []
    at_home.press("Back", at_home.main.help)
    at_home.press("Here: why?")
    assert nameless(at_home.window) == []
    at_home.press("Close")
    at_home.main.go_to_level(Level.AT_MY_SIDE)
    assert nameless(at_home.window) == []
    at_home.press("Stay where I am")


def test_titles_of_windows_carry_nothing_of_what_is_in_them(at_home: Driver) -> None:
    at_home.ask("A very private question")
    titles = {widget.windowTitle() for widget in QApplication.topLevelWidgets()}
    assert "Safe Space" in titles
    assert not any("private" in title or "Ada" in title for title in titles)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What screen readers were told, and whether it interrupted."""
    heard: list[tuple[str, bool]] = []
    polite = QAccessible.AnnouncementPoliteness.Polite

    def hear(event: QAccessibleAnnouncementEvent) -> None:
        heard.append((event.message(), event.politeness() != polite))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return heard


def test_an_answer_is_announced_once_and_never_word_by_word(
    at_home: Driver, announced: list[tuple[str, bool]]
) -> None:
    answer = at_home.ask("one two three four five six seven")
    assert announced == [(answer.text, False)]


def test_an_error_is_announced_at_once(at_home: Driver, announced: list[tuple[str, bool]]) -> None:
    at_home.type("Your question", "#die now")
    at_home.enter()
    at_home.until(lambda: at_home.main.messages.isVisible() and not at_home.busy)
    assert announced == [(at_home.main.messages.text, True)]


def test_the_arrow_keys_walk_through_the_conversations(at_home: Driver) -> None:
    at_home.ask("One")
    at_home.press("New conversation")
    at_home.until_idle()
    at_home.ask("Two")
    conversations = at_home.main.side.list
    at_home.until(lambda: conversations.count() == 2)
    at_home.main.activateWindow()
    conversations.setFocus()

    def shows(text: str) -> bool:
        return bool(at_home.messages) and at_home.messages[0].text == text

    for key, first in ((Qt.Key.Key_Down, "One"), (Qt.Key.Key_Up, "Two")):
        QTest.keyClick(conversations, key)
        at_home.until(partial(shows, first))
        assert at_home.main.focusWidget() is conversations
