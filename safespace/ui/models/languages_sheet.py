# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model speaks that no catalogue knows, in its owner's words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.i18n import _
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet


class LanguagesSheet(Sheet):
    """`told` carries the codes that were typed."""

    told = Signal(frozenset)

    def __init__(self, parent: QWidget, model: ShelfModel) -> None:
        known = sorted(model.card.languages) if model.card else []
        self._codes = QLineEdit(", ".join(known))
        self._codes.setAccessibleName(_("Languages"))
        self._codes.setPlaceholderText("en, de")
        keep = button(_("Keep"), self._keep, "main")
        keep.setDefault(True)
        heading = _("What does {model} speak?").format(model=model.name)
        how = _(
            "The codes of its languages, two letters each, as its maker's page names them. In these"
            " it is asked; about health, money and the like each question comes back to you first."
        )
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            label(how, "body"),
            self._codes,
            acts=row(-1, button(_("Leave it as it is"), self.reject), keep),
        )
        self._codes.setFocus()

    def _keep(self) -> None:
        codes = frozenset(self._codes.text().lower().replace(",", " ").split())
        if codes:
            self.told.emit(codes)
        self.accept()
