# SPDX-License-Identifier: AGPL-3.0-or-later
"""The timeline: what was decided and what left. Opening it asks who is there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from safespace.domain import Route
from safespace.i18n import N_, _, ngettext
from safespace.session import timeline
from safespace.session.session import Session
from safespace.store.rooms.activity import Line, Removed
from safespace.store.rooms.log import Verdict
from safespace.ui.activity.weeks import Weeks
from safespace.ui.holdings.page import page
from safespace.ui.holdings.thing_list import Line as Shown
from safespace.ui.holdings.thing_list import ThingList
from safespace.ui.keys.asking import Asking
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choice import Choice
from safespace.ui.kit.choose_file import choose_folder
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label
from safespace.ui.kit.theme import Space

T = TypeVar("T")

_WEEKS: Final = 4
_WIDE: Final = 26
_FILTERS: Final[tuple[tuple[str, Callable[[Line], bool]], ...]] = (
    (N_("Everything"), lambda _line: True),
    (N_("What left this computer"), timeline.left),
    (N_("Here"), lambda line: timeline.went(line, Route.LOCAL)),
    (
        N_("By the cooperative"),
        lambda line: timeline.went(line, Route.COOP, Route.COOP_REDACTED),
    ),
    (N_("Without AI"), lambda line: timeline.went(line, Route.HUMAN)),
)


class ActivityScreen(QWidget):
    """`ready` says that it may be shown, since its member proved themselves; `left` that they are
    done. Whenever it is not in sight, it holds nothing.
    """

    ready = Signal()
    left = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._lines: Sequence[Line] = ()
        self._left = label("", "body")
        self._weeks = Weeks()
        self.filter = Choice()
        self.filter.setAccessibleName(_("Show"))
        self.filter.setMinimumContentsLength(_WIDE)
        self.filter.addItems([_(name) for name, _shows in _FILTERS])
        self.filter.currentIndexChanged.connect(lambda _place: self._filtered())
        self.list = ThingList(_("What was decided, and what left"))
        self.list.chosen.connect(lambda _number: self._look())
        self._none = label(_("There is nothing like this in the record."), "small", "quiet")
        self._details = label("", "small")
        self._card = frame("card", column(self._details, margin=Space.NEAR))
        self.said = label("", "small", "quiet")
        self.said.hide()
        self._remove = button(_("Remove entry…"), self._remove_one, "grave")
        self._remove_all = button(
            _("Remove all shown…"), lambda: self._remove_wanted(self._removable()), "grave"
        )
        check = button(_("Check the record"), self._check)
        back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        content = column(
            self._left, self._weeks, Flow(self.filter, check, apart=True), gap=Space.NEAR
        )
        content.addWidget(self._none)
        content.addWidget(self.list, 1)
        content.addWidget(self._card)
        content.addWidget(self.said)
        content.addLayout(Flow(self._remove, self._remove_all, apart=True))
        explained = _(
            "Facts alone, never your words; of what stayed here, no topics. After 30 days what"
            " stayed here is only a count of its day."
        )
        along = button(_("Take it along…"), self._choose_folder, "main")
        self.setLayout(page(back, _("Activity"), explained, along, content))
        self.setFocusProxy(self.filter)

    def read(self) -> None:
        """Ask who is there, read the record, then say `ready`."""
        self._ask(
            _("Activity"),
            _("What was decided and what left is for you alone."),
            _("Show it"),
            self._session.activity.lines,
            self._ready,
        )

    def write_into(self, folder: Path) -> None:
        """Ask who is there, then write the record into `folder`."""
        self._ask(
            _("Take it along…"),
            _("Into {folder}, not encrypted.").format(folder=folder),
            _("Write it"),
            lambda: self._session.exits.record_into(folder),
            lambda file: self._say(_("Written to {place}").format(place=file)),
        )

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._show(())
            self.said.hide()
        super().hideEvent(event)

    def _ask(
        self, heading: str, said: str, do: str, act: Callable[[], T], then: Callable[[T], object]
    ) -> None:
        def proven(present: str) -> T:
            self._session.leaving.prove(present)
            return act()

        field = _("Passphrase or recovery code")
        Asking(self.window(), self._ops, heading, [said], field, do, proven, then).open()

    def _ready(self, lines: Sequence[Line]) -> None:
        self.filter.setCurrentIndex(0)
        self._show(lines)
        self.ready.emit()
        self._ops.run(self, self._session.activity.verify, self._say_if_broken, aside=True)

    def _show(self, lines: Sequence[Line]) -> None:
        self._lines = timeline.in_order(lines)
        self._left.setText(timeline.what_left(lines))
        self._weeks.show_weeks(timeline.weeks(lines, datetime.now().astimezone().date(), _WEEKS))
        self._filtered()

    def _filtered(self) -> None:
        _name, shows = _FILTERS[self.filter.currentIndex()]
        found = [line for line in self._lines if shows(line)]
        told = [
            Shown(line.id or 0, f"{timeline.when(line)}  {timeline.sentence(line)}")
            for line in found
        ]
        self.list.show_lines(told, self.list.current)
        self._look()

    def _look(self) -> None:
        line = self._current()
        self._none.setVisible(not self.list.lines)
        self.list.setVisible(bool(self.list.lines))
        self._card.setVisible(line is not None)
        if line is not None:
            self._details.setText(" ".join((timeline.sentence(line), *timeline.details(line))))
        self._remove.setEnabled(line is not None and not isinstance(line, Removed))
        self._remove_all.setEnabled(bool(self._removable()))

    def _current(self) -> Line | None:
        return next((line for line in self._lines if line.id == self.list.current), None)

    def _removable(self) -> list[int]:
        """The numbers of what is shown and can be removed."""
        shown = {line.id for line in self.list.lines}
        return [
            line.id
            for line in self._lines
            if line.id in shown and line.id is not None and not isinstance(line, Removed)
        ]

    def _remove_one(self) -> None:
        if (number := self.list.current) is not None:
            self._remove_wanted([number])

    def _remove_wanted(self, numbers: Sequence[int]) -> None:
        Confirm(
            self,
            ngettext("Remove this entry?", "Remove {count} entries?", len(numbers)).format(
                count=len(numbers)
            ),
            [_("What they say is gone for ever. That so many were removed today stays.")],
            _("Remove"),
            lambda: self._remove_now(numbers),
            leave=_("Keep it"),
            grave=True,
        ).open()

    def _remove_now(self, numbers: Sequence[int]) -> None:
        activity = self._session.activity

        def work() -> Sequence[Line]:
            activity.remove(numbers, datetime.now().astimezone().date())
            return activity.lines()

        self._ops.run(self, work, self._show)

    def _check(self) -> None:
        self._ops.run(
            self,
            self._session.activity.verify,
            lambda verdict: self._say(timeline.found(verdict)),
            aside=True,
        )

    def _say_if_broken(self, verdict: Verdict) -> None:
        if verdict.broken:
            self._say(timeline.found(verdict))

    def _choose_folder(self) -> None:
        choose_folder(self, _("Choose a folder for the record"), self.write_into)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()
        announce(self, text)
