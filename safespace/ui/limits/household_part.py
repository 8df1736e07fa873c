# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits under which a space begins on this computer, where its guardian is not asked."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import _
from safespace.session.limits.document import Document
from safespace.session.limits.household import Household
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import household_sheet
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.limits.agreement import SheetView


@dataclass(frozen=True, slots=True)
class Signed:
    """What this member signed for the household, who else did, and what stands outside of it."""

    document: Document | None
    others: list[Document]
    news: str

    @classmethod
    def read(cls, household: Household) -> "Signed":
        """As it is now. Blocks."""
        return cls(household.document(), household.others(), household.news())


class HouseholdPart(QWidget):
    """`sign` opens the page on which it is filled in; `changed` says that something was kept."""

    def __init__(
        self,
        household: Household,
        signed: Signed,
        ops: Ops,
        sign: Callable[[], object],
        changed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._household = household
        self._ops = ops
        self._changed = changed
        parts: list[QWidget | QLayout] = [
            label(_("Limits of this household"), "title"),
            label(
                _(
                    "A space that is made or brought back here begins under them, unless you type"
                    " your passphrase then. Spaces that are here already are left alone."
                ),
                "small",
                "quiet",
            ),
        ]
        if signed.document:
            parts.append(SheetView(household_sheet(signed.document, local_now())))
            if signed.news:
                parts.append(label(signed.news, "body", "warn"))
            change = button(_("Change the household's limits…"), sign)
            end = button(_("End the household's limits…"), self._end_wanted)
            parts.append(Flow(change, end))
        elif signed.others:
            parts += [
                label(_("{name} signs the limits of this household.").format(name=other.guardian))
                for other in signed.others
            ]
        else:
            parts.append(row(button(_("Sign limits for this household…"), sign), -1))
        self.setLayout(column(*parts, gap=Space.STEP))

    def _end_wanted(self) -> None:
        Confirm(
            self.window(),
            _("End the limits of this household?"),
            [
                _("Spaces begin without limits again, and nobody is asked."),
                _("Where they hold already they end at the next unlock."),
            ],
            _("End them"),
            lambda: self._ops.run(
                self,
                self._household.end,
                lambda _done: self._changed(_("The household has no limits any more.")),
            ),
        ).open()
