# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far AI goes, on one page: the level, what is kept from AI, and the models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from safespace.domain import Level
from safespace.i18n import _
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.consents import Consent
from safespace.session.session import Session
from safespace.settings import TABLE, Setting, Value
from safespace.ui import panic
from safespace.ui.engagement.consents_part import ConsentsPart
from safespace.ui.engagement.level_cards import LevelCards
from safespace.ui.engagement.models_part import ModelsPart
from safespace.ui.gate import Gate
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.screen import Screen
from safespace.ui.kit.theme import Space
from safespace.ui.settings.setting_control import Refuse, setting_row

KEPT_FROM_AI: Final = tuple(row for row in TABLE if row.key.startswith("guard."))
"""The settings that stand here and not on the settings page."""


@dataclass(frozen=True, slots=True)
class _Read:
    values: Mapping[str, Value]
    models: list[ShelfModel]
    highest: Level
    resting: bool
    consents: tuple[Consent, ...]


class EngagementScreen(Screen):
    """`go` is called with a level that was chosen."""

    def __init__(
        self,
        session: Session,
        gate: Gate,
        ops: Ops,
        refuse: Refuse,
        go: Callable[[Level], object],
    ) -> None:
        super().__init__(_("How far AI goes"))
        self._session = session
        self._gate = gate
        self._ops = ops
        self._refuse = refuse
        self._go = go

    def read(self) -> None:
        """Show what holds now."""
        self._read("")

    def _read(self, outcome: str) -> None:
        session = self._session

        def read() -> _Read:
            return _Read(
                {row.key: session.get(row.key) for row in KEPT_FROM_AI},
                session.models(),
                session.engagement.highest(),
                session.engagement.resting(),
                session.consents.standing(),
            )

        self._ops.run(self, read, lambda found: self._show(found, outcome))

    def _show(self, found: _Read, outcome: str) -> None:
        said = label(outcome, "strong")
        said.setVisible(bool(outcome))
        engagement = self._session.engagement
        self.fill(
            label(
                _(
                    "Down at once, also by {keys} from anywhere in these windows; up by a second"
                    " step that says what changes."
                ).format(keys=panic.KEYS),
                "small",
                "quiet",
            ),
            said,
            LevelCards(self._gate, found.highest, self._go),
            self._kept_from_ai(found),
            ConsentsPart(self._session.consents, found.consents, self._ops, self._read),
            ModelsPart(engagement, found.models, self._gate, self._ops, self._read),
        )
        if outcome:
            announce(self, outcome)
        self.ready.emit()

    def _kept_from_ai(self, found: _Read) -> QWidget:
        rows = [
            setting_row(setting, found.values[setting.key], {}, self._keep, self._refuse)
            for setting in KEPT_FROM_AI
        ]
        resting = label(_("These are your hours without AI: no model is asked now."), "strong")
        resting.setVisible(found.resting)
        pins = label(
            _("A single conversation is kept closer beside its title, by the pin."),
            "small",
            "quiet",
        )
        whole = QWidget()
        title = label(_("Without AI"), "title")
        whole.setLayout(column(title, resting, *rows, pins, gap=Space.STEP))
        return whole

    def _keep(self, setting: Setting, value: Value) -> None:
        self._ops.run(self, lambda: self._session.set(setting.key, value))
