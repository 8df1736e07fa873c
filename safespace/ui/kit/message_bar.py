# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place where something that failed is said: a calm bar, no box, no traceback."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from safespace.errors import Known, SafeSpaceError
from safespace.i18n import _
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.parts import button, column, icon_button, label
from safespace.ui.kit.theme import Space


class MessageBar(QFrame):
    """Says what happened and what to do, until it is closed or the next thing is said."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "message")
        self._sentence = label("", "strong")
        self._way_on = label("", "small")
        sign = QLabel()
        set_icon(sign, "triangle-alert", "warn")
        self._act: Callable[[], object] = lambda: None
        self._asks = False
        self._act_button: QPushButton = button("", self._do)
        self._close = icon_button("x", _("Close this message"), self.hide)
        set_icon(self._close, "x", "warn")
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.STEP, Space.SMALL, Space.SMALL, Space.SMALL)
        line.setSpacing(Space.NEAR)
        line.addWidget(sign)
        line.addLayout(column(self._sentence, self._way_on, gap=2), 1)
        line.addWidget(self._act_button)
        line.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return "" if self.isHidden() else f"{self._sentence.text()} {self._way_on.text()}".strip()

    def say(
        self,
        problem: SafeSpaceError,
        act: Callable[[], object] | None = None,
        name: str = "",
        *,
        asks: bool = False,
    ) -> None:
        """Say what happened; `act` is offered under `name`. `asks`: it asks a model."""
        if isinstance(problem, Known):
            sentence, way_on = problem.sentence, problem.way_on
        else:
            sentence = str(problem)
            way_on = _("It was noted on this computer, without any of your words.")
        self._sentence.setText(sentence)
        self._way_on.setText(way_on)
        self._way_on.setVisible(bool(way_on))
        self._act_button.setText(name)
        self._act_button.setAccessibleName(name)
        self._act_button.setVisible(act is not None)
        self._act = act or (lambda: None)
        self._asks = asks
        self.show()
        announce(self, self.text, urgent=True)

    def withdraw(self) -> None:
        """Offer no longer what asks a model; what happened stays said."""
        if self._asks:
            self._act_button.hide()

    def _do(self) -> None:
        self.hide()
        self._act()
