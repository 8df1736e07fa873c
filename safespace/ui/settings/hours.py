# SPDX-License-Identifier: AGPL-3.0-or-later
"""Windows of a day, each from one time to another; none means all day."""

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from safespace.i18n import _
from safespace.ui.kit.parts import button, column, icon_button, label, row
from safespace.ui.kit.theme import Space, theme

Window = tuple[int, int]
_AFTERNOON: Final = (15 * 60, 18 * 60)
_DAY: Final = 24 * 60
_CLOCK: Final = re.compile(r"([0-9]{1,2})(?::([0-5][0-9]))?")
_WIDE: Final = 72


class Hours(QWidget):
    """`windows` are in minutes after midnight, begin and end; 24:00 ends a day.

    `overnight`: one that ends before it begins ends on the next morning.
    """

    changed = Signal()

    def __init__(self, windows: Sequence[Window] = (), *, overnight: bool = False) -> None:
        super().__init__()
        self._overnight = overnight
        self._rows: list[_Row] = []
        self._place: QVBoxLayout = column(gap=Space.SMALL)
        self._add = button(_("Add hours"), lambda: self._more(_AFTERNOON), icon="plus")
        self.setLayout(column(self._place, row(self._add, -1), gap=Space.SMALL))
        for window in windows:
            self._more(window)

    @property
    def windows(self) -> tuple[Window, ...]:
        """Those that can be read, the earliest first."""
        return tuple(sorted({line.hours for line in self._rows if line.hours}))

    @property
    def fit(self) -> bool:
        """Whether every one can be read, and begins before it ends."""
        return all(line.hours for line in self._rows)

    def _more(self, window: Window) -> None:
        made = _Row(window, overnight=self._overnight)
        made.changed.connect(self.changed)
        made.taken_away.connect(lambda: self._less(made))
        self._rows.append(made)
        self._place.addWidget(made)
        made.show()
        self.changed.emit()

    def _less(self, line: "_Row") -> None:
        self._rows.remove(line)
        line.hide()
        line.deleteLater()
        self._add.setFocus()
        self.changed.emit()


class _Row(QWidget):
    changed = Signal()
    taken_away = Signal()

    def __init__(self, window: Window, *, overnight: bool) -> None:
        super().__init__()
        self._overnight = overnight
        self._begin = _field(_("From"), window[0])
        self._end = _field(_("To"), window[1])
        for field in (self._begin, self._end):
            field.textChanged.connect(lambda _text: self.changed.emit())
        self.setLayout(
            row(
                self._begin,
                label("–"),
                self._end,
                icon_button("x", _("Take these hours away"), self.taken_away.emit),
                -1,
            )
        )

    @property
    def hours(self) -> Window | None:
        begin, end = _minute(self._begin.text()), _minute(self._end.text())
        if begin is None or end is None or begin == end:
            return None
        return (begin, end) if begin < end or self._overnight else None


def clock(minute: int) -> str:
    """A minute of the day as it is written, such as 15:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _field(name: str, minute: int) -> QLineEdit:
    made = QLineEdit(clock(minute))
    made.setMaxLength(5)
    made.setFixedWidth(theme().scaled(_WIDE))
    made.setAccessibleName(name)
    return made


def _minute(text: str) -> int | None:
    """The minute of a day that "15:30", or "15", names, or 24:00, its end."""
    found = _CLOCK.fullmatch(text.strip())
    minute = int(found[1]) * 60 + int(found[2] or 0) if found else _DAY + 1
    return minute if minute <= _DAY else None
