# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sheet that asks for something secret, does one act with it, and says if it will not do."""

from collections.abc import Callable, Sequence
from threading import Event
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet

T = TypeVar("T")


class Asking(Sheet, Generic[T]):
    """`act` gets what was typed, on a thread of its own; then the sheet closes and `then` follows.

    While it runs nothing can be pressed: what it does is short and cannot be taken back halfway.
    One that can be called off looks at `called_off`, and a button sets that. `more` stands below
    the field, and its `ready` says whether it has what it needs.
    """

    def __init__(
        self,
        parent: QWidget,
        ops: Ops,
        heading: str,
        sentences: Sequence[str],
        field: str,
        do: str,
        act: Callable[[str], T],
        then: Callable[[T], object],
        *,
        more: QWidget | None = None,
        ready: Callable[[], bool] = lambda: True,
        called_off: Event | None = None,
    ) -> None:
        self._ops = ops
        self._act = act
        self._then = then
        self._ready = ready
        self._field = PassphraseField(field)
        self.messages = MessageBar()
        self._called_off = called_off
        self._stay = button(_("Leave it as it is"), self.reject)
        self._off = button(_("Call it off"), self._call_off)
        self._off.hide()
        self._go = button(do, self._do, "main")
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            *(label(sentence, "body") for sentence in sentences),
            self._field,
            *([more] if more else []),
            self.messages,
            acts=row(-1, self._off, self._stay, self._go),
        )
        self._field.changed.connect(lambda _typed: self.look())
        self._field.entered.connect(self._do)
        self._field.setFocus()
        self.look()

    def look(self) -> None:
        """See whether everything is there."""
        self._go.setEnabled(bool(self._field.text) and self._ready())

    def reject(self) -> None:
        if self._stay.isEnabled():
            super().reject()
        elif self._off.isEnabled():
            self._call_off()

    def _do(self) -> None:
        if not self._go.isEnabled():
            return
        typed, act = self._field.text, self._act
        if self._called_off:
            self._called_off.clear()
        self._wait(waiting=True)
        self._ops.run(self, lambda: act(typed), self._done, self._refused, aside=True)

    def _done(self, made: T) -> None:
        self._field.clear()
        self.accept()
        self._then(made)

    def _refused(self, problem: SafeSpaceError) -> None:
        self._wait(waiting=False)
        self.messages.say(problem)
        self.fit()
        self._field.line.selectAll()
        self._field.setFocus()

    def _wait(self, *, waiting: bool) -> None:
        self._stay.setEnabled(not waiting)
        self._go.setEnabled(not waiting)
        off = waiting and self._called_off is not None
        self._off.setEnabled(off)
        self._off.setVisible(off)
        self._stay.setVisible(not off)

    def _call_off(self) -> None:
        assert self._called_off
        self._called_off.set()
        self._off.setEnabled(False)
