# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits on one page: those of this space, and those its member signs for others."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.limits.document import Heir
from safespace.session.limits.own import local_now
from safespace.session.limits.wards import Seen
from safespace.session.session import Session
from safespace.store.spaces import SpaceInfo
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import label
from safespace.ui.kit.screen import Screen
from safespace.ui.kit.theme import READING_WIDTH, Space
from safespace.ui.limits.form import Form
from safespace.ui.limits.heirs_part import HeirsPart
from safespace.ui.limits.household_part import HouseholdPart, Signed
from safespace.ui.limits.own_part import Own, OwnPart
from safespace.ui.limits.sign_page import Guardian, HouseholdPage, WardPage
from safespace.ui.limits.wards_part import WardsPart

_WIDEST: Final = READING_WIDTH + 4 * Space.WIDE


@dataclass(frozen=True, slots=True)
class _Read:
    own: Own
    wards: list[Seen]
    others: list[SpaceInfo]
    models: list[ShelfModel]
    household: Signed
    heirs: list[Heir]
    candidates: list[SpaceInfo]


class LimitsScreen(Screen):
    """`changed` says that other limits may hold now."""

    changed = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__(_("Limits"), _WIDEST)
        self._session = session
        self._ops = ops

    def read(self) -> None:
        """Show what holds now."""
        self._read("")

    def _read(self, outcome: str) -> None:
        session = self._session

        def read() -> _Read:
            return _Read(
                Own.read(session.limits),
                session.wards.every(),
                session.wards.others(),
                session.models(),
                Signed.read(session.household),
                session.heirs.every(),
                session.heirs.candidates(),
            )

        self._ops.run(self, read, lambda found: self._show(found, outcome))

    def _show(self, found: _Read, outcome: str) -> None:
        said = label(outcome, "strong")
        said.setVisible(bool(outcome))
        session = self._session
        self.fill(
            label(
                _(
                    "What a guardian and a member agree on, each in their own space. Nobody"
                    " opens the other's space for it."
                ),
                "small",
                "quiet",
            ),
            said,
            OwnPart(session.name, session.limits, found.own, self._ops, self._read),
            WardsPart(
                session.wards,
                found.wards,
                self._ops,
                lambda ward: self._sign(found, ward),
                self._read,
            ),
            *self._of_guardians(found),
        )
        self.setFocus()
        if outcome:
            announce(self, outcome)
            self.changed.emit()
        self.ready.emit()

    def _of_guardians(self, found: _Read) -> list[QWidget]:
        """What is no concern of a space that has limits itself."""
        if found.own.document:
            return []
        session, ops = self._session, self._ops
        household = HouseholdPart(
            session.household, found.household, ops, lambda: self._sign_household(found), self._read
        )
        return [household, HeirsPart(session.heirs, found.heirs, found.candidates, ops, self._read)]

    def _sign(self, found: _Read, ward: Seen | None) -> None:
        session = self._session
        form = Form(found.models, ward.document if ward else None, local_now().date())
        self._turn_to(
            WardPage(
                Guardian(session.name, tuple(found.heirs)),
                session.wards,
                ward,
                found.others,
                form,
                self._ops,
                self.read,
                self._read,
            )
        )

    def _sign_household(self, found: _Read) -> None:
        session, before = self._session, found.household.document
        self._turn_to(
            HouseholdPage(
                Guardian(session.name, tuple(found.heirs)),
                session.household,
                before,
                Form(found.models, before, local_now().date(), household=True),
                self._ops,
                self.read,
                self._read,
            )
        )

    def _turn_to(self, page: QWidget) -> None:
        self.turn_to(page)
        page.setFocus()
