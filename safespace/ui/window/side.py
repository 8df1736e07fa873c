# SPDX-License-Identifier: AGPL-3.0-or-later
"""The left side of the window: begin a conversation, find one again, and the way to the rest."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.ui.kit.parts import button, column, label
from safespace.ui.kit.theme import Space, theme
from safespace.ui.window.conversation_list import ConversationList
from safespace.ui.window.search import SearchField, SearchOver


class Side(QWidget):
    """Whose space it is, a search, the list of conversations, and the ways on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._widen()
        theme().changed.connect(self._widen)
        self.list = ConversationList()
        self.new = button(_("New conversation"), lambda: None, "side", icon="plus")
        self.new.setToolTip("Ctrl+N")
        self.search = SearchField()
        self.found = SearchOver(self.search, self.list)
        self.list.renaming.connect(self.search.clear)
        self.notes = button(_("Notes"), lambda: None, "side", icon="notebook")
        self.documents = button(_("Documents"), lambda: None, "side", icon="file-text")
        self.folders = button(_("Folders"), lambda: None, "side", icon="folder")
        self.memory = button(_("Memory"), lambda: None, "side", icon="bookmark")
        self.bin = button(_("Bin"), lambda: None, "side", icon="trash-2")
        self.activity = button(_("Activity"), lambda: None, "side", icon="clock")
        self.settings = button(_("Settings"), lambda: None, "side", icon="settings")
        self.help = button(_("Help"), lambda: None, "side", icon="circle-question-mark")
        self.help.setToolTip("F1")
        whose = label(name, "strong")
        whose.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.NEAR)
        parts = column(
            whose, self.new, Space.HAIR, self.search, Space.HAIR, margin=Space.NEAR, gap=2
        )
        parts.addWidget(self.found, 1)
        kept = (self.notes, self.documents, self.memory, self.folders)
        rest = (self.bin, self.activity, self.settings, self.help)
        parts.addLayout(column(Space.SMALL, *kept, *rest, gap=2))
        self.setLayout(parts)

    def _widen(self) -> None:
        """Be wide enough for the words on the ways, at whatever text size."""
        self.setMinimumWidth(theme().scaled(200))
