# SPDX-License-Identifier: AGPL-3.0-or-later
"""A document as it was read: its text, some at a time with a passage marked, and its pictures."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from safespace.domain import Document, Passage, Picture
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.documents import said_of, stands_at
from safespace.session.session import Session
from safespace.ui.holdings.picture_strip import MIDDLE, SMALL, PictureStrip
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import theme

AT_ONCE: Final = 20
"""Passages shown together: some eighty thousand characters at most."""
_HEIGHT: Final = 420
_ABOVE_PICTURES: Final = 290
"""Instead, so that the sheet stays as high as it is without."""


class ReadingSheet(Sheet):
    """Opens at the passage `at`, with the `words` of it marked, or all of it; or at the start."""

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        ops: Ops,
        document: int,
        at: int | None = None,
        words: str = "",
    ) -> None:
        self._passages: Sequence[Passage] = ()
        self._pictures: Sequence[Picture] = ()
        self._first = 0
        self._at = at
        self._words = words
        self._title = label("", "title")
        self._said = label("", "small", "quiet")
        self._said.hide()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Text of the document"))
        self.text.setFixedHeight(theme().scaled(_HEIGHT))
        self.pictures = PictureStrip(self, session.documents, ops)
        self._earlier = button(_("Earlier"), lambda: self._go(-AT_ONCE), icon="chevron-left")
        self._later = button(_("Later"), lambda: self._go(AT_ONCE), icon="chevron-right")
        close = button(_("Close"), self.accept, "main")
        super().__init__(
            parent,
            _("Text of the document"),
            self._title,
            self._said,
            self.text,
            self.pictures,
            acts=row(self._earlier, self._later, -1, close),
        )
        self.text.setFocus()

        def read() -> tuple[Document, list[Passage], list[Picture]]:
            documents = session.documents
            pictures = documents.pictures(document)
            return documents.document(document), documents.text(document), pictures

        ops.run(self, read, lambda found: self._show(*found), self._gone)

    def _gone(self, problem: SafeSpaceError) -> None:
        """It was deleted meanwhile, say."""
        self._said.setText(str(problem))
        self._said.show()
        self.text.hide()
        self._earlier.hide()
        self._later.hide()
        self.fit()

    def _show(
        self, document: Document, passages: Sequence[Passage], pictures: Sequence[Picture]
    ) -> None:
        self._title.setText(document.title)
        said = said_of(document)
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self._passages, self._pictures = passages, pictures
        self.text.setVisible(bool(passages) or not pictures)
        place = next((n for n, one in enumerate(passages) if one.id == self._at), 0)
        self._first = place - place % AT_ONCE
        self._lay_out()
        self.fit()
        if not self.text.isVisible():
            self.pictures.setFocus()

    def _go(self, by: int) -> None:
        self._first += by
        self._at = None
        self._lay_out()
        self.fit()

    def _lay_out(self) -> None:
        """Fill in the passages of this stretch, page by page."""
        shown = self._passages[self._first : self._first + AT_ONCE]
        pieces: list[str] = []
        page, length, mark = None, 0, (0, 0)
        for passage in shown:
            if passage.page is not None and passage.page != page:
                page = passage.page
                pieces.append(_("— page {n} —").format(n=page) + "\n")
                length += len(pieces[-1])
            if passage.id == self._at:
                inside = max(0, passage.text.find(self._words))
                found = self._words if self._words in passage.text else ""
                mark = (length + inside, length + inside + len(found or passage.text))
            pieces.append(passage.text + "\n\n")
            length += len(pieces[-1])
        text = "".join(pieces)
        self.text.setPlainText(text)
        self._mark(_in_utf16(text, mark[0]), _in_utf16(text, mark[1]))
        self._earlier.setEnabled(self._first > 0)
        self._later.setEnabled(self._first + AT_ONCE < len(self._passages))
        beside = range(self._first, self._first + AT_ONCE)
        self.pictures.show_pictures(
            self._title.text(),
            [one for one in self._pictures if stands_at(one, self._passages) in beside],
            SMALL if self._passages else MIDDLE,
        )
        high = _ABOVE_PICTURES if self.pictures.isVisibleTo(self) else _HEIGHT
        self.text.setFixedHeight(theme().scaled(high))
        several = len(self._passages) > AT_ONCE
        self._earlier.setVisible(several)
        self._later.setVisible(several)

    def _mark(self, start: int, end: int) -> None:
        """Mark what was looked for, and have its beginning in sight."""
        cursor = self.text.textCursor()
        cursor.setPosition(end)
        self.text.setTextCursor(cursor)
        cursor.setPosition(start)
        self.text.setTextCursor(cursor)
        if end > start:
            self.text.centerCursor()
            selection = QTextEdit.ExtraSelection()
            palette = self.text.palette()
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format.setBackground(palette.highlight())
            selection.format.setForeground(palette.highlightedText())
            self.text.setExtraSelections([selection])
        else:
            self.text.setExtraSelections([])


def _in_utf16(text: str, place: int) -> int:
    """A place in `text` as Qt counts."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
