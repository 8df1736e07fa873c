# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few kinds of labels, buttons and boxes that every screen is made of (docs/design.md)."""

from collections.abc import Callable
from html import escape
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.theme import Space, theme

_Box = TypeVar("_Box", bound=QBoxLayout)


def label(text: str, role: str = "label", tone: str = "text") -> QLabel:
    """Text that wraps and is never taken for markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("scale", role)
    made.setProperty("tone", tone)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return made


def tip(text: str) -> str:
    """Somebody's own words as the text of a tooltip, which Qt would take for markup."""
    return f"<qt>{escape(text)}</qt>" if "<" in text else text


def button(text: str, act: Callable[[], object], kind: str = "", icon: str = "") -> QPushButton:
    """A button that says what it does. `kind`: main, grave, plain, row or nothing."""
    made = QPushButton(text.replace("&", "&&"))
    made.setProperty("kind", kind)
    made.setAccessibleName(text)
    made.setAutoDefault(kind == "main")
    if icon:
        set_icon(made, icon, {"plain": "accent", "main": "on_accent"}.get(kind, "text"))
    made.clicked.connect(lambda: act())
    return made


def icon_button(icon: str, name: str, act: Callable[[], object], keys: str = "") -> QToolButton:
    """An icon alone, for acts everyone knows: named for screen readers and by tooltip."""
    made = QToolButton()
    made.setProperty("kind", "icon")
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({keys})" if keys else name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_icon(made, icon, "quiet")
    made.clicked.connect(lambda: act())
    return made


def column(*parts: QWidget | QLayout | int, margin: int = 0, gap: int = 0) -> QVBoxLayout:
    """Parts below each other; a number is that much room, -1 all that is left."""
    return _fill(QVBoxLayout(), parts, margin, gap)


def row(*parts: QWidget | QLayout | int, margin: int = 0, gap: int = Space.SMALL) -> QHBoxLayout:
    """Parts beside each other; a number is that much room, -1 all that is left."""
    return _fill(QHBoxLayout(), parts, margin, gap)


def centred(inner: QWidget, widest: int) -> QHBoxLayout:
    """`inner` in the middle, as wide as there is room, but no wider than `widest`.

    In pixels at the usual text size; larger text gets more.
    """
    inner.setMaximumWidth(theme().scaled(widest))
    across = row(gap=0)
    across.addStretch(1)
    across.addWidget(inner, 100)
    across.addStretch(1)
    return across


def panel(name: str, content: QLayout) -> QWidget:
    """A widget with this content; the style sheet knows the `name`s page, side and column."""
    made = QWidget()
    made.setObjectName(name)
    made.setLayout(content)
    return made


def frame(kind: str, content: QLayout) -> QFrame:
    """A box of the kind that the style sheet knows."""
    made = QFrame()
    made.setProperty("kind", kind)
    made.setLayout(content)
    return made


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget's properties."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _fill(made: _Box, parts: tuple[QWidget | QLayout | int, ...], margin: int, gap: int) -> _Box:
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    for part in parts:
        if isinstance(part, QWidget):
            made.addWidget(part)
        elif isinstance(part, QLayout):
            made.addLayout(part)
        elif part < 0:
            made.addStretch(1)
        else:
            made.addSpacing(part)
    return made
