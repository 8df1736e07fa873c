# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prompts that are saved to be asked again."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from safespace.i18n import _
from safespace.session.session import Session
from safespace.store.rooms.own_words import Prompt
from safespace.ui.holdings.thing_list import Line, ThingList
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import theme

_HEIGHT = 120


class PromptsSheet(Sheet):
    """A list, and the one that is written; `text` begins a new one. `changed` carries them all."""

    changed = Signal(object)

    def __init__(self, parent: QWidget, session: Session, ops: Ops, text: str = "") -> None:
        self._session = session
        self._ops = ops
        self._found: Sequence[Prompt] = ()
        self.list = ThingList(_("Saved prompts"))
        self.list.setFixedHeight(theme().scaled(_HEIGHT))
        self.list.chosen.connect(self._went_to)
        self._none = label(_("No prompt is saved yet."), "small", "quiet")
        self.title = QLineEdit()
        self.title.setAccessibleName(_("Title of the prompt"))
        self.title.setPlaceholderText(_("Title"))
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(_("Words of the prompt"))
        self.text.setPlaceholderText(_("What you want to ask again"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme().scaled(_HEIGHT))
        self.text.textChanged.connect(self._look)
        self._new = button(_("New"), self._begin, icon="plus")
        self._delete = button(_("Delete"), self._delete_current, "grave")
        self._save = button(_("Save"), self._keep, "main")
        super().__init__(
            parent,
            _("Saved prompts"),
            label(_("Saved prompts"), "title"),
            label(
                _("Kept in your space; the menu above your question has them."),
                "small",
                "quiet",
            ),
            self._none,
            self.list,
            self.title,
            self.text,
            acts=row(self._new, self._delete, -1, button(_("Close"), self.accept), self._save),
        )
        self._show(())
        ops.run(self, session.words.prompts, self._show)

    def _show(self, found: Sequence[Prompt], current: int | None = None) -> None:
        self._found = found
        self.list.show_lines([Line(one.id, one.title) for one in found], current)
        self._none.setVisible(not found)
        self.list.setVisible(bool(found))
        self._look()
        self.fit()

    def _look(self) -> None:
        self._save.setEnabled(bool(self.text.toPlainText().strip()))
        self._delete.setEnabled(self.list.current is not None)

    def _went_to(self, number: int) -> None:
        (found,) = [one for one in self._found if one.id == number]
        self.title.setText(found.title)
        self.text.setPlainText(found.text)
        self._look()

    def _begin(self) -> None:
        self.title.clear()
        self.text.clear()
        self._show(self._found)
        self.title.setFocus()

    def _keep(self) -> None:
        number, title, text = self.list.current, self.title.text(), self.text.toPlainText()
        self._do(lambda: self._session.words.keep_prompt(number, title, text))

    def _delete_current(self) -> None:
        number = self.list.current
        if number is not None:
            self._do(lambda: self._session.words.delete_prompt(number))
            self._begin()

    def _do(self, act: Callable[[], int | None]) -> None:
        def work() -> tuple[Sequence[Prompt], int | None]:
            current = act()
            return self._session.words.prompts(), current

        def done(read: tuple[Sequence[Prompt], int | None]) -> None:
            self._show(*read)
            self.changed.emit(read[0])

        self._ops.run(self, work, done)
