# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files kept with a conversation: a name for each, and a way to attach another."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safespace.domain import Document
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.documents import here_already, said_of
from safespace.session.session import Session
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choose_file import choose_file
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, centred, column, icon_button, label, panel, row
from safespace.ui.kit.theme import READING_WIDTH, SCROLL_BAR, Space


class Attachments(QWidget):
    """Seen once a conversation has begun. `wanted` carries the number of a document to be shown,
    `changed` says that a search may find something else now.
    """

    wanted = Signal(int)
    changed = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._conversation: int | None = None
        self._said = label("", "small", "quiet")
        self._names: QWidget | None = None
        self._place = column(gap=0)
        attach = icon_button("paperclip", _("Attach a file…"), self._ask)
        line = row(attach, gap=Space.SMALL)
        line.addLayout(column(self._said, self._place, gap=0), 1)
        across = centred(panel("inner", column(line)), READING_WIDTH)
        across.setContentsMargins(Space.EDGE, 0, Space.EDGE + SCROLL_BAR, Space.HAIR)
        self.setLayout(across)
        self.show_conversation(None)

    def show_conversation(self, conversation: int | None) -> None:
        """Show the files of another conversation; None: of one not begun, which has none."""
        self._conversation = conversation
        self.setVisible(conversation is not None)
        self._say("")
        self._show([])
        if conversation is not None:
            self._ops.run(
                self,
                lambda: self._session.documents.every(conversation),
                partial(self._show_of, conversation),
            )

    def attach(self, file: Path) -> None:
        """Take a file in, and keep it with the conversation that is shown."""
        conversation = self._conversation
        if conversation is None:
            return
        self._say(_("Taking in {name}…").format(name=file.name))

        def take() -> tuple[str, list[Document]]:
            documents = self._session.documents
            taken = documents.add(file, conversation)
            said = _said(taken.document, read=self._session.documents_go_along())
            if taken.already:
                said = f"{here_already(taken)} {said}"
            return said, documents.every(conversation)

        def taken(both: tuple[str, list[Document]]) -> None:
            self._show_of(conversation, both[1])
            self._tell(both[0])
            self.changed.emit()

        self._ops.run(self, take, taken, self._failed, aside=True)

    def _ask(self) -> None:
        choose_file(self, _("Choose a file to attach"), _("All files (*)"), self.attach)

    def _show_of(self, conversation: int, found: Sequence[Document]) -> None:
        if conversation == self._conversation:
            self._show(found)

    def _show(self, found: Sequence[Document]) -> None:
        if self._names:
            self._names.hide()
            self._names.setParent(None)
            self._names.deleteLater()
        self._names = panel("column", column(*map(self._name, found), gap=0))
        self._names.setVisible(bool(found))
        self._place.addWidget(self._names)

    def _name(self, document: Document) -> QWidget:
        made = button(
            document.title, lambda: self.wanted.emit(document.id), "plain", icon="file-text"
        )
        made.setAccessibleName(_("Attached: {name}").format(name=document.title))
        return panel("column", row(made, -1))

    def _failed(self, problem: SafeSpaceError) -> None:
        self._tell(str(problem))

    def _tell(self, text: str) -> None:
        self._say(text)
        announce(self, text)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))


def _said(document: Document, *, read: bool) -> str:
    """What becomes of a file that was attached; `read`: documents go along with questions."""
    if not read:
        said = _("{name} is kept with this conversation. No model reads it.")
    elif document.searchable:
        said = _(
            "{name} is kept with this conversation, which stays on this computer now: a model here"
            " reads the passages that fit a question."
        )
    else:
        said = _("{name} is kept with this conversation.")
    return " ".join(filter(None, (said.format(name=document.title), said_of(document))))
