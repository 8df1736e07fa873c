# SPDX-License-Identifier: AGPL-3.0-or-later
"""The twelve words of a recovery code, to write down, copy or print."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QTextDocument
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from safespace.i18n import _
from safespace.session.keys import sheet
from safespace.ui.kit import clipboard
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label, row
from safespace.ui.kit.theme import Space

_COLUMNS: Final = 3


class RecoveryWords(QWidget):
    """Shows the words of the space called `name`; they are nowhere else.

    `note` writes into its record that they go on paper; if that fails, they do not.
    """

    def __init__(self, name: str, code: str, ops: Ops, note: Callable[[], None]) -> None:
        super().__init__()
        self._name = name
        self._code = code
        self._ops = ops
        self._note = note
        self.setLayout(
            column(
                frame("card", grid_of(code)),
                row(
                    button(_("Print"), self._print, icon="printer"),
                    button(_("Copy"), self._copy, icon="copy"),
                    -1,
                ),
                label(
                    _(
                        "Whoever keeps the paper can open your space; it has a line for who that"
                        " is. A printer may keep a copy of what it printed, and a print into a"
                        " file lies unlocked on the disk: writing by hand leaves neither."
                    ),
                    "small",
                    "quiet",
                ),
                gap=Space.NEAR,
            )
        )

    def _copy(self) -> None:
        clipboard.copy(self._code)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # few people print

        printer = QPrinter()
        printer.setDocName("Safe Space")  # what a queue shows
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(
            lambda: self._ops.run(self, self._note, lambda _noted: self.sheet().print_(printer))
        )
        QDialog.open(dialog)

    def sheet(self) -> QTextDocument:
        """The paper."""
        made = QTextDocument(sheet.text(self._name, self._code, date.today()))
        made.setDefaultFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        return made


def grid_of(code: str) -> QGridLayout:
    """Twelve words with their numbers, as they are written down."""
    grid = QGridLayout()
    grid.setContentsMargins(Space.STEP, Space.STEP, Space.STEP, Space.STEP)
    grid.setVerticalSpacing(Space.NEAR)
    for place, word in enumerate(code.split()):
        number = label(f"{place + 1}", "small", "quiet")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        shown = label(word, "body")
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(_("Word {number}: {word}").format(number=place + 1, word=word))
        line, column_ = divmod(place, _COLUMNS)
        grid.addWidget(number, line, 2 * column_)
        grid.addWidget(shown, line, 2 * column_ + 1)
    for column_ in range(_COLUMNS):
        grid.setColumnStretch(2 * column_ + 1, 1)
    return grid
