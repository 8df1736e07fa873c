# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filling in limits, with the sheet beside it as its reader will see it, word for word."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.limits.document import HOUSEHOLD, Document, Heir
from safespace.session.limits.household import Household
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import household_sheet, sheet
from safespace.session.limits.wards import Seen, Wards
from safespace.store.spaces import SpaceInfo
from safespace.ui.kit.choice import Choice, NoWheel
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.limits.agreement import SheetView
from safespace.ui.limits.form import Form
from safespace.ui.limits.halves import Halves

_NARROWEST: Final = 340


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who signs, and who may take over."""

    name: str
    heirs: tuple[Heir, ...]


class SignPage(QWidget):
    """`asks` stands above the form. `left` and `signed` are called at its end."""

    def __init__(
        self,
        guardian: Guardian,
        heading: str,
        asks: Sequence[QWidget],
        form: Form,
        ops: Ops,
        left: Callable[[], object],
        signed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._guardian = guardian
        self._ops = ops
        self._signed = signed
        self.form = form
        self.form.changed.connect(self.look)
        self.preview = SheetView([""])
        self._lacks = label("", "small", "quiet")
        self.messages = MessageBar()
        self._sign = button(_("Sign this sheet"), self._do, "main")
        back = button(_("Back"), left, "plain", icon="arrow-left")
        writes, reads = QWidget(), QWidget()
        writes.setLayout(column(*asks, Space.SMALL if asks else 0, self.form, -1, gap=Space.SMALL))
        reads.setLayout(
            column(
                label(_("The sheet, word for word"), "strong"),
                self.preview,
                self._lacks,
                self.messages,
                row(-1, self._sign),
                -1,
                gap=Space.SMALL,
            )
        )
        self.setLayout(
            column(
                row(back, -1),
                label(heading, "display"),
                Halves(writes, reads, _NARROWEST),
                gap=Space.GROUP,
            )
        )
        self.setFocusProxy(back)
        self.look()

    def look(self) -> None:
        """Show what would be signed, and what it lacks."""
        self.preview.show_lines(self.drafted())
        lacks = self.lacks()
        self._lacks.setText(lacks)
        self._lacks.setVisible(bool(lacks))
        self._sign.setEnabled(not lacks)

    @abstractmethod
    def drafted(self) -> Sequence[str]:
        """The sheet, unsigned."""

    def lacks(self) -> str:
        """What is missing before it can be signed; empty if nothing is."""
        return self.form.lacks

    @abstractmethod
    def act(self) -> Callable[[], str]:
        """What signs it, on another thread, and tells what that means."""

    def _draft(self, space: str, before: Document | None) -> Document:
        """What would be signed, for reading alone."""
        form, guardian = self.form, self._guardian
        version = before.version + 1 if before and before.space == space else 1
        return Document(
            space,
            version,
            guardian.name,
            b"",
            form.adult,
            form.ends,
            form.limits,
            keeper=form.keeper,
            heirs=guardian.heirs,
        )

    def _do(self) -> None:
        self._sign.setEnabled(False)
        self._ops.run(self, self.act(), self._signed, self._refused)

    def _refused(self, problem: SafeSpaceError) -> None:
        self._sign.setEnabled(True)
        self.messages.say(problem)


class WardPage(SignPage):
    """For `ward`, or for one of the `others`, the hidden ones by their name."""

    def __init__(
        self,
        guardian: Guardian,
        wards: Wards,
        ward: Seen | None,
        others: Sequence[SpaceInfo],
        form: Form,
        ops: Ops,
        left: Callable[[], object],
        signed: Callable[[str], object],
    ) -> None:
        self._wards = wards
        self._ward = ward
        self._whose = _whose(others)
        self._hidden = QLineEdit()
        self._hidden.setAccessibleName(_("Name of the space"))
        self._hidden.setPlaceholderText(_("Name of the space"))
        heading = _("Sign limits")
        asks: list[QWidget] = [label(_("Whose space"), "strong"), self._whose, self._hidden]
        if ward:
            heading, asks = _("Change the limits of “{name}”").format(name=ward.name), []
        super().__init__(guardian, heading, asks, form, ops, left, signed)
        self._whose.currentIndexChanged.connect(self.look)
        self._hidden.textChanged.connect(self.look)

    def look(self) -> None:
        self._hidden.setVisible(self._ward is None and self._whose.currentData() is None)
        super().look()

    def drafted(self) -> Sequence[str]:
        before = self._ward.document if self._ward else None
        document = self._draft(self._ward.space if self._ward else "", before)
        return sheet(document, self._name() or "…", local_now())

    def lacks(self) -> str:
        return super().lacks() if self._name() else _("Type the name of the space.")

    def act(self) -> Callable[[], str]:
        form, wards, ward, name = self.form, self._wards, self._ward, self._name()
        limits, adult, ends, keeper = form.limits, form.adult, form.ends, form.keeper
        info: SpaceInfo | None = self._whose.currentData()

        def sign() -> str:
            if ward:
                wards.change(ward.space, limits, adult=adult, ends=ends, keeper=keeper)
            else:
                other = info or wards.hidden(name)
                wards.offer(other, limits, adult=adult, ends=ends, keeper=keeper)
            if ward and ward.accepted:
                return _("Signed. It holds there from the next unlock.")
            return _("Signed. It holds once “{name}” accepts it inside.").format(name=name)

        return sign

    def _name(self) -> str:
        info: SpaceInfo | None = self._whose.currentData()
        if self._ward:
            return self._ward.name
        return info.name if info else self._hidden.text().strip()


class HouseholdPage(SignPage):
    """For every space that is begun here; `before` is what was signed last."""

    def __init__(
        self,
        guardian: Guardian,
        household: Household,
        before: Document | None,
        form: Form,
        ops: Ops,
        left: Callable[[], object],
        signed: Callable[[str], object],
    ) -> None:
        self._household = household
        self._before = before
        super().__init__(guardian, _("Limits of this household"), [], form, ops, left, signed)

    def drafted(self) -> Sequence[str]:
        document = self._draft(HOUSEHOLD, self._before)
        return household_sheet(document, local_now())

    def act(self) -> Callable[[], str]:
        household, limits, ends = self._household, self.form.limits, self.form.ends

        def sign() -> str:
            household.set(limits, ends)
            return _("Signed. Spaces that are begun here from now on begin under them.")

        return sign


def _whose(others: Sequence[SpaceInfo]) -> Choice:
    made = Choice()
    for info in others:
        made.addItem(info.name, info)
    made.addItem(_("One that is not shown"), None)
    made.setAccessibleName(_("Whose space"))
    made.installEventFilter(NoWheel(made))
    return made
