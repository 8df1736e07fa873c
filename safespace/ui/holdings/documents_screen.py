# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents: files kept inside the space. One comes out only as a copy, on purpose."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from safespace.domain import Document, Kind
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.local_ai.shelf.fit import show_bytes
from safespace.session.documents import Taken, here_already, said_of
from safespace.session.session import Session
from safespace.ui.holdings.meaning_line import MeaningLine
from safespace.ui.holdings.page import ask_to_delete, page
from safespace.ui.holdings.put_into import put_into
from safespace.ui.holdings.reading_sheet import ReadingSheet
from safespace.ui.holdings.thing_list import Line, ThingList
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choose_file import choose_file, choose_folder
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label
from safespace.ui.kit.theme import Space


class DocumentsScreen(QWidget):
    """`ready` says that it was read and may be shown, `left` that the person is done.

    `changed`: something that a search finds may look different now. `wanted` is the document
    that is marked when they are read next.
    """

    ready = Signal()
    left = Signal()
    changed = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._found: dict[int, Document] = {}
        self._adding = 0
        self.wanted: int | None = None
        self._passage: int | None = None
        self.setAcceptDrops(True)
        self.list = ThingList(_("Documents"))
        self.list.chosen.connect(lambda _number: self._look())
        self._none = label(_("No document yet. Files can also be dropped here."), "small", "quiet")
        self._said = label("", "small", "quiet")
        self._text = button(_("Read"), self._text_wanted)
        self.list.activated.connect(lambda _index: self._text_wanted())
        self._take = button(_("Take a copy out…"), self._take_wanted)
        self._folder = button(_("Folder…"), self._folder_wanted)
        self._delete = button(_("Delete document…"), self._delete_wanted, "grave")
        self._back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        content = column(self._none, gap=Space.SMALL)
        content.addWidget(self.list, 1)
        content.addWidget(self._said)
        content.addWidget(MeaningLine(session, ops))
        content.addLayout(Flow(self._text, self._take, self._folder, self._delete, apart=True))
        add = button(_("Add a file…"), self._add_wanted, "main", icon="plus")
        explained = _(
            "A copy of each file is kept in your space, of at most 100 MB. The file itself stays"
            " where it is. The text of PDF, Word, LibreOffice, web, EPUB, e-mail and plain text"
            " files is searched, and pictures in them are shown; of others only the name is"
            " searched."
        )
        self.setLayout(page(self._back, _("Documents"), explained, add, content))
        self.setFocusProxy(add)
        self._look()

    def read(self) -> None:
        """Look for the documents, then say `ready`."""
        self._ops.run(self, self._session.documents.every, self._ready)

    def open_at(self, document: int, passage: int) -> None:
        """Read them, and show the text of one with some of it marked."""
        self.wanted, self._passage = document, passage
        self.read()

    def _open(self, document: int, passage: int | None = None) -> None:
        ReadingSheet(self, self._session, self._ops, document, passage).open()

    def _mark(self, number: int) -> None:
        self.list.show_lines(self.list.lines, number)
        self._look()

    def add(self, file: Path) -> None:
        """Take a file in."""
        self._adding += 1
        self._say(_("Taking in {name}…").format(name=file.name))
        self._ops.run(
            self,
            lambda: (self._session.documents.add(file), self._session.documents.every()),
            lambda both: self._added(*both),
            self._failed,
            aside=True,
        )

    def take_out(self, document: Document, folder: Path) -> None:
        """Write a copy into `folder`, which is not encrypted."""
        target = folder / Path(document.title).name

        def taken(_done: None) -> None:
            self._say(_("Written to {folder}. It is not encrypted.").format(folder=target))

        def take() -> None:
            self._session.documents.take_out(document.id, target)

        self._ops.run(self, take, taken, self._failed, aside=True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add(Path(url.toLocalFile()))
        event.acceptProposedAction()

    def _ready(self, found: Sequence[Document]) -> None:
        self._show(found)
        wanted, passage = self.wanted, self._passage
        self.wanted = self._passage = None
        if wanted is not None:
            self._mark(wanted)
        self.ready.emit()
        if wanted is not None and passage is not None:
            self._open(wanted, passage)

    def _show(self, found: Sequence[Document]) -> None:
        self._found = {document.id: document for document in found}
        lines = [Line(document.id, _described(document)) for document in found]
        self.list.show_lines(lines, self.list.current)
        self._look()

    def _added(self, taken: Taken, found: Sequence[Document]) -> None:
        document = taken.document
        self._adding -= 1
        self._show(found)
        self._mark(document.id)
        kept = (
            here_already(taken)
            if taken.already
            else _("{name} is in your space now.").format(name=document.title)
        )
        self._say(" ".join(filter(None, (kept, said_of(document)))))
        self.changed.emit()

    def _failed(self, problem: SafeSpaceError) -> None:
        self._adding = max(0, self._adding - 1)
        self._say(str(problem))

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))
        if not self._adding:
            announce(self, text)

    def _look(self) -> None:
        self._none.setVisible(not self._found)
        self.list.setVisible(bool(self._found))
        self._said.setVisible(bool(self._said.text()))
        for act in (self._text, self._take, self._folder, self._delete):
            act.setEnabled(self.list.current is not None)

    def _current(self) -> Document | None:
        return None if self.list.current is None else self._found.get(self.list.current)

    def _add_wanted(self) -> None:
        choose_file(self, _("Choose a file to take in"), _("All files (*)"), self.add)

    def _text_wanted(self) -> None:
        if document := self._current():
            self._open(document.id)

    def _take_wanted(self) -> None:
        if document := self._current():
            Confirm(
                self,
                _("Take a copy of “{title}” out of your space?").format(title=document.title),
                [_("The copy is not encrypted: whoever can read the folder can read it.")],
                _("Choose a folder…"),
                lambda: choose_folder(
                    self,
                    _("Choose a folder for the copy"),
                    lambda folder: self.take_out(document, folder),
                ),
                leave=_("Leave it in"),
            ).open()

    def _folder_wanted(self) -> None:
        if document := self._current():
            put_into(self, self._session, self._ops, Kind.DOCUMENT, document.id)

    def _delete_wanted(self) -> None:
        if document := self._current():
            ask_to_delete(self, document.title, lambda: self._to_bin(document))

    def _to_bin(self, document: Document) -> None:
        def work() -> list[Document]:
            self._session.bin.put(Kind.DOCUMENT, document.id)
            return self._session.documents.every()

        def done(found: list[Document]) -> None:
            self._show(found)
            self._back.setFocus()
            self.changed.emit()

        self._ops.run(self, work, done)


def _described(document: Document) -> str:
    day = f"{document.changed.astimezone():%Y-%m-%d}"
    searched = "" if document.searchable else _(", by name alone")
    return f"{document.title}   {show_bytes(document.size)}, {day}{searched}"
