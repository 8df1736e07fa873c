# SPDX-License-Identifier: AGPL-3.0-or-later
"""What on a window asks a model, or invites to ask one: by the gate's mark, and by its words."""

import re
from typing import Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from safespace.ui.engagement.level_cards import LevelCards
from safespace.ui.gate import ASKS
from safespace.ui.window.level_button import LevelButton
from tests.ui.driver import seen

INVITES: Final = re.compile(
    r"\b(ask|answer|regenerate|stop|models?|question|assistant|variety)\b", re.I
)
"""Words that a control which asks a model is called by."""
_LEVELS: Final = {
    "0 · No AI",
    "1 · When I ask",
    "1 · When I ask (now)",
    "3 · Ask me each time",
    "3 · Ask me each time (now)",
}


def inviting(window: QWidget) -> set[str]:
    """What can be seen or triggered, and passed the gate or is called by such a word.

    What shows and changes the level speaks of AI at every level; it asks nothing.
    """
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    controls = [widget for kind in kinds for widget in seen(window, kind)]
    found = {
        text
        for control in controls
        if not isinstance(control, LevelButton) and not _in_level_cards(control)
        for text in (control.accessibleName(), control.toolTip(), _words(control))
        if INVITES.search(text)
    }
    found |= {a.text() for a in window.findChildren(QAction) if INVITES.search(a.text())}
    gated = [widget for widget in seen(window, QWidget) if widget.property(ASKS)]
    gated = [part for widget in gated for part in (widget, *seen(widget, QAbstractButton))]
    return (found - _LEVELS) | {widget.accessibleName() or _words(widget) for widget in gated}


def _in_level_cards(control: QWidget) -> bool:
    above: QWidget | None = control
    while above and not isinstance(above, LevelCards):
        above = above.parentWidget()
    return above is not None


def _words(control: QWidget) -> str:
    if isinstance(control, QAbstractButton):
        return control.text()
    if isinstance(control, QPlainTextEdit | QLineEdit):
        return control.placeholderText()
    return type(control).__name__
