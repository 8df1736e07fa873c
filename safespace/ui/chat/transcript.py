# SPDX-License-Identifier: AGPL-3.0-or-later
"""The transcript: a window of bubbles over a branch; older ones come when scrolled to."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from safespace.domain import Message
from safespace.i18n import _
from safespace.ui.kit.parts import centred, column, panel
from safespace.ui.kit.theme import READING_WIDTH, Space

FIRST_SHOWN: Final = 60
"""How many messages are widgets when a conversation opens."""
PAGE: Final = 25
"""How many older ones join them each time the top comes near."""
_NEAR_TOP: Final = 240
_AT_BOTTOM: Final = 24


class Transcript(QScrollArea):
    """Shows messages as widgets that `make` builds. Stays at the bottom if it was there."""

    def __init__(self, make: Callable[[Message], QWidget]) -> None:
        super().__init__()
        self._make = make
        self._messages: list[Message] = []
        self._bubbles: list[QWidget] = []
        self._first = 0
        self._following = True
        self._old_maximum = 0
        self._keeping_place = False
        self._looked_for: QWidget | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # no text ever jumps
        self.setAccessibleName(_("Conversation"))
        self._column = _Column()
        self.setWidget(self._column)
        bar = self.verticalScrollBar()
        bar.setSingleStep(24)
        bar.rangeChanged.connect(self._grown)
        bar.valueChanged.connect(self._moved)
        bar.actionTriggered.connect(self._let_go)

    @property
    def messages(self) -> Sequence[Message]:
        """The branch that is shown, the part that is not a widget yet included."""
        return tuple(self._messages)

    @property
    def shown(self) -> int:
        """How many of them are widgets."""
        return len(self._messages) - self._first

    def show_branch(self, messages: Sequence[Message], at: int | None = None) -> None:
        """Show this branch from its end, or with the message `at` in sight."""
        self._column.clear()
        self._messages = list(messages)
        self._first = max(0, len(self._messages) - FIRST_SHOWN)
        ids = [message.id for message in self._messages]
        place = ids.index(at) if at in ids else None
        if place is not None:
            self._first = min(self._first, place)
        self._following = place is None
        self._bubbles = [self._make(message) for message in self._messages[self._first :]]
        for bubble in self._bubbles:
            self._column.add(bubble)
        self._looked_for = None if place is None else self._bubbles[place - self._first]

    def continue_from(self, message: Message) -> None:
        """`message` follows its parent now; what came after the parent leaves the screen."""
        place = {shown.id: index for index, shown in enumerate(self._messages)}
        keep = 0 if message.parent is None else place[message.parent] + 1
        if keep < len(self._messages):
            self.show_branch(self._messages[:keep])
        self.append(message)

    def append(self, message: Message) -> None:
        """`message` is the new end of the branch."""
        self._messages.append(message)
        self._bubbles.append(self._make(message))
        self._column.add(self._bubbles[-1])

    def refresh(self) -> None:
        """Make every bubble anew, where it stands; what is no message stays as it is."""
        for place, message in enumerate(self._messages[self._first :]):
            fresh = self._make(message)
            if self._looked_for is self._bubbles[place]:
                self._looked_for = fresh
            self._column.replace(self._bubbles[place], fresh)
            self._bubbles[place] = fresh

    def add(self, widget: QWidget) -> None:
        """Something that is no message: help lines, an answer being written."""
        self._column.add(widget)

    def follow(self) -> None:
        """Go to the end, and stay there."""
        self._looked_for = None
        self._following = True
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def show_older(self) -> None:
        """Make a page of older messages into widgets, without moving what is read."""
        page = self._messages[max(0, self._first - PAGE) : self._first]
        if not page:
            return
        self._keeping_place = True
        self._old_maximum = self.verticalScrollBar().maximum()
        self._first -= len(page)
        older = [self._make(message) for message in page]
        self._bubbles[:0] = older
        self._column.prepend(older)

    def _grown(self, _low: int, high: int) -> None:
        bar = self.verticalScrollBar()
        if self._keeping_place:
            self._keeping_place = False
            bar.setValue(bar.value() + high - self._old_maximum)
        elif self._looked_for:  # texts find their height one after the other
            QTimer.singleShot(0, self, self._reveal)  # once the bubbles stand where they belong
        elif self._following:
            bar.setValue(high)

    def _moved(self, value: int) -> None:
        at_bottom = value >= self.verticalScrollBar().maximum() - _AT_BOTTOM
        self._following = at_bottom and not self._looked_for
        if value < _NEAR_TOP and self._first and not self._keeping_place:
            self.show_older()

    def _reveal(self) -> None:
        """Bring what is looked for to the top."""
        if self._looked_for:
            self.verticalScrollBar().setValue(self._looked_for.y() - Space.GROUP)

    def _let_go(self) -> None:
        """The person scrolls: no place is held any more."""
        self._looked_for = None


class _Column(QWidget):
    """Widgets below each other at reading width, in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("column")
        self._list = column(-1, gap=Space.GROUP)
        self._list.setContentsMargins(0, Space.GROUP, 0, Space.GROUP)
        across = centred(panel("inner", self._list), READING_WIDTH)
        across.setContentsMargins(Space.EDGE, 0, Space.EDGE, 0)
        self.setLayout(across)

    def add(self, widget: QWidget) -> None:
        self._list.insertWidget(self._list.count() - 1, widget)

    def prepend(self, widgets: Sequence[QWidget]) -> None:
        for place, widget in enumerate(widgets):
            self._list.insertWidget(place, widget)

    def replace(self, old: QWidget, fresh: QWidget) -> None:
        self._list.replaceWidget(old, fresh)
        fresh.show()
        _drop(old)

    def clear(self) -> None:
        while self._list.count() > 1:
            item = self._list.takeAt(0)
            if item and (widget := item.widget()):
                _drop(widget)


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
