# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the application until its first window has been painted, and prints when that was.

The application knows nothing of it: only Qt's event loop is entered by way of here. The time
is the system's monotonic clock, which the parent reads too.
"""

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from safespace.__main__ import face


class _FirstPaint(QObject):
    """Sees every event; when the pass that paints the first one is over, the time is printed."""

    painted = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        paints = event.type() == QEvent.Type.Paint and isinstance(watched, QWidget)
        if paints and not self.painted:
            self.painted = True
            QTimer.singleShot(0, self._done)
        return False

    def _done(self) -> None:
        print(time.monotonic(), flush=True)
        QApplication.quit()


_enter = QApplication.exec


def _watched(*_application: QApplication) -> int:
    application = QApplication.instance()
    assert application
    watcher = _FirstPaint(application)
    application.installEventFilter(watcher)
    return _enter()


QApplication.exec = _watched  # type: ignore[method-assign]
sys.exit(face(["window"]))
