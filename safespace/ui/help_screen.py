# SPDX-License-Identifier: AGPL-3.0-or-later
"""The help pages: the same texts that answer a question about Safe Space itself."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QUrl, Signal
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from safespace.i18n import _
from safespace.session.turn.help_pages import HelpPage, HelpPages
from safespace.ui.chat.prose import Prose
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, centred, column, label, panel, row
from safespace.ui.kit.theme import READING_WIDTH, Space
from safespace.ui.link_dialog import LinkDialog


class HelpScreen(QWidget):
    """Titles on the left, the chosen page beside them. `left` says that the person is done,
    `link_opened` that a link of a page was.
    """

    left = Signal()
    link_opened = Signal()

    def __init__(self, pages: HelpPages, ops: Ops) -> None:
        super().__init__()
        self._pages: tuple[HelpPage, ...] = ()
        self._titles = QListWidget()
        self._titles.setAccessibleName(_("Help pages"))
        self._titles.setWordWrap(True)
        self._titles.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._titles.setItemDelegate(_Wrapped(self._titles))
        self._titles.currentRowChanged.connect(self._turn_to)
        self._heading = label("", "title")
        self._heading.setContentsMargins(Space.HAIR, 0, 0, 0)  # as far in as the prose below
        self._text = Prose()
        self._text.setAccessibleName(_("Help page"))
        self._text.link_wanted.connect(self._link)
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setWidget(panel("column", column(self._heading, Space.NEAR, self._text, -1)))
        halves = row(self._titles, page, gap=Space.GROUP)
        halves.setStretch(0, 2)
        halves.setStretch(1, 3)
        back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        parts = column(row(back, -1), label(_("Help"), "display"), gap=Space.GROUP)
        parts.addLayout(halves, 1)
        across = centred(panel("inner", parts), READING_WIDTH + 2 * Space.WIDE)
        across.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.EDGE)
        self.setLayout(across)
        self.setFocusProxy(self._titles)
        ops.run(self, pages.pages, self._show)

    def _show(self, pages: tuple[HelpPage, ...]) -> None:
        self._pages = pages
        self._titles.addItems([page.title for page in pages])
        self._titles.setCurrentRow(0)

    def _turn_to(self, place: int) -> None:
        if place >= 0:
            self._heading.setText(self._pages[place].title)
            self._text.show_markdown(self._pages[place].text)

    def _link(self, address: QUrl) -> None:
        dialog = LinkDialog(address, self)
        dialog.opened.connect(self.link_opened)
        dialog.open()


class _Wrapped(QStyledItemDelegate):
    """Qt forgets the style sheet's padding where it counts an item's lines."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(0, 0, -Space.STEP, 0)
        return super().sizeHint(inside, index)
