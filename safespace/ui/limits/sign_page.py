# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filling in limits, with the sheet beside it as its reader will see it, word for word."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.ui.limits.agreement import SheetView
from safespace.ui.limits.halves import Halves
from safespace.ui.message_bar import MessageBar
from safespace.ui.ops import Ops
from safespace.ui.parts import button, column, label, row
from safespace.ui.theme import Space

_NARROWEST: Final = 340


class Draft(QWidget):
    """The fields of what is to be signed; `changed` comes with every change in them."""

    changed = Signal()
    heading = ""

    def sheet(self) -> Sequence[str]:
        """What it would say."""
        raise NotImplementedError

    def lacks(self) -> str:
        """What is missing before it can be signed, in a sentence; empty if nothing is."""
        raise NotImplementedError

    def signing(self) -> Callable[[], str]:
        """What signs it as it is now, on any thread, and says how it stands then."""
        raise NotImplementedError


class SignPage(QWidget):
    """A `draft` and its sheet. `left` and `signed` are called at its end."""

    def __init__(
        self,
        draft: Draft,
        ops: Ops,
        left: Callable[[], object],
        signed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._draft = draft
        self._ops = ops
        self._signed = signed
        draft.changed.connect(self._look)
        self.preview = SheetView([""])
        self._lacks = label("", "small", "quiet")
        self.messages = MessageBar()
        self._sign = button(_("Sign this sheet"), self._do, "main")
        back = button(_("Back"), left, "plain", icon="arrow-left")
        reads = QWidget()
        reads.setLayout(
            column(
                label(_("The sheet, as both read it"), "strong"),
                self.preview,
                self._lacks,
                self.messages,
                row(-1, self._sign),
                -1,
                gap=Space.SMALL,
            )
        )
        self.halves = Halves(draft, reads, _NARROWEST)
        self.setLayout(
            column(row(back, -1), label(draft.heading, "display"), self.halves, gap=Space.GROUP)
        )
        self.setFocusProxy(back)
        self._look()

    def _look(self) -> None:
        self.preview.show_lines(self._draft.sheet())
        lacks = self._draft.lacks()
        self._lacks.setText(lacks)
        self._lacks.setVisible(bool(lacks))
        self._sign.setEnabled(not lacks)

    def _do(self) -> None:
        self._sign.setEnabled(False)
        self._ops.run(self, self._draft.signing(), self._signed, self._refused)

    def _refused(self, problem: SafeSpaceError) -> None:
        self._sign.setEnabled(True)
        self.messages.say(problem)
