# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search field above the conversations, and what was found in their place."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from safespace.domain import Hit, Kind
from safespace.i18n import _, ngettext
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.icons import icon
from safespace.ui.kit.icons import size as icon_size
from safespace.ui.kit.parts import column, icon_button, label, panel, row
from safespace.ui.kit.theme import Space, theme

_HIT: Final = Qt.ItemDataRole.UserRole
_PAUSE_MS: Final = 150
"""So long nothing was typed before a search begins."""
_LINES: Final = 3
_GAP: Final = 3
"""Between the title and the excerpt."""
_ROOM_FOR_DOTS: Final = 3


class SearchField(QLineEdit):
    """Says by `wanted` what to look for, once typing pauses; empty when there is nothing."""

    wanted = Signal(str)
    left_downwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("Search"))
        self.setAccessibleName(_("Search everything you keep"))
        self.setToolTip("Ctrl+F")
        clear = icon_button("x", _("Clear the search"), self._clear)
        clear.setCursor(Qt.CursorShape.ArrowCursor)
        clear.hide()
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))
        inside = row(-1, clear)
        inside.setContentsMargins(0, 0, Space.HAIR, 0)
        self.setLayout(inside)
        room = icon_size() + Space.SMALL
        self.setTextMargins(room, 0, room, 0)
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(lambda: self.wanted.emit(self.text()))
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self.left_downwards.emit)

    def _clear(self) -> None:
        self.clear()
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = icon_size()
        place = QRect(Space.STEP, (self.height() - side) // 2, side, side)
        icon("search", "quiet").paint(painter, place)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.wanted.emit("")


class Results(QListWidget):
    """What was found, the best first: where, and the words around it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Found"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setResizeMode(self.ResizeMode.Adjust)
        self.setItemDelegate(_Lines(self))

    def show_hits(self, hits: Sequence[Hit]) -> None:
        self.clear()
        for hit in hits:
            title = _named(hit)
            item = QListWidgetItem(title if hit.in_title else f"{title}: {hit.excerpt}")
            item.setData(_HIT, hit)
            self.addItem(item)

    def hit(self, item: QListWidgetItem) -> Hit:
        """What an item shows."""
        found = item.data(_HIT)
        assert isinstance(found, Hit)
        return found


class SearchOver(QStackedWidget):
    """Shows `beneath`, and in its place what was found while there is something to look for.

    `wanted` asks for a search, whose outcome is for `show_hits`; `chosen` carries a hit.
    """

    wanted = Signal(str)
    chosen = Signal(object)

    def __init__(self, field: SearchField, beneath: QWidget) -> None:
        super().__init__()
        self.results = Results()
        self._field = field
        self._count = label("", "small", "quiet")
        self._count.setContentsMargins(Space.NEAR, Space.SMALL, Space.NEAR, Space.SMALL)
        parts = column(self._count)
        parts.addWidget(self.results, 1)
        self.addWidget(beneath)
        self.addWidget(panel("found", parts))
        field.wanted.connect(self._wanted)
        field.left_downwards.connect(self._go_down)
        for taken in (self.results.itemClicked, self.results.itemActivated):
            taken.connect(lambda item: self.chosen.emit(self.results.hit(item)))

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Show what a search for `text` found, if that is still wanted."""
        if self._field.text() != text:
            return
        count = (
            ngettext("{count} place found", "{count} places found", len(hits)).format(
                count=len(hits)
            )
            if hits
            else _("Nothing found. All words must be there; try fewer.")
        )
        self.results.show_hits(hits)
        self._count.setText(count)
        self.setCurrentIndex(1)
        announce(self.results, count)

    def look_again(self) -> None:
        """Something was changed: what is shown may not be there any more."""
        if self.currentIndex():
            self.wanted.emit(self._field.text())

    def _wanted(self, text: str) -> None:
        if text:
            self.wanted.emit(text)
        else:
            self.setCurrentIndex(0)
            self.results.clear()

    def _go_down(self) -> None:
        shown = self.results if self.currentIndex() else self.widget(0)
        if isinstance(shown, QListWidget) and shown.count():
            shown.setFocus()
            if shown.currentRow() < 0:
                shown.setCurrentRow(0)


class _Lines(QStyledItemDelegate):
    """A title on one line, and below it the excerpt with its words in bold."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        view = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        hit: Hit = index.data(_HIT)
        place = _inside(option.rect)
        painter.save()
        painter.setClipRect(option.rect)
        painter.setPen(QColor(theme().tones.text))
        at = QPointF(place.topLeft())
        for part in self._parts(hit, option.font, place.width()):
            part.draw(painter, at)
            at.setY(at.y() + part.boundingRect().height() + _GAP)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        self.initStyleOption(option, index)
        view = self.parent()
        assert isinstance(view, QListWidget)
        width = view.viewport().width()
        parts = self._parts(index.data(_HIT), option.font, _inside(QRect(0, 0, width, 0)).width())
        height = sum(part.boundingRect().height() + _GAP for part in parts) - _GAP
        return QSize(width, round(height) + 2 * Space.NEAR)

    def _parts(self, hit: Hit, font: QFont, width: int) -> list[QTextLayout]:
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        title = _laid_out(_named(hit), strong, width, 1)
        if hit.in_title:
            return [title]
        excerpt = _laid_out(hit.excerpt, font, width, _LINES, hit.marks)
        return [title, excerpt]


def _named(hit: Hit) -> str:
    """The title, and what it is the title of where that is no conversation."""
    title = hit.title or _("Without a title")
    match hit.kind:
        case Kind.NOTE:
            return _("Note: {title}").format(title=title)
        case Kind.DOCUMENT:
            named = _("Document: {title}").format(title=title)
            return f"{named} ({_('by what it means')})" if hit.meant else named
        case Kind.MEMORY:
            return _("Memory")
        case Kind.CONVERSATION:
            return title


def _laid_out(
    text: str,
    font: QFont,
    width: int,
    lines: int,
    marks: Sequence[tuple[int, int]] | None = None,
) -> QTextLayout:
    """`text` in at most so many lines; with `marks`, quiet where it is not marked."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats = []
    if marks is not None:
        quiet = QTextCharFormat()
        quiet.setForeground(QColor(theme().tones.quiet))
        formats.append(_range(text, 0, len(text), quiet))
    for start, end in marks or ():
        strong = QTextCharFormat()
        strong.setFontWeight(QFont.Weight.Bold)
        strong.setForeground(QColor(theme().tones.text))
        formats.append(_range(text, start, end, strong))
    layout.setFormats(formats)
    layout.beginLayout()
    height = 0.0
    for _number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    last = layout.lineAt(layout.lineCount() - 1)
    shown = last.textStart() + last.textLength()
    if shown < _units(text):
        kept = text.encode("utf-16-le")[: 2 * max(0, shown - _ROOM_FOR_DOTS)]
        cut = kept.decode("utf-16-le", "ignore").rstrip() + "…"
        return _laid_out(cut, font, width, lines, marks)
    return layout


def _range(text: str, start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length = _units(text[:start]), _units(text[start:end])
    made.format = look
    return made


def _units(text: str) -> int:
    """How long Qt takes a text to be: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _inside(rect: QRect) -> QRect:
    return rect.adjusted(Space.NEAR, Space.NEAR, -Space.NEAR, -Space.NEAR)
