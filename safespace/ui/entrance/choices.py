# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last two pages of a first run: how far AI goes, and what answers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel

from safespace.domain import Level
from safespace.i18n import _
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.session import Session
from safespace.ui.entrance.page import Page
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.settings.suggestion import suggestion


class LevelPage(Page):
    """Asked once, in plain words, with two answers of the same weight. `chosen` carries a level."""

    chosen = Signal(Level)

    def __init__(self) -> None:
        with_ai = self._choice(
            Level.WHEN_I_ASK,
            "house",
            "here",
            _("When I ask"),
            _(
                "A model on this computer answers what you ask it. Nothing is sent, nothing"
                " happens unasked."
            ),
        )
        without = self._choice(
            Level.NO_AI,
            "ban",
            "human",
            _("No AI"),
            _(
                "No model runs and no button invites you to one. You write and keep notes;"
                " everything stays yours."
            ),
        )
        super().__init__(
            _("Do you want AI here?"),
            _("Both are full ways to use Safe Space. You can change your mind at any time."),
            with_ai,
            Space.NEAR,
            without,
        )
        self._first = with_ai.findChildren(type(self.go))[0]
        self.setFocusProxy(self._first)

    def _choice(self, level: Level, icon: str, tone: str, name: str, text: str) -> QFrame:
        sign = QLabel()
        set_icon(sign, icon, tone)
        choose = button(_("Choose this"), lambda: self.chosen.emit(level))
        choose.setAccessibleName(_("Choose “{name}”").format(name=name))
        return frame(
            "choice",
            column(
                row(sign, label(name, "title"), -1),
                label(text, "body"),
                row(choose, -1),
                margin=Space.STEP,
                gap=Space.NEAR,
            ),
        )


class ModelPage(Page):
    """Which model answers today, and which one would suit this computer."""

    def __init__(self, session: Session, catalogue: Catalogue, ops: Ops) -> None:
        self._today = label("", "body")
        self._fitting = column(gap=Space.SMALL)
        super().__init__(
            _("What answers you"),
            "",
            frame(
                "card",
                column(
                    label(_("On this computer now"), "small", "quiet"),
                    self._today,
                    margin=Space.STEP,
                    gap=Space.SMALL,
                ),
            ),
            Space.NEAR,
            frame(
                "card",
                column(
                    label(_("What would suit this computer"), "small", "quiet"),
                    self._fitting,
                    margin=Space.STEP,
                    gap=Space.SMALL,
                ),
            ),
            go=_("Begin"),
        )
        self.setFocusProxy(self.go)
        ops.run(self, session.model, self._show_today, aside=True)
        ops.run(self, lambda: suggestion(catalogue), self._show_fitting, aside=True)

    def _show_today(self, model: ShelfModel | None) -> None:
        if model is None:
            text = _("No model yet. Until you put one on the shelf, nothing answers.")
        elif model.card and model.card.demonstration:
            text = _(
                "{model}, a demonstration: it shows how this works, knows English only, and"
                " makes things up. Do not rely on what it says."
            ).format(model=model.name)
        else:
            text = model.name
        self._today.setText(text)

    def _show_fitting(self, suggested: tuple[str, str]) -> None:
        name, needs = suggested
        if name:
            self._fitting.addWidget(label(name, "strong"))
        self._fitting.addWidget(label(needs, "body"))
        later = _("Nothing is downloaded by itself. Under Settings you put a model on the shelf.")
        self._fitting.addWidget(label(later, "small", "quiet"))
