# SPDX-License-Identifier: AGPL-3.0-or-later
"""Input methods and keyboards on the screen learn what is typed; what is typed here, they may not.

Every field is told so when it gets the focus, so that none can be forgotten.
"""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

HINTS = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText


def watch(app: QApplication) -> None:
    """Mark each field of the application from now on. Once, on the interface thread."""
    app.focusObjectChanged.connect(_mark)


def mark(field: QLineEdit | QPlainTextEdit | QTextEdit) -> None:
    """Ask that nothing typed into `field` be learned or proposed."""
    field.setInputMethodHints(field.inputMethodHints() | HINTS)


def _mark(focused: QObject | None) -> None:
    if isinstance(focused, QLineEdit | QPlainTextEdit | QTextEdit):
        mark(focused)
