# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a guardian can draft: limits of one space, or those of a household."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.i18n import _
from safespace.local_ai.shelf import ShelfModel
from safespace.session.limits.document import Document
from safespace.session.limits.household import Household
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import household_sheet, sheet
from safespace.session.limits.wards import Seen, Wards
from safespace.store.spaces import SpaceInfo
from safespace.ui.choice import Choice, NoWheel
from safespace.ui.limits.form import Form
from safespace.ui.limits.sign_page import Draft
from safespace.ui.parts import column, label
from safespace.ui.theme import Space


class ForSpace(Draft):
    """For `ward`, or for one of the `others`; `blank` is a sheet of this guardian."""

    def __init__(
        self,
        blank: Document,
        wards: Wards,
        ward: Seen | None,
        others: Sequence[SpaceInfo],
        models: Sequence[ShelfModel],
    ) -> None:
        super().__init__()
        self._blank = blank
        self._wards = wards
        self._ward = ward
        change = _("Change the limits of “{name}”").format(name=ward.name) if ward else ""
        self.heading = change or _("Sign limits")
        self._form = Form(models, ward.document if ward else None, local_now().date())
        self._form.changed.connect(self._changed)
        self._whose = _whose(others)
        self._whose.currentIndexChanged.connect(self._changed)
        self._hidden = QLineEdit()
        self._hidden.setAccessibleName(_("Name of the space"))
        self._hidden.setPlaceholderText(_("Name of the space"))
        self._hidden.textChanged.connect(self._changed)
        asks: list[QWidget | int] = []
        if ward is None:
            asks = [label(_("Whose space"), "strong"), self._whose, self._hidden, int(Space.STEP)]
        self.setLayout(column(*asks, self._form, -1, gap=Space.HAIR))
        self._changed()

    def sheet(self) -> Sequence[str]:
        form = self._form
        drafted = replace(
            self._blank,
            version=self._ward.document.version + 1 if self._ward else 1,
            adult=form.adult,
            ends=form.ends,
            limits=form.limits,
            keeper=form.keeper,
        )
        return sheet(drafted, self._name() or "…", local_now())

    def lacks(self) -> str:
        return self._form.lacks if self._name() else _("Type the name of the space.")

    def signing(self) -> Callable[[], str]:
        form, wards, ward, name = self._form, self._wards, self._ward, self._name()
        limits, adult, ends, keeper = form.limits, form.adult, form.ends, form.keeper
        info: SpaceInfo | None = self._whose.currentData()

        def sign() -> str:
            if ward:
                wards.change(ward.space, limits, adult=adult, ends=ends, keeper=keeper)
            else:
                found = info or wards.hidden(name)
                wards.offer(found, limits, adult=adult, ends=ends, keeper=keeper)
            if ward and ward.accepted:
                return _("Signed. It holds there from the next unlock.")
            return _("Signed. It holds once “{name}” accepts it inside.").format(name=name)

        return sign

    def _changed(self) -> None:
        self._hidden.setVisible(self._ward is None and self._whose.currentData() is None)
        self.changed.emit()

    def _name(self) -> str:
        info: SpaceInfo | None = self._whose.currentData()
        if self._ward:
            return self._ward.name
        return info.name if info else self._hidden.text().strip()


class ForHousehold(Draft):
    """For whoever begins a space on this computer; `before` is what was signed last."""

    def __init__(
        self,
        blank: Document,
        household: Household,
        before: Document | None,
        models: Sequence[ShelfModel],
    ) -> None:
        super().__init__()
        self._blank = blank
        self._household = household
        self._version = before.version + 1 if before else 1
        self.heading = _("Limits of this household")
        self._form = Form(models, before, local_now().date(), household=True)
        self._form.changed.connect(self.changed)
        self.setLayout(column(self._form, -1))

    def sheet(self) -> Sequence[str]:
        form = self._form
        drafted = replace(self._blank, version=self._version, ends=form.ends, limits=form.limits)
        return household_sheet(drafted, local_now())

    def lacks(self) -> str:
        return self._form.lacks

    def signing(self) -> Callable[[], str]:
        household, limits, ends = self._household, self._form.limits, self._form.ends

        def sign() -> str:
            household.set(limits, ends)
            return _("Signed. Spaces begin under it from now on.")

        return sign


def _whose(others: Sequence[SpaceInfo]) -> Choice:
    made = Choice()
    for info in others:
        made.addItem(info.name, info)
    made.addItem(_("One that is not shown"), None)
    made.setAccessibleName(_("Whose space"))
    made.installEventFilter(NoWheel(made))
    return made
