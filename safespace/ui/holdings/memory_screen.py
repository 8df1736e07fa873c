# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory: lines to be remembered, each as the member wrote it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.domain import Kind, MemoryLine
from safespace.i18n import _
from safespace.session.session import Session
from safespace.ui.gate import Gate
from safespace.ui.holdings.page import ask_to_delete, page
from safespace.ui.holdings.thing_list import Line, ThingList
from safespace.ui.kit.check import Check
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label
from safespace.ui.kit.theme import Space


class MemoryScreen(QWidget):
    """`ready` says that it was read and may be shown, `left` that the person is done.

    `changed`: something that a search finds may look different now. `wanted` is the line that
    is marked when they are read next.
    """

    ready = Signal()
    left = Signal()
    changed = Signal()

    def __init__(self, session: Session, ops: Ops, gate: Gate) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self.wanted: int | None = None
        self.list = ThingList(_("Lines to be remembered"))
        self.list.chosen.connect(self._went_to)
        self._none = label(_("Nothing is remembered yet."), "small", "quiet")
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Something to remember"))
        self.field.setAccessibleName(_("The line"))
        self.field.returnPressed.connect(self._keep)
        self.field.textChanged.connect(lambda _text: self._look())
        self._change = button(_("Change this line"), self._keep)
        self._delete = button(_("Delete line…"), self._delete_wanted, "grave")
        self._back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        self._add = button(_("Remember it"), self._keep_new, "main", icon="plus")
        self.goes_along = gate.admit(
            Check(_("A model on this computer reads them with my questions, from level 2 up"))
        )
        self.goes_along.clicked.connect(self._turn)
        content = column(self.goes_along, self.field, self._none, gap=Space.STEP)
        content.addWidget(self.list, 1)
        content.addLayout(Flow(self._change, self._delete, apart=True))
        explained = _("Only you write these lines. No model reads them unless you turn that on.")
        self.setLayout(page(self._back, _("Memory"), explained, self._add, content))
        self.setFocusProxy(self.field)
        self._look()

    def read(self) -> None:
        """Look for the lines, then say `ready`."""

        def work() -> tuple[Sequence[MemoryLine], bool]:
            return self._session.memory.every(), self._session.get("assistant.memory") == "on"

        def shown(read: tuple[Sequence[MemoryLine], bool]) -> None:
            self._show(read[0], self.wanted)
            self.goes_along.setChecked(read[1])
            self.wanted = None
            self.ready.emit()

        self._ops.run(self, work, shown)

    def _turn(self, on: bool) -> None:
        self._ops.run(self, lambda: self._session.set("assistant.memory", "on" if on else "off"))

    def _show(self, found: Sequence[MemoryLine], current: int | None) -> None:
        self.list.show_lines([Line(line.id, line.text) for line in found], current)
        self.field.setText(self._text_of(current))
        self._look()

    def _text_of(self, number: int | None) -> str:
        return next((line.text for line in self.list.lines if line.id == number), "")

    def _went_to(self, number: int) -> None:
        self.field.setText(self._text_of(number))
        self._look()

    def _look(self) -> None:
        text, current = self.field.text().strip(), self.list.current
        self._none.setVisible(not self.list.lines)
        self.list.setVisible(bool(self.list.lines))
        self._add.setEnabled(bool(text) and text not in {line.text for line in self.list.lines})
        self._change.setEnabled(current is not None and self._add.isEnabled())
        self._delete.setEnabled(current is not None)

    def _keep(self) -> None:
        """Change the marked line; without one, begin one."""
        number = self.list.current
        if self.field.text().strip():
            self._do(self._keeping(number, self.field.text()), number)

    def _keep_new(self) -> None:
        self._do(self._keeping(None, self.field.text()), None)

    def _keeping(self, number: int | None, text: str) -> Callable[[], object]:
        return lambda: self._session.memory.keep(number, text)

    def _delete_wanted(self) -> None:
        number = self.list.current
        if number is not None:
            ask_to_delete(
                self,
                self._text_of(number),
                lambda: self._do(lambda: self._session.bin.put(Kind.MEMORY, number), None),
            )

    def _do(self, act: Callable[[], object], current: int | None) -> None:
        def work() -> Sequence[MemoryLine]:
            act()
            return self._session.memory.every()

        def done(found: Sequence[MemoryLine]) -> None:
            self._show(found, current)
            self.field.setFocus()
            self.changed.emit()

        self._ops.run(self, work, done)
