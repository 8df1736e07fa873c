# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filling in limits, with the sheet beside it as its reader will see it, word for word."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.local_ai.shelf import ShelfModel
from safespace.session.limits.document import Document
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import sheet
from safespace.session.limits.wards import Seen, Wards
from safespace.store.spaces import SpaceInfo
from safespace.ui.choice import Choice, NoWheel
from safespace.ui.limits.agreement import SheetView
from safespace.ui.limits.form import Form
from safespace.ui.limits.halves import Halves
from safespace.ui.message_bar import MessageBar
from safespace.ui.ops import Ops
from safespace.ui.parts import button, column, label, row
from safespace.ui.theme import Space

_NARROWEST: Final = 340


class SignPage(QWidget):
    """For `ward`, or for one of the `others`. `left` and `signed` are called at its end."""

    def __init__(
        self,
        guardian: str,
        wards: Wards,
        ward: Seen | None,
        others: Sequence[SpaceInfo],
        models: Sequence[ShelfModel],
        ops: Ops,
        left: Callable[[], object],
        signed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._guardian = guardian
        self._wards = wards
        self._ward = ward
        self._ops = ops
        self._signed = signed
        now = local_now()
        self.form = Form(models, ward.document if ward else None, now.date())
        self.form.changed.connect(self._look)
        self._whose = _whose(others)
        self._whose.currentIndexChanged.connect(self._look)
        self._hidden = QLineEdit()
        self._hidden.setAccessibleName(_("Name of the space"))
        self._hidden.setPlaceholderText(_("Name of the space"))
        self._hidden.textChanged.connect(self._look)
        self.preview = SheetView([""])
        self._lacks = label("", "small", "quiet")
        self.messages = MessageBar()
        self._sign = button(_("Sign this sheet"), self._do, "main")
        back = button(_("Back"), left, "plain", icon="arrow-left")
        asks: list[QWidget | int] = []
        if ward is None:
            asks = [label(_("Whose space"), "strong"), self._whose, self._hidden, int(Space.STEP)]
        form = QWidget()
        form.setLayout(column(*asks, self.form, -1, gap=Space.HAIR))
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
        heading = _("Change the limits of “{name}”").format(name=ward.name) if ward else ""
        self.halves = Halves(form, reads, _NARROWEST)
        self.setLayout(
            column(
                row(back, -1),
                label(heading or _("Sign limits"), "display"),
                self.halves,
                gap=Space.GROUP,
            )
        )
        self.setFocusProxy(back)
        self._look()

    def _look(self) -> None:
        name = self._name()
        self.preview.show_lines(sheet(self._drafted(), name or "…", local_now()))
        self._hidden.setVisible(self._ward is None and self._whose.currentData() is None)
        lacks = self.form.lacks if name else _("Type the name of the space.")
        self._lacks.setText(lacks)
        self._lacks.setVisible(bool(lacks))
        self._sign.setEnabled(not lacks)

    def _name(self) -> str:
        info: SpaceInfo | None = self._whose.currentData()
        if self._ward:
            return self._ward.name
        return info.name if info else self._hidden.text().strip()

    def _drafted(self) -> Document:
        """What would be signed, for reading alone."""
        version = self._ward.document.version + 1 if self._ward else 1
        form = self.form
        return Document("", version, self._guardian, b"", form.adult, form.ends, form.limits)

    def _do(self) -> None:
        form, wards, ward, name = self.form, self._wards, self._ward, self._name()
        limits, adult, ends = form.limits, form.adult, form.ends
        info: SpaceInfo | None = self._whose.currentData()

        def sign() -> str:
            if ward:
                wards.change(ward.space, limits, adult=adult, ends=ends)
            else:
                wards.offer(info or wards.hidden(name), limits, adult=adult, ends=ends)
            if ward and ward.accepted:
                return _("Signed. It holds there from the next unlock.")
            return _("Signed. It holds once “{name}” accepts it inside.").format(name=name)

        self._sign.setEnabled(False)
        self._ops.run(self, sign, self._signed, self._refused)

    def _refused(self, problem: SafeSpaceError) -> None:
        self._sign.setEnabled(True)
        self.messages.say(problem)


def _whose(others: Sequence[SpaceInfo]) -> Choice:
    made = Choice()
    for info in others:
        made.addItem(info.name, info)
    made.addItem(_("One that is not shown"), None)
    made.setAccessibleName(_("Whose space"))
    made.installEventFilter(NoWheel(made))
    return made
