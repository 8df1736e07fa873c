# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conversations on the left: choose, begin, rename, delete."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QWidget,
)

from safespace.domain import Conversation, Route
from safespace.i18n import _
from safespace.ui.kit.parts import tip

_ID = Qt.ItemDataRole.UserRole
_PIN = Qt.ItemDataRole.UserRole + 1


class ConversationList(QListWidget):
    """One line per conversation, the last changed first.

    `chosen` and `delete_wanted` carry an id, `renamed` an id and its new title; `renaming` says
    that a line is about to be edited, and has to be in sight.
    """

    chosen = Signal(int)
    renaming = Signal()
    renamed = Signal(int, str)
    delete_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Conversations"))
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.currentItemChanged.connect(self._current_changed)
        self.itemDelegate().commitData.connect(self._edited)
        self.rename_action = self._action(_("Rename"), "F2", self._rename)
        self.rename_action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.delete_action = self._action(_("Delete conversation…"), "Del", self._delete)

    def show_conversations(self, conversations: Sequence[Conversation], shown: int | None) -> None:
        """Show this list with `shown` selected; that chooses nothing anew."""
        if self.state() is self.State.EditingState:
            return  # the next change shows it; a name half typed is not thrown away
        with QSignalBlocker(self):
            self.clear()
            for conversation in conversations:
                item = QListWidgetItem(conversation.title or _("Without a title"), self)
                item.setData(_ID, conversation.id)
                item.setData(_PIN, conversation.pin)
                item.setToolTip(tip(conversation.title))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                if conversation.id == shown:
                    self.setCurrentItem(item)
            if shown is None:
                self.show_none()

    def title_of(self, conversation: int | None) -> str | None:
        """The title of one of them; None if it is not here."""
        for place, found in enumerate(self.ids()):
            if found == conversation:
                return self.item(place).text()
        return None

    def pin_of(self, conversation: int | None) -> Route | None:
        """How far one of them may go; None if that is not known."""
        for place, found in enumerate(self.ids()):
            if found == conversation:
                pin = self.item(place).data(_PIN)
                return None if pin is None else Route(pin)
        return None

    def select(self, conversation: int) -> None:
        """Mark this one as shown; that chooses nothing anew."""
        with QSignalBlocker(self):
            if conversation in self.ids():
                self.setCurrentRow(self.ids().index(conversation))

    def show_none(self) -> None:
        """No conversation is shown."""
        with QSignalBlocker(self):
            self.setCurrentRow(-1)
            self.clearSelection()

    def ids(self) -> list[int]:
        """The conversations, from the top."""
        return [self.item(row).data(_ID) for row in range(self.count())]

    def _action(self, text: str, keys: str, act: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(act)
        self.addAction(action)
        return action

    def _menu(self, place: QPoint) -> None:
        if self.itemAt(place):
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions([self.rename_action, self.delete_action])
            menu.popup(self.viewport().mapToGlobal(place))

    def _current_changed(self, item: QListWidgetItem | None) -> None:
        if item:
            self.chosen.emit(item.data(_ID))

    def _rename(self) -> None:
        if item := self.currentItem():
            self.renaming.emit()
            self.editItem(item)

    def _delete(self) -> None:
        if item := self.currentItem():
            self.delete_wanted.emit(item.data(_ID))

    def _edited(self) -> None:
        item = self.currentItem()
        title = item.text().strip()
        if title:
            self.renamed.emit(item.data(_ID), title)
