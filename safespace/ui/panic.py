# SPDX-License-Identifier: AGPL-3.0-or-later
"""The panic key: no AI, now, whatever is in front."""

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

KEYS: Final = "Ctrl+0"
_WANTED: Final = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_0)


class PanicKey(QObject):
    """`pressed` comes for Ctrl+0 in any window of ours. A shortcut would rest below a dialog."""

    pressed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        assert app
        app.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        # One press passes here for the window, then for each widget up to one that takes it.
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if QKeyCombination(plain, Qt.Key(event.key())) != _WANTED:
            return False
        self.pressed.emit()
        return True
