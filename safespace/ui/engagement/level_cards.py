# SPDX-License-Identifier: AGPL-3.0-or-later
"""The five levels below each other: what each permits, which one holds, and the way to it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QWidget

from safespace.domain import Level
from safespace.guard import wording
from safespace.guard.wording import steps
from safespace.i18n import _
from safespace.ui.gate import Gate
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.parts import button, column, frame, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.window.level_button import look_of


class LevelCards(QWidget):
    """`go` is called with the level that was chosen; none above `highest` can be."""

    def __init__(self, gate: Gate, highest: Level, go: Callable[[Level], object]) -> None:
        super().__init__()
        self._gate = gate
        self._highest = highest
        self._go = go
        self._acts: dict[Level, tuple[QPushButton, QLabel]] = {}
        self.setLayout(column(*map(self._card, Level), gap=Space.SMALL))
        gate.turned.connect(self._look)
        self._look(gate.level)

    def _card(self, level: Level) -> QFrame:
        shape, tone = look_of(level)
        sign = QLabel()
        set_icon(sign, shape, tone)
        name = _("{number} · {name}").format(number=level.value, name=wording.level_name(level))
        act = button(_("Go to level {number}").format(number=level.value), partial(self._go, level))
        now = label(_("Now"), "strong")
        now.setWordWrap(False)
        self._acts[level] = act, now
        said: list[QWidget | QLayout | int] = [label(wording.level_meaning(level), "body")]
        if level is Level.NO_AI:
            said += [label(line, "small", "quiet") for line in steps.stops()]
        if level > self._highest:
            act.setEnabled(False)
            said.append(label(_("Above your limits."), "small", "quiet"))
        title = row(sign, label(name, "title"), act, now)
        title.setStretch(1, 1)
        return frame("choice", column(title, *said, margin=Space.STEP, gap=Space.SMALL))

    def _look(self, held: Level) -> None:
        for level, (act, now) in self._acts.items():
            act.setVisible(level is not held)
            now.setVisible(level is held)
