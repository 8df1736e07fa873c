# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling the assistant how to answer: in every conversation, or in one."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from safespace.i18n import _
from safespace.session.session import Session
from safespace.store.rooms.own_words import LONGEST
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import theme

_HEIGHT = 180


class InstructionsSheet(Sheet):
    """The instructions of `conversation`, or, with None, those of the space."""

    def __init__(
        self, parent: QWidget, session: Session, ops: Ops, conversation: int | None
    ) -> None:
        self._session = session
        self._ops = ops
        self._conversation = conversation
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("Your instructions"))
        self.text.setPlaceholderText(
            _("Such as: Answer briefly. I am vegetarian. Say so when you are not sure.")
        )
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme().scaled(_HEIGHT))
        self.text.setEnabled(False)
        self.text.textChanged.connect(self._look)
        self._room = label("", "small", "quiet")
        self._keep_button = button(_("Keep"), self._keep, "main")
        heading = (
            _("How I want to be answered") if conversation is None else _("In this conversation")
        )
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            label(_about(conversation), "small", "quiet"),
            self.text,
            self._room,
            acts=row(-1, button(_("Leave it as it is"), self.reject), self._keep_button),
        )
        self._look()
        ops.run(self, lambda: session.words.instructions(conversation), self._show)

    def _show(self, kept: str) -> None:
        self.text.setEnabled(True)
        self.text.setPlainText(kept)
        self.text.setFocus()

    def _look(self) -> None:
        count = len(self.text.toPlainText().strip())
        self._room.setText(_("{count} of {most} characters").format(count=count, most=LONGEST))
        self._keep_button.setEnabled(self.text.isEnabled() and count <= LONGEST)

    def _keep(self) -> None:
        text = self.text.toPlainText()
        self._ops.run(
            self,
            lambda: self._session.words.instruct(self._conversation, text),
            lambda _done: self.accept(),
        )


def _about(conversation: int | None) -> str:
    where = (
        _("The model on this computer reads this with every question.")
        if conversation is None
        else _("The model on this computer reads this with every question in this conversation.")
    )
    rest = _(
        "It is never sent, and what touches a topic that you keep from AI, or that the model is not"
        " made for, is not read to it."
    )
    return f"{where} {rest}"
