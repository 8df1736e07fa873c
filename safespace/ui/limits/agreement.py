# SPDX-License-Identifier: AGPL-3.0-or-later
"""One agreement as both see it: the sheet, and below it the guardian's side and the member's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QFrame, QLabel, QLayout, QVBoxLayout, QWidget

from safespace.i18n import _
from safespace.session.limits.document import Document
from safespace.session.limits.sheet import guardian_side, member_side, sheet
from safespace.ui.kit.parts import column, frame, label
from safespace.ui.kit.theme import Space
from safespace.ui.limits.halves import Halves

_NARROWEST: Final = 280


class SheetView(QFrame):
    """The sentences of a sheet, word for word the same in both windows."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._lines: list[QLabel] = []
        self._place: QVBoxLayout = column(margin=Space.STEP, gap=Space.SMALL)
        self.setLayout(self._place)
        self.show_lines(lines)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these in the place of those before."""
        while len(self._lines) < len(lines):
            self._lines.append(made := label("", "body" if self._lines else "strong"))
            self._place.addWidget(made)
        for place, shown in enumerate(self._lines):
            shown.setText(lines[place] if place < len(lines) else "")
            shown.setVisible(place < len(lines))


class Agreement(QWidget):
    """`document` for the space called `name`; what the window's own member can do stands on
    their side, under the same sentences that the other one reads."""

    def __init__(
        self,
        document: Document,
        name: str,
        now: datetime,
        guardian: Sequence[QWidget | QLayout] = (),
        member: Sequence[QWidget | QLayout] = (),
    ) -> None:
        super().__init__()
        self.view = SheetView(sheet(document, name, now))
        self.halves = Halves(
            _side(
                _("{name}, who signs").format(name=document.guardian),
                guardian_side(name),
                guardian,
            ),
            _side(_("{name}, whose space it is").format(name=name), member_side(document), member),
            _NARROWEST,
        )
        self.setLayout(column(self.view, self.halves, gap=Space.STEP))


def _side(name: str, says: Sequence[str], acts: Sequence[QWidget | QLayout]) -> QFrame:
    sentences = [label(line, "small", "quiet") for line in says]
    return frame(
        "card",
        column(label(name, "strong"), *sentences, *acts, -1, margin=Space.STEP, gap=Space.SMALL),
    )
