# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices that nobody uses the window any more. An answer that is being written is no use of it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from safespace.session.locking import SHARED, IdleClock

_LOOK_EVERY_MS: Final = 1000
_USE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
    }
)


class Idle(QObject):
    """`expired` comes once nothing was typed or moved in our windows for `minutes`."""

    expired = Signal()

    def __init__(self, parent: QObject, clock: IdleClock | None = None) -> None:
        super().__init__(parent)
        self.minutes = SHARED
        self._clock = clock or IdleClock()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._follow)
        # What an input method composes passes no window; but the place to type at moves.
        app.inputMethod().cursorRectangleChanged.connect(self._clock.touch)
        self._follow(app.focusWindow())
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def wait(self, minutes: int) -> None:
        """From now on, wait so long."""
        self.minutes = minutes

    def look(self) -> None:
        """Is anybody there?"""
        if self._clock.seconds >= 60 * self.minutes:
            self.expired.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _USE:
            self._clock.touch()
        return False

    def _follow(self, window: QWindow | None) -> None:
        """Listen to the window that is in front now: of all windows, it alone is used."""
        if window:
            window.installEventFilter(self)  # twice is once, says Qt
