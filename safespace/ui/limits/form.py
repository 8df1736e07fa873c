# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a guardian fills in: the limits, for whom, and up to which day."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from safespace.domain import Level, Limits, Topic
from safespace.guard import wording
from safespace.i18n import _
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.limits.document import Document
from safespace.ui.kit.check import Check
from safespace.ui.kit.choice import Choice, NoWheel
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.theme import Space
from safespace.ui.settings.hours import Hours

CHILDHOOD_YEARS: Final = 18
_AN_HOUR: Final = 60
_MOST_MINUTES: Final = 24 * 60


class Form(QWidget):
    """Begins with what `before` says, or with the careful limits of a first sheet. For a
    `household` nobody is asked who the limits are for.

    `limits`, `adult`, `ends` and `keeper` are what it says now; `changed` comes with every change.
    """

    changed = Signal()

    def __init__(
        self,
        models: Sequence[ShelfModel],
        before: Document | None,
        today: date,
        *,
        household: bool = False,
    ) -> None:
        super().__init__()
        self._household = household
        now = before.limits if before else Limits(Level.WHEN_I_ASK, cooperative=False)
        self._who = Choice()
        self._who.addItem(_("A child: only you change or end them"), False)
        self._who.addItem(_("An adult: can end them alone, at once"), True)
        self._who.setCurrentIndex(int(before.adult) if before else 0)
        self._who.setAccessibleName(_("For whom"))
        self._today = today
        self._ends = QLineEdit(before.ends.isoformat() if before and before.ends else "")
        self._ends.setPlaceholderText(_("Year-month-day, such as 2031-05-01"))
        self._ends.setAccessibleName(_("They end on"))
        self._keeper = QLineEdit(before.keeper if before else "")
        self._keeper.setPlaceholderText(_("A name; whoever keeps it can open the space"))
        self._keeper.setAccessibleName(_("Who keeps the recovery sheet"))
        self._highest = Choice()
        for level in Level:
            name = _("{number} · {name}").format(number=level.value, name=wording.level_name(level))
            self._highest.addItem(name, level)
        self._highest.setCurrentIndex(self._highest.findData(now.highest))
        self._highest.setAccessibleName(_("Highest level"))
        self._topics = {topic: Check(_capital(wording.topic_name(topic))) for topic in Topic}
        for topic, box in self._topics.items():
            box.setChecked(topic in now.topics)
        self._hours = Hours(now.hours)
        self._counted = Check(_("Only so many minutes with AI a day:"))
        self._counted.setChecked(now.minutes is not None)
        self._minutes = QLineEdit(str(_AN_HOUR if now.minutes is None else now.minutes))
        self._minutes.setValidator(QIntValidator(0, _MOST_MINUTES, self))
        self._minutes.setAccessibleName(_("Minutes a day"))
        self._only = Check(_("Only the models ticked here:"))
        self._only.setChecked(now.models is not None)
        self._models = {name: Check(shown) for name, shown in _shelf(models, now.models)}
        for name, box in self._models.items():
            box.setChecked(now.models is not None and name in now.models)
        self._cooperative = Check(_("The cooperative may be used"))
        self._cooperative.setChecked(now.cooperative)
        self.setLayout(self._laid_out())
        for field in (self._who, self._highest):
            field.installEventFilter(NoWheel(field))
        self._listen()
        self._look()

    @property
    def adult(self) -> bool:
        return bool(self._who.currentData())

    @property
    def keeper(self) -> str:
        return self._keeper.text().strip()

    @property
    def ends(self) -> date | None:
        """The day of their end; None where none was given, or none that can be read."""
        with suppress(ValueError):
            return date.fromisoformat(self._ends.text().strip())
        return None

    @property
    def limits(self) -> Limits:
        return Limits(
            self._highest.currentData(),
            frozenset(topic for topic, box in self._topics.items() if box.isChecked()),
            self._hours.windows,
            self._day_minutes() if self._counted.isChecked() else None,
            frozenset(name for name, box in self._models.items() if box.isChecked())
            if self._only.isChecked()
            else None,
            self._cooperative.isChecked(),
            override=self.adult,
        )

    @property
    def lacks(self) -> str:
        """What is missing before this can be signed, in a sentence; empty if nothing is."""
        if self._ends.text().strip() and self.ends is None:
            return _("“{text}” is no day, such as 2031-05-01.").format(text=self._ends.text())
        if not (self.adult or self._household or self.ends):
            return _("A child's limits need a day of their end, the 18th birthday at the latest.")
        if self.ends and not self._today < self.ends:
            return _("The day of their end lies ahead.")
        child = not (self.adult or self._household)
        if child and self.ends and self.ends.year > self._today.year + CHILDHOOD_YEARS:
            return _("By then the child is grown up.")
        if not self._hours.fit:
            return _("Hours end after they begin, such as 15:00 – 18:00.")
        if self._counted.isChecked() and not self._minutes.hasAcceptableInput():
            return _("A day has 0 to {count} minutes.").format(count=_MOST_MINUTES)
        if self._only.isChecked() and not self.limits.models:
            return _("Tick a model, or allow all of them.")
        return ""

    def _day_minutes(self) -> int:
        """As typed; none at all while that is no number of a day's minutes."""
        return int(self._minutes.text()) if self._minutes.hasAcceptableInput() else 0

    def _laid_out(self) -> QVBoxLayout:
        models: Sequence[QWidget] = list(self._models.values()) or [
            label(_("No model is on the shelf."), "small")
        ]
        whose = [
            _part(_("For whom"), self._who),
            _part(_("Who keeps the recovery sheet"), self._keeper),
        ]
        return column(
            *([] if self._household else whose),
            _part(_("They end on"), self._ends),
            _part(_("Highest level"), self._highest),
            _part(_("Left to people"), *self._topics.values()),
            _part(_("AI only at these hours"), self._hours),
            _part(_("Minutes"), self._counted, self._minutes),
            _part(_("Models"), self._only, *models),
            _part(_("Sending"), self._cooperative),
            gap=Space.GROUP,
        )

    def _listen(self) -> None:
        boxes = (
            self._counted, self._only, self._cooperative,
            *self._topics.values(), *self._models.values(),
        )  # fmt: skip
        for box in boxes:
            box.toggled.connect(self._look)
        for typed in (self._ends, self._keeper):
            typed.textChanged.connect(self._look)
        for chosen in (self._who, self._highest):
            chosen.currentIndexChanged.connect(self._look)
        self._hours.changed.connect(self._look)
        self._minutes.textChanged.connect(self._look)

    def _look(self) -> None:
        self._minutes.setEnabled(self._counted.isChecked())
        for box in self._models.values():
            box.setEnabled(self._only.isChecked())
        self.changed.emit()


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _part(name: str, *fields: QWidget) -> QVBoxLayout:
    return column(label(name, "strong"), *fields, gap=Space.HAIR)


def _shelf(models: Sequence[ShelfModel], named: frozenset[str] | None) -> list[tuple[str, str]]:
    """Files and names: the shelf of this computer, and what was named before and lies elsewhere."""
    here = {model.path.name: model.name for model in models}
    return [*here.items(), *((name, name) for name in sorted((named or set()) - set(here)))]
