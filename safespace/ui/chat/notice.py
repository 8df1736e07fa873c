# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the transcript where no model answered: a task handed back, or help lines."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QFrame

from safespace.domain import Mark
from safespace.guard import wording
from safespace.i18n import _
from safespace.ui.gate import Gate
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space

NOTE: Final = frozenset({"level.no_ai"})
"""At level 0 nothing was asked of anybody: what was written is a note."""


class HandedBack(QFrame):
    """Why no model answered, and the way on."""

    def __init__(self, mark: Mark, ask_anyway: Callable[[], object], gate: Gate) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        made = column(margin=Space.STEP, gap=Space.SMALL)
        for reason in mark.reasons:
            made.addWidget(label(wording.sentence(reason), "body"))
            if way_on := wording.way_on(reason):
                made.addWidget(gate.admit(label(way_on, "small")))
        if mark.overridable:
            anyway = gate.admit(button(_("Ask this model anyway, once"), ask_anyway))
            made.addLayout(row(anyway, -1))
        self.setLayout(made)


class HelpLinesCard(QFrame):
    """People to talk to. Shown once, recorded nowhere; closing it is the only act."""
