# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others see of this space at the entrance: name and picture, the name, or nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QLabel, QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.at_entrance import AtEntrance, Showing
from safespace.session.drawing import drawn
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.check import Check
from safespace.ui.kit.choose_file import choose_file
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label
from safespace.ui.kit.theme import Space
from safespace.ui.settings.portrait import pixmap, small

SIDE: Final = 48


class ShownPart(QWidget):
    """What is ticked and chosen here is kept at once."""

    def __init__(self, at_entrance: AtEntrance, ops: Ops) -> None:
        super().__init__()
        self._at_entrance = at_entrance
        self._ops = ops
        self._picture = QLabel()
        self._picture.setAccessibleName(_("Your picture"))
        self._name = Check(_("Show my name"))
        self._name.clicked.connect(self._name_wanted)
        self._choose = button(_("Choose a picture…"), self._ask)
        self._take_away = button(_("Take the picture away"), self._without)
        self._state = label("", "small")
        self.setLayout(
            column(
                label(_("At the entrance"), "title"),
                label(
                    _(
                        "What people who use this computer see before a space is opened. Of a"
                        " picture only a small square of its pixels is kept, and anyone can see it."
                    ),
                    "small",
                    "quiet",
                ),
                self._name,
                Flow(self._picture, self._choose, self._take_away),
                self._state,
                gap=Space.STEP,
            )
        )
        self.read()

    def read(self) -> None:
        """Look again."""
        self._ops.run(self, self._at_entrance.now, self._show)

    def take(self, file: Path) -> None:
        """Show this picture."""
        self._keep(lambda: self._at_entrance.show(small(drawn(file))))

    def _ask(self) -> None:
        choose_file(
            self, _("Choose a picture"), _("Pictures (*.png *.jpg *.jpeg *.webp *.gif)"), self.take
        )

    def _without(self) -> None:
        self._keep(self._at_entrance.show)

    def _name_wanted(self, shown: bool) -> None:
        self._keep(self._at_entrance.show if shown else self._at_entrance.hide)

    def _keep(self, act: Callable[[], None]) -> None:
        def done(showing: Showing) -> None:
            self._show(showing)
            announce(self, self._state.text())

        def keep() -> Showing:
            act()
            return self._at_entrance.now()

        self._ops.run(self, keep, done, self._refused, aside=True)

    def _refused(self, problem: SafeSpaceError) -> None:
        def say(showing: Showing) -> None:
            self._show(showing)
            self._state.setText(str(problem))
            announce(self, str(problem), urgent=True)

        self._ops.run(self, self._at_entrance.now, say)

    def _show(self, showing: Showing) -> None:
        self._name.setChecked(showing.name)
        self._choose.setVisible(showing.name)
        self._take_away.setVisible(bool(showing.picture))
        self._picture.setVisible(bool(showing.picture))
        self._picture.setPixmap(pixmap(showing.picture, SIDE, self.devicePixelRatioF()))
        if showing.name:
            self._state.setText(_("Your name is shown, and your picture if you chose one."))
        else:
            self._state.setText(
                _(
                    "Nothing is shown. At the entrance you choose “A space that is not shown” and"
                    " type its name. Backups made before still carry the name."
                )
            )
