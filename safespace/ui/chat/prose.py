# SPDX-License-Identifier: AGPL-3.0-or-later
"""Markdown from a model, shown without trusting it.

It can load nothing (no picture, no file, no style sheet), run nothing and open nothing: HTML
is off, every resource is answered with emptiness, and a link only asks.
"""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from safespace.i18n import _
from safespace.ui.kit.theme import Space, theme

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownNoHTML
    | QTextDocument.MarkdownFeature.MarkdownDialectGitHub
)
_LINE_HEIGHT_PERCENT = 145.0


class SealedDocument(QTextDocument):
    """A document that answers every request for a resource itself, and alike: with a dot.

    Not with None or an empty picture: for those, Qt opens the file that the address names,
    and on Windows an address can name another computer.
    """

    def loadResource(self, _kind: int, _name: QUrl | str) -> QImage:
        return _dot()


class Prose(QTextBrowser):
    """Markdown at its full height, without scroll bars of its own.

    `link_wanted` carries the address of a link that was activated. Without `links` there are
    none: each is its words and its address, as text. What is marked in it and taken along, by
    key, menu or mouse, goes through `sign`, where there is one.
    """

    link_wanted = Signal(QUrl)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        links: bool = True,
        sign: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.links = links
        self._sign = sign
        self.setDocument(SealedDocument(self))
        self.document().setDocumentMargin(2)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Answer"))
        self.anchorClicked.connect(self.link_wanted)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_markdown(self, text: str) -> None:
        """Show `text` in place of what was there."""
        self.document().setMarkdown(text, _FEATURES)
        self._dress(self.document().begin())

    def append_markdown(self, text: str) -> None:
        """Show `text` below what is there; only the new part is parsed."""
        if self.document().isEmpty():
            self.show_markdown(text)
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock(QTextBlockFormat())
        first = cursor.blockNumber()
        cursor.insertMarkdown(text, _FEATURES)
        self._dress(self.document().findBlockByNumber(first))

    def createMimeDataFromSelection(self) -> QMimeData:
        taken = super().createMimeDataFromSelection()
        if self._sign is None:
            return taken
        signed = QMimeData()  # as text alone: the mark stands in every form that is taken
        signed.setText(self._sign(taken.text()))
        return signed

    def loadResource(self, _kind: int, _name: QUrl | str) -> QImage:
        return _dot()

    def doSetSource(
        self,
        _name: QUrl | str,
        type: QTextDocument.ResourceType | None = None,
    ) -> None:
        """Nothing is ever gone to."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the transcript scrolls

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height())

    def _height(self) -> int:
        return int(self.document().size().height()) + 2 * self.frameWidth() + 5

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())

    def _dress(self, first: QTextBlock) -> None:
        """Line height, room between paragraphs, code on its own ground, pictures as words."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for block in _from(first):
            _name_pictures(block)
            if not self.links:
                _spell_out_links(block)
            cursor.setPosition(block.position())
            shape = block.blockFormat()
            if shape.hasProperty(QTextFormat.Property.BlockCodeFence):
                shape.setNonBreakableLines(False)
                shape.setBackground(QColor(theme().tones.side))
                shape.setLeftMargin(Space.SMALL)
            else:
                proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
                shape.setLineHeight(_LINE_HEIGHT_PERCENT, proportional)
                shape.setTopMargin(Space.STEP if shape.headingLevel() else 0)
                shape.setBottomMargin(Space.HAIR if block.textList() else Space.NEAR)
            cursor.setBlockFormat(shape)
        cursor.endEditBlock()


def _dot() -> QImage:
    dot = QImage(1, 1, QImage.Format.Format_ARGB32)
    dot.fill(Qt.GlobalColor.transparent)
    return dot


def _from(block: QTextBlock) -> Iterator[QTextBlock]:
    while block.isValid():
        yield block
        block = block.next()


def _name_pictures(block: QTextBlock) -> None:
    """Put a picture's words in its place: nothing is loaded, so there is nothing to show."""
    places = list(_pictures(block))
    for index, (position, name, words) in reversed(list(enumerate(places))):
        cursor = QTextCursor(block)
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        begins = index == 0 or places[index - 1][1] != name
        ends = index == len(places) - 1 or places[index + 1][1] != name
        opening = _("[picture not loaded: ") if begins else ""
        cursor.insertText(opening + words + ("]" if ends else ""), QTextCharFormat())


def _spell_out_links(block: QTextBlock) -> None:
    """Make a link its words, with the address behind them where the words do not say it."""
    links: list[tuple[int, int, str]] = []
    pieces = block.begin()
    while not pieces.atEnd():
        piece = pieces.fragment()
        if piece.charFormat().isAnchor():
            links.append((piece.position(), piece.length(), piece.charFormat().anchorHref()))
        pieces += 1
    for index, (position, length, address) in reversed(list(enumerate(links))):
        cursor = QTextCursor(block)
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        words = cursor.selectedText()
        last = index == len(links) - 1 or links[index + 1][2] != address
        spelled = f" ({address})" if last and words != address else ""
        cursor.insertText(words + spelled, QTextCharFormat())


def _pictures(block: QTextBlock) -> Iterator[tuple[int, str, str]]:
    """Place, address and words of each picture; one with styled words comes in several pieces."""
    pieces = block.begin()
    while not pieces.atEnd():
        piece = pieces.fragment()
        shape = piece.charFormat()
        if shape.isImageFormat():
            picture = shape.toImageFormat()
            words = picture.property(QTextFormat.Property.ImageAltText) or ""
            for offset in range(piece.length()):
                yield piece.position() + offset, picture.name(), words if offset == 0 else ""
        pieces += 1
