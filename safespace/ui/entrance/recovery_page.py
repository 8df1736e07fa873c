# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery code, shown this once: to write down, copy or print."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QGridLayout

from safespace.i18n import _
from safespace.ui import clipboard
from safespace.ui.check import Check
from safespace.ui.entrance.page import Page
from safespace.ui.parts import button, frame, label, row
from safespace.ui.theme import Space

_COLUMNS = 3


class RecoveryPage(Page):
    """Goes on only after it was said that the words are kept."""

    def __init__(self, name: str, code: str) -> None:
        self._name = name
        self._code = code
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
            line, column = divmod(place, _COLUMNS)
            grid.addWidget(number, line, 2 * column)
            grid.addWidget(shown, line, 2 * column + 1)
        for column in range(_COLUMNS):
            grid.setColumnStretch(2 * column + 1, 1)
        self._kept = Check(_("I have these words on paper, away from this computer"))
        super().__init__(
            _("Your recovery code"),
            _(
                "These twelve words open your space if you forget the passphrase. They are"
                " shown this once and kept nowhere else. Whoever has them can open your space."
            ),
            frame("card", grid),
            Space.NEAR,
            row(
                button(_("Print"), self._print, icon="printer"),
                button(_("Copy"), self._copy, icon="copy"),
                -1,
            ),
            Space.GROUP,
            self._kept,
            go=_("Go on"),
        )
        self._kept.toggled.connect(self.go.setEnabled)
        self.go.setEnabled(False)
        self.setFocusProxy(self._kept)

    def _copy(self) -> None:
        clipboard.copy(self._code)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # few people print

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.sheet().print_(printer))
        QDialog.open(dialog)

    def sheet(self) -> QTextDocument:
        """The paper: what it is, whose it is, the words."""
        words = "\n".join(
            f"{place}.  {word}" for place, word in enumerate(self._code.split(), start=1)
        )
        heading = _("Safe Space: recovery code of “{name}”").format(name=self._name)
        advice = _("Keep this sheet away from the computer. It opens the space without passphrase.")
        return QTextDocument(f"{heading}\n\n{words}\n\n{advice}\n")
