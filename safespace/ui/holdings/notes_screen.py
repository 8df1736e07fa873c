# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes: a list, and the one that is being written. There is nothing to save: it is kept."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, QTimer, QUrl, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from safespace.domain import Heading, Kind, Note
from safespace.errors import SafeSpaceError, Usage
from safespace.i18n import _
from safespace.session.session import Session
from safespace.store.rooms.notes import headline
from safespace.ui.chat.prose import Prose
from safespace.ui.holdings.page import ask_to_delete, page
from safespace.ui.holdings.put_into import put_into
from safespace.ui.holdings.thing_list import Line, ThingList
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, panel, row
from safespace.ui.kit.theme import Space, theme
from safespace.ui.link_dialog import ask_about_link

KEEP_DELAY_MS: Final = 400


class _Open:
    """The note in the editor. Its number is given by the first time that it is kept."""

    def __init__(self, number: int | None) -> None:
        self.number = number


class NotesScreen(QWidget):
    """`ready` says that it was read and may be shown, `left` that the person is done.

    `changed`: something that a search finds may look different now.
    """

    ready = Signal()
    left = Signal()
    changed = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._open = _Open(None)
        self.list = ThingList(_("Notes"))
        self.list.chosen.connect(self.show_note)
        self.title = QLineEdit()
        self.title.setPlaceholderText(_("Title"))
        self.title.setAccessibleName(_("Title of the note"))
        self.text = QPlainTextEdit()
        self.text.setProperty("scale", "body")
        self.text.setPlaceholderText(_("Write in plain words or in Markdown"))
        self.text.setAccessibleName(_("Text of the note"))
        self.text.setTabChangesFocus(True)
        self._prose = Prose()
        self._prose.setAccessibleName(_("The note as it reads"))
        self._prose.link_wanted.connect(self._link)
        reading = QScrollArea()
        reading.setWidgetResizable(True)
        reading.setFrameShape(QFrame.Shape.NoFrame)
        reading.setWidget(panel("column", column(self._prose, -1)))
        reading.setAccessibleName(_("The note as it reads"))
        self._faces = QStackedWidget()
        for face in (self.text, reading):
            self._faces.addWidget(face)
        self._turn = button("", self._turn_over)
        self._folder = button(_("Folder…"), self._folder_wanted)
        self._delete = button(_("Delete note…"), self._delete_wanted, "grave")
        self._back = button(_("Back"), self._leave, "plain", icon="arrow-left")
        self._none = label(_("No note yet."), "small", "quiet")
        self._unkept = False
        self._delay = QTimer(self, singleShot=True, interval=KEEP_DELAY_MS)
        self._delay.timeout.connect(self.flush)
        self.title.textChanged.connect(self._typed)
        self.text.textChanged.connect(self._typed)
        editor = column(self.title, gap=Space.SMALL)
        editor.addWidget(self._faces, 1)
        editor.addLayout(Flow(self._turn, self._folder, self._delete, apart=True))
        notes = column(self._none)
        notes.addWidget(self.list, 1)
        halves = row(panel("notes", notes), panel("editor", editor), gap=Space.GROUP)
        halves.setStretch(0, 2)
        halves.setStretch(1, 5)
        self.list.setMinimumWidth(theme().scaled(120))
        new = button(_("New note"), self.new, "main", icon="plus")
        explained = _("Kept as you type, in your space alone. No model reads them.")
        self.setLayout(page(self._back, _("Notes"), explained, new, halves))
        self.setFocusProxy(self.title)
        self._show_face(reading=False)
        self._look()

    def read(self) -> None:
        """Look for the notes, then say `ready`."""
        self.flush()
        self._ops.run(self, self._session.notes.every, self._ready)

    def show_note(self, number: int) -> None:
        """Put a note into the editor."""
        self.flush()
        self._ops.run(self, lambda: self._session.notes.note(number), self._show)

    def new(self) -> None:
        """An empty editor; the note is there with its first letter."""
        self.flush()
        self._put(_Open(None), "", "")
        self.list.show_lines(self.list.lines, None)
        self.title.setFocus()

    def flush(self) -> None:
        """Keep now what was typed, if that was not done yet."""
        self._delay.stop()
        if not self._unkept:
            return
        self._unkept = False
        note, title, text = self._open, self.title.text(), self.text.toPlainText()
        if note.number is None and not (title or text).strip():
            return

        def keep() -> int:  # one after the other, so the second time finds the number
            note.number = self._session.notes.keep(note.number, title, text)
            return note.number

        def refused(problem: SafeSpaceError) -> None:
            self._ops.say(problem)
            if isinstance(problem, Usage):  # it is gone: its words are a note of their own now
                note.number = None
            if self._open is not note and not self._unkept:
                self._put(note, title, text)
            self._unkept = True

        self._ops.run(self, keep, lambda number: self._kept(number, headline(title, text)), refused)

    def _kept(self, number: int, named: str) -> None:
        others = [line for line in self.list.lines if line.id != number]
        self.list.show_lines([_line(number, named), *others], self._open.number)
        self._look()
        self.changed.emit()

    def _ready(self, found: Sequence[Heading]) -> None:
        self._list(found)
        self.ready.emit()

    def _list(self, found: Sequence[Heading]) -> None:
        lines = [_line(heading.id, heading.title) for heading in found]
        if self._open.number is not None and self._open.number not in {line.id for line in lines}:
            self._put(_Open(None), "", "")
        self.list.show_lines(lines, self._open.number)
        self._look()

    def _show(self, note: Note) -> None:
        if self._unkept:  # the disk refused what was typed, so that it is here alone
            self.list.show_lines(self.list.lines, self._open.number)
            return
        self._put(_Open(note.id), note.title, note.text)
        self.list.show_lines(self.list.lines, note.id)

    def _put(self, note: _Open, title: str, text: str) -> None:
        """Show a note; that is no typing."""
        self._open = note
        with QSignalBlocker(self.title), QSignalBlocker(self.text):
            self.title.setText(title)
            self.text.setPlainText(text)
        self._delay.stop()
        self._unkept = False
        self._show_face(reading=False)
        self._look()

    def _typed(self) -> None:
        self._unkept = True
        self._delay.start()

    def _look(self) -> None:
        self._none.setVisible(not self.list.lines)
        self.list.setVisible(bool(self.list.lines))
        for act in (self._folder, self._delete):
            act.setEnabled(self._open.number is not None)

    def _turn_over(self) -> None:
        self._show_face(reading=self._faces.currentIndex() == 0)

    def _show_face(self, *, reading: bool) -> None:
        if reading:
            self._prose.show_markdown(self.text.toPlainText())
        self._faces.setCurrentIndex(int(reading))
        name = _("Write") if reading else _("Read")
        self._turn.setText(name)
        self._turn.setAccessibleName(name)

    def _folder_wanted(self) -> None:
        self.flush()
        if self._open.number is not None:
            put_into(self, self._session, self._ops, Kind.NOTE, self._open.number)

    def _delete_wanted(self) -> None:
        self.flush()
        number = self._open.number
        if number is None:
            return
        title = headline(self.title.text(), self.text.toPlainText()) or _("Without a title")
        ask_to_delete(self, title, lambda: self._to_bin(number))

    def _to_bin(self, number: int) -> None:
        def work() -> list[Heading]:
            self._session.bin.put(Kind.NOTE, number)
            return self._session.notes.every()

        def done(found: list[Heading]) -> None:
            self._list(found)
            self._back.setFocus()
            self.changed.emit()

        self._ops.run(self, work, done)

    def _leave(self) -> None:
        self.flush()
        self.left.emit()

    def _link(self, address: QUrl) -> None:
        ask_about_link(address, self._session, self._ops, self)


def _line(number: int, named: str) -> Line:
    return Line(number, named or _("Without a title"))
