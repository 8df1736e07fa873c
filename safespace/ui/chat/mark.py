# SPDX-License-Identifier: AGPL-3.0-or-later
"""What made an answer, told by shape, word and colour. Pressing it asks why."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from safespace.domain import Mark, Route
from safespace.i18n import N_, _
from safespace.session.leaving.origin import by
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.parts import label, row, tip

LOOKS: Final = {
    Route.HUMAN: ("ban", "human", N_("No AI")),
    Route.LOCAL: ("house", "here", N_("Here")),
    Route.COOP_REDACTED: ("users", "coop", N_("Cooperative")),
    Route.COOP: ("users", "coop", N_("Cooperative")),
}
"""Per route: icon, tone, word. No two differ in fewer than all three."""


def mark_button(mark: Mark, at: datetime, why: Callable[[], object]) -> QToolButton:
    """The mark of one answer, as a button that opens `why`; its tip says what answered when."""
    shape, tone, word = LOOKS[mark.route]
    made = QToolButton()
    made.setProperty("kind", "mark")
    made.setProperty("tone", tone)
    made.setText(_(word))
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleName(_("{mark}: why?").format(mark=_(word)))
    made.setToolTip(tip(" · ".join(filter(None, (by(mark), said_when(at), _("Why?"))))))
    set_icon(made, shape, tone)
    made.clicked.connect(lambda: why())
    return made


def said_when(at: datetime) -> str:
    """A moment in this computer's time."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def mark_badge(route: Route) -> QWidget:
    """The mark as a sign that does nothing, for headings."""
    shape, tone, word = LOOKS[route]
    sign = QLabel()
    set_icon(sign, shape, tone)
    made = QWidget()
    made.setLayout(row(sign, label(_(word), "title", tone), -1))
    return made
