# SPDX-License-Identifier: AGPL-3.0-or-later
"""A pair of hands for the window: finds what a person would find, and presses it.

The tests use it, and `tools.shots`, which takes the pictures.
"""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import shiboken6
from PySide6.QtCore import QByteArray, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from safespace.domain import Level, Message
from safespace.session.entrance import Entrance
from safespace.ui.app import Windows
from safespace.ui.chat.prose import Prose
from safespace.ui.entrance.window import EntranceWindow
from safespace.ui.window.main_window import MainWindow

W = TypeVar("W", bound=QWidget)
PATIENCE_S: Final = 90
STEP_S: Final = 0.01


class Driver:
    """The windows of one start of the application. `afresh` counts locks; `renewal` is the space
    that the last one left to get a new key.
    """

    def __init__(self, entrance: Entrance) -> None:
        self.afresh = 0
        self.renewal = ""
        self._windows = Windows(entrance, self._start_afresh)
        self._windows.show_entrance()

    @property
    def entrance(self) -> EntranceWindow:
        assert self._windows.entrance
        return self._windows.entrance

    @property
    def main(self) -> MainWindow:
        assert self._windows.main
        return self._windows.main

    def leave(self) -> None:
        """Close everything and wait until it is gone."""
        if not self.afresh:
            self._windows.shut()
        for window in (self._windows.entrance, self._windows.main):
            if window and shiboken6.isValid(window):
                shiboken6.delete(window)
        self._windows.entrance = self._windows.main = None

    # What a person does

    def press(self, name: str, within: QWidget | None = None) -> None:
        """Press the one visible button that is called `name`."""
        self.button(name, within).click()

    def button(self, name: str, within: QWidget | None = None) -> QAbstractButton:
        """The last visible and enabled button called `name`."""
        found = [
            button
            for button in seen(within or self.window, QAbstractButton)
            if button.accessibleName() == name and button.isEnabled()
        ]
        assert found, f"no button “{name}” among {self.buttons(within)}"
        return found[-1]

    def buttons(self, within: QWidget | None = None) -> list[str]:
        """The names of the buttons that can be pressed now."""
        return [
            button.accessibleName()
            for button in seen(within or self.window, QAbstractButton)
            if button.isEnabled()
        ]

    def type(self, name: str, text: str) -> None:
        """Type into the visible field called `name`, replacing what is there."""
        fields: list[QLineEdit | QPlainTextEdit] = [
            *seen(self.window, QLineEdit),
            *seen(self.window, QPlainTextEdit),
        ]
        (field,) = [field for field in fields if field.accessibleName() == name]
        field.selectAll()
        QTest.keyClicks(field, text)

    def enter(self) -> None:
        """Press Enter in the composer."""
        field = self.main.chat.composer.focusProxy()
        assert field
        QTest.keyClick(field, Qt.Key.Key_Return)

    def ask(self, text: str, field: str = "Your question") -> Message:
        """Ask, and wait for whatever ends the turn. `field`: what it is called there."""
        before = len(self.messages)
        self.type(field, text)
        self.enter()
        self.until(lambda: len(self.messages) >= before + 2 and not self.busy)
        return self.messages[-1]

    def make_space(self, name: str, passphrase: str, level: Level) -> None:
        """The whole first run."""
        self.type("Your name", name)
        self.press("Go on")
        self.type("Passphrase", passphrase)
        self.type("The same once more", passphrase)
        self.press("Make my space")
        self.until(lambda: "Print" in self.buttons())
        self.press("I have these words on paper, away from this computer")
        self.press("Go on")
        if level is Level.NO_AI:
            self.press("Choose “No AI”")
        else:
            self.press("Choose “When I ask”")
            self.until(lambda: "Begin" in self.buttons())
            self.press("Begin")
        self.until(lambda: self._windows.main is not None)

    def choose(self, name: str, value: str) -> None:
        """Choose `value` in the visible list called `name`."""
        (found,) = [c for c in seen(self.window, QComboBox) if c.accessibleName() == name]
        found.setCurrentIndex(found.findText(value))

    def wheel(self, widget: QWidget) -> None:
        """Turn the mouse wheel over a widget."""
        middle = QPointF(widget.rect().center())
        turned = QWheelEvent(
            middle,
            QPointF(widget.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, turned)

    def meet_bug(self, defect: BaseException) -> None:
        """What the exception hook does."""
        self._windows.bug(type(defect), defect, defect.__traceback__)

    def unlock(self, passphrase: str) -> None:
        """Type the passphrase and wait for the window."""
        self.type("Passphrase", passphrase)
        self.press("Open")
        self.until(lambda: self._windows.main is not None)

    # What a person sees

    @property
    def is_in(self) -> bool:
        """Whether a space is open."""
        return self._windows.main is not None

    @property
    def window(self) -> QWidget:
        """The window or dialog in front."""
        dialogs = [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, QDialog) and widget.isVisible()
        ]
        modal = QApplication.activeModalWidget()  # of several, the one opened last
        if modal in dialogs:
            return modal
        return dialogs[-1] if dialogs else self._windows.main or self.entrance

    @property
    def messages(self) -> tuple[Message, ...]:
        """The branch on the screen."""
        return tuple(self.main.chat.transcript.messages)

    @property
    def busy(self) -> bool:
        """Whether an answer is being written."""
        return self.main.chat.answering.busy

    @property
    def texts(self) -> str:
        """Every word that is visible in front."""
        labels = [label.text() for label in seen(self.window, QLabel)]
        prose = [prose.toPlainText() for prose in seen(self.window, Prose)]
        return "\n".join(labels + prose)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        started = time.monotonic()
        while not true():
            assert time.monotonic() - started < PATIENCE_S, (
                f"waited in vain; in front: {self.texts}"
            )
            QTest.qWait(0)
            time.sleep(STEP_S)  # not in qWait: it would keep every other thread waiting, too
        QTest.qWait(1)  # Qt shows what was added when it next looks

    def until_idle(self) -> None:
        """Wait until everything begun in the background was delivered."""
        done: list[bool] = []
        self.main.ops.run(self.main, lambda: None, lambda _nothing: done.append(True))
        self.until(lambda: bool(done))

    def _start_afresh(self, place: QByteArray, renewal: str) -> None:
        self.renewal = renewal
        self.afresh += 1


def seen(within: QWidget, kind: type[W]) -> list[W]:
    """The widgets of a kind that can be seen in `within`."""
    return [widget for widget in within.findChildren(kind) if widget.isVisibleTo(within)]
