# SPDX-License-Identifier: AGPL-3.0-or-later
"""A quiet card with people to call. Its showing is recorded nowhere; closing it is all it does."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from safespace.guard.reading.distress import HelpCard, HelpLine
from safespace.i18n import _
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.parts import column, icon_button, label, row
from safespace.ui.kit.theme import Space


class HelpLinesCard(QFrame):
    """The sentence of `card`, and its lines: number first, then who answers and for what."""

    def __init__(self, card: HelpCard) -> None:
        super().__init__()
        self.setProperty("kind", "help")
        self.setAccessibleName(_("People to talk to"))
        sign = QLabel()
        set_icon(sign, "life-buoy", "text")
        made = column(margin=Space.STEP, gap=Space.NEAR)
        close = icon_button("x", _("Close this card"), self.hide)
        heading = row(sign, label(card.sentence, "strong"), close, gap=Space.NEAR)
        heading.setStretch(1, 1)
        made.addLayout(heading)
        for line in card.lines:
            made.addWidget(_line(line))
        if card.lines:
            made.addWidget(
                label(_("This card is recorded nowhere, and nobody was told."), "small", "quiet")
            )
        self.setLayout(made)


def _line(line: HelpLine) -> QWidget:
    number = label(line.number, "title")
    number.setWordWrap(False)
    number.setMinimumWidth(120)
    number.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    number.setAccessibleName(f"{line.number}: {line.name}. {line.helps}")
    about = column(label(line.name, "strong"), label(line.helps, "small", "quiet"))
    across = row(number, about, gap=Space.STEP)
    across.setStretch(1, 1)
    made = QWidget()
    made.setLayout(across)
    made.setToolTip(
        _("Source: {source}, read on {day}").format(source=line.source, day=line.checked)
    )
    return made
