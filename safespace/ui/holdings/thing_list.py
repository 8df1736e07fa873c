# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of things by their titles. It draws what is in sight alone, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView

from safespace.ui.kit.parts import tip

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """A thing's number and how the list shows it."""

    id: int
    text: str


class ThingList(QListView):
    """`chosen` carries the number of the line that a person went to."""

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lines = _Lines()
        self.setModel(self._lines)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._went_to)

    @property
    def lines(self) -> Sequence[Line]:
        """What it shows, from the top."""
        return self._lines.lines

    @property
    def current(self) -> int | None:
        """The number of the line that is marked."""
        index = self.currentIndex()
        return self.lines[index.row()].id if index.isValid() else None

    def show_lines(self, lines: Sequence[Line], current: int | None) -> None:
        """Show these, one of them marked; that chooses nothing anew."""
        self._quiet = True
        self._lines.show(lines)
        place = next((n for n, line in enumerate(lines) if line.id == current), -1)
        self.setCurrentIndex(self._lines.index(place) if place >= 0 else _NOWHERE)
        self._quiet = False

    def _went_to(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.chosen.emit(self.lines[index.row()].id)


class _Lines(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, _parent: _Index = _NOWHERE) -> int:
        return len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        text = self.lines[index.row()].text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(text)
        return text if role == Qt.ItemDataRole.DisplayRole else None
