# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a model on the shelf that somebody brought: chosen, or dropped."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.computer import Computer
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choose_file import choose_file
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.settings.suggestion import suggestion


class BringPart(QWidget):
    """Copies a model file to where models are looked for, once it was checked; `brought` carries
    the sentence that says so.
    """

    brought = Signal(str)

    def __init__(self, computer: Computer, ops: Ops) -> None:
        super().__init__()
        self._shelf = computer.shelf
        self._ops = ops
        self._suits = label("")
        self._outcome = label("", "small", "quiet")
        self._outcome.hide()
        self._choose = button(_("Put a model on the shelf…"), self._ask)
        self.setLayout(
            column(
                label(_("Bring a model"), "title"),
                label(
                    _(
                        "A model that you brought to this computer as a .gguf file is checked and"
                        " copied to the shelf. It can also be dropped here."
                    ),
                    "small",
                    "quiet",
                ),
                self._suits,
                row(self._choose, -1),
                self._outcome,
                gap=Space.STEP,
            )
        )
        ops.run(self, lambda: suggestion(computer.catalogue), self._suggest, aside=True)

    def _suggest(self, suggested: tuple[str, str]) -> None:
        name, needs = suggested
        if name:
            needs = _("{model} would suit this computer. {needs}").format(model=name, needs=needs)
        self._suits.setText(needs)

    def _ask(self) -> None:
        choose_file(self, _("Choose a model file"), _("Models (*.gguf)"), self.add)

    @property
    def outcome(self) -> str:
        """What became of the last file."""
        return self._outcome.text()

    def add(self, file: Path) -> None:
        """Put `file` on the shelf."""
        self._say(_("Checking and copying…"))
        self._choose.setEnabled(False)
        self._ops.run(
            self,
            lambda: self._shelf.add(file),
            self._added,
            lambda problem: self._done(str(problem)),
            aside=True,
        )

    def _added(self, model: ShelfModel) -> None:
        outcome = _("{model} is on the shelf now.").format(model=model.name)
        self._done(outcome)
        self.brought.emit(outcome)

    def _done(self, outcome: str) -> None:
        self._choose.setEnabled(True)
        self._say(outcome)
        announce(self, outcome)

    def _say(self, outcome: str) -> None:
        self._outcome.setText(outcome)
        self._outcome.show()
