# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last weeks, each as a bar: here, by the cooperative, without AI; and the same in words."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from safespace.domain import Route
from safespace.i18n import _
from safespace.session.timeline import Week, in_numbers, week_in_numbers
from safespace.ui.kit.parts import label, panel, row
from safespace.ui.kit.theme import Space, theme


class Weeks(QWidget):
    """A line for each week; the longest bar is the week with the most tasks."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.NEAR)
        self._grid.setVerticalSpacing(Space.HAIR)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(_("The last weeks"))

    def show_weeks(self, weeks: Sequence[Week]) -> None:
        """Show these and no others."""
        while taken := self._grid.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        most = max((sum(count for count, *_ in _parts(week)) for week in weeks), default=0)
        for line, week in enumerate(weeks):
            day = _("Week of {day}").format(day=f"{week.monday:%d.%m.}")
            told = [(counted, tone) for _count, counted, tone in _parts(week) if counted]
            self._grid.addWidget(_one_line(day, "text"), line, 0)
            self._grid.addWidget(_Bar(week, most), line, 1)
            words = row(*(_one_line(*one) for one in told), -1, gap=Space.NEAR)
            self._grid.addWidget(panel("column", words), line, 2)
        self.setAccessibleDescription("; ".join(map(week_in_numbers, weeks)))


class _Bar(QWidget):
    def __init__(self, week: Week, most: int) -> None:
        super().__init__()
        self._week = week
        self._most = most
        self.setFixedHeight(Space.NEAR)
        self.setMinimumWidth(theme().scaled(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = 0.0
        for count, _counted, tone in _parts(self._week):
            if count:
                width = self.width() * count / self._most
                painter.setBrush(QColor(getattr(theme().tones, tone)))
                painter.drawRoundedRect(QRectF(left, 0, width - 1, self.height()), 3, 3)
                left += width
        painter.end()


def _parts(week: Week) -> Iterator[tuple[int, str, str]]:
    """How many, that in words (nothing for none), and the tone that it has everywhere."""
    for route, tone in ((Route.LOCAL, "here"), (Route.COOP, "coop"), (Route.HUMAN, "human")):
        count = week.count(route)
        yield count, in_numbers({route: count}) if count else "", tone


def _one_line(text: str, tone: str) -> QLabel:
    made = label(text, "small", tone)
    made.setWordWrap(False)
    return made
