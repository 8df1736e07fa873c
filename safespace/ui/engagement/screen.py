# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far AI goes, on one page: the level, what is kept from AI, and the models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from safespace.domain import Level
from safespace.i18n import _
from safespace.local_ai.shelf import ShelfModel
from safespace.session.consents import Consent
from safespace.session.session import Session
from safespace.settings import TABLE, Setting, Value
from safespace.ui import panic
from safespace.ui.a11y import announce
from safespace.ui.engagement.consents_part import ConsentsPart
from safespace.ui.engagement.level_cards import LevelCards
from safespace.ui.engagement.models_part import ModelsPart
from safespace.ui.gate import Gate
from safespace.ui.ops import Ops
from safespace.ui.parts import button, centred, column, label, panel, row
from safespace.ui.setting_control import Refuse, setting_row
from safespace.ui.theme import READING_WIDTH, Space

KEPT_FROM_AI: Final = tuple(row for row in TABLE if row.key.startswith("guard."))
"""The settings that stand here and not on the settings page."""


@dataclass(frozen=True, slots=True)
class _Read:
    values: Mapping[str, Value]
    models: list[ShelfModel]
    highest: Level
    resting: bool
    consents: tuple[Consent, ...]


class EngagementScreen(QScrollArea):
    """`ready` comes when a `read` is shown, `left` when the person is done; `go` is called with a
    level that was chosen."""

    left = Signal()
    ready = Signal()

    def __init__(
        self,
        session: Session,
        gate: Gate,
        ops: Ops,
        refuse: Refuse,
        go: Callable[[Level], object],
    ) -> None:
        super().__init__()
        self._session = session
        self._gate = gate
        self._ops = ops
        self._refuse = refuse
        self._go = go
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("How far AI goes"))

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
        back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        said = label(outcome, "strong")
        said.setVisible(bool(outcome))
        engagement = self._session.engagement
        made = column(
            row(back, -1),
            label(_("How far AI goes"), "display"),
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
            -1,
            gap=Space.GROUP,
        )
        across = centred(panel("inner", made), READING_WIDTH)
        across.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.EDGE)
        self.setWidget(panel("column", across))
        self.setFocusProxy(back)
        if outcome:
            announce(self, outcome)
        self.ready.emit()

    def _kept_from_ai(self, found: _Read) -> QWidget:
        rows = [
            setting_row(setting, found.values[setting.key], (), self._keep, self._refuse)
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
