# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders: what lies in each, and how long it is kept there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.domain import Folder, Heading, Kind
from safespace.i18n import N_, _, ngettext
from safespace.session.session import Session
from safespace.ui.holdings.page import page
from safespace.ui.holdings.thing_list import Line, ThingList
from safespace.ui.kit.choice import Choice, NoWheel
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, panel, row
from safespace.ui.kit.theme import Space, theme

_KINDS: Final = {
    Kind.CONVERSATION: N_("Conversation"),
    Kind.NOTE: N_("Note"),
    Kind.DOCUMENT: N_("Document"),
}
_DAYS: Final = (7, 30, 90, 365)
"""Offered for keeping; the terminal takes any number."""


@dataclass(frozen=True, slots=True)
class _Read:
    folders: Sequence[Folder]
    shown: int | None
    contents: Sequence[Heading]


class FoldersScreen(QWidget):
    """`ready` says that it was read and may be shown, `left` that the person is done.

    `changed`: something that a search finds may look different now. `opened` carries the kind
    and the number of something that is to be shown.
    """

    ready = Signal()
    left = Signal()
    changed = Signal()
    opened = Signal(Kind, int)

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._shown: Folder | None = None
        self._things: Sequence[Heading] = ()
        self.list = ThingList(_("Folders"))
        self.list.chosen.connect(self._look_into)
        self.list.setMinimumWidth(theme().scaled(120))
        self.contents = ThingList(_("What lies in the folder"))
        self.contents.chosen.connect(lambda _place: self._look())
        self.contents.activated.connect(lambda _index: self._open())
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the folder"))
        self.name.editingFinished.connect(self._rename)
        self.days = Choice()
        self.days.setAccessibleName(_("How long things are kept here"))
        self.days.installEventFilter(NoWheel(self.days))
        self.days.activated.connect(self._keep)
        self._none = label(_("No folder yet."), "small", "quiet")
        self._empty = label(
            _("It is empty. Notes, documents and conversations have a button “Folder…”."),
            "small",
            "quiet",
        )
        self._open_it = button(_("Open"), self._open)
        self._take = button(_("Take out of the folder"), self._take_out)
        self._remove = button(_("Remove folder…"), self._remove_wanted, "grave")
        self._back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        new = button(_("New folder"), self._make, "main", icon="plus")
        folders = column(self._none)
        folders.addWidget(self.list, 1)
        inside = column(
            self.name,
            self.days,
            label(
                _(
                    "What was not changed for so long goes to the bin at an unlock, and stays"
                    " there for another 30 days."
                ),
                "small",
                "quiet",
            ),
            self._empty,
            gap=Space.SMALL,
        )
        inside.addWidget(self.contents, 1)
        inside.addLayout(Flow(self._open_it, self._take, self._remove, apart=True))
        self._inside = panel("editor", inside)
        halves = row(panel("notes", folders), self._inside, gap=Space.GROUP)
        halves.setStretch(0, 2)
        halves.setStretch(1, 5)
        explained = _("Places for what belongs together. Removing one removes nothing in it.")
        self.setLayout(page(self._back, _("Folders"), explained, new, halves))
        self.setFocusProxy(new)
        self._look()

    def read(self) -> None:
        """Look for the folders, then say `ready`."""
        self._read(lambda: None, self.ready.emit)

    def _read(
        self, act: Callable[[], int | None], then: Callable[[], object] = lambda: None
    ) -> None:
        """Do `act`, which may say which folder to show, and show how things are afterwards."""
        session, before = self._session, self._shown.id if self._shown else None

        def read() -> _Read:
            made = act()
            folders = session.folders.every()
            wanted = before if made is None else made
            there = [folder.id for folder in folders]
            shown = wanted if wanted in there else next(iter(there), None)
            contents = [] if shown is None else session.folders.contents(shown)
            return _Read(folders, shown, contents)

        def show(found: _Read) -> None:
            self._show(found)
            then()

        self._ops.run(self, read, show)

    def _show(self, found: _Read) -> None:
        self._shown = next((one for one in found.folders if one.id == found.shown), None)
        self._things = found.contents
        self.list.show_lines([Line(one.id, one.name) for one in found.folders], found.shown)
        lines = [Line(place, _described(thing)) for place, thing in enumerate(found.contents)]
        self.contents.show_lines(lines, None)
        if self._shown:
            with QSignalBlocker(self.name):
                self.name.setText(self._shown.name)
            self._offer_days(self._shown.days)
        self._look()

    def _offer_days(self, kept: int | None) -> None:
        self.days.clear()
        self.days.addItem(_("Kept until it is deleted"), None)
        for days in sorted({*_DAYS, *([kept] if kept else [])}):
            self.days.addItem(
                ngettext("Kept for {count} day", "Kept for {count} days", days).format(count=days),
                days,
            )
        self.days.setCurrentIndex(self.days.findData(kept))

    def _look(self) -> None:
        self._none.setVisible(self._shown is None)
        self.list.setVisible(self._shown is not None)
        self._inside.setVisible(self._shown is not None)
        self._empty.setVisible(not self._things)
        self.contents.setVisible(bool(self._things))
        for act in (self._open_it, self._take):
            act.setEnabled(self.contents.current is not None)

    def _look_into(self, folder: int) -> None:
        self._read(lambda: folder)

    def _make(self) -> None:
        """A new one, named so that it can be named better at once."""
        folders = self._session.folders

        def make() -> int:
            taken = {one.name.casefold() for one in folders.every()}
            plain = _("New folder")
            tries = [plain, *(f"{plain} {number}" for number in range(2, len(taken) + 3))]
            return folders.make(next(name for name in tries if name.casefold() not in taken))

        def named() -> None:
            self.name.setFocus()
            self.name.selectAll()

        self._read(make, named)

    def _rename(self) -> None:
        folder, name = self._shown, self.name.text()
        if folder is None or name.strip() in ("", folder.name):
            return
        self._do(lambda: self._session.folders.rename(folder.id, name))

    def _keep(self) -> None:
        folder, days = self._shown, self.days.currentData()
        if folder and days != folder.days:
            self._do(lambda: self._session.folders.keep_for(folder.id, days))

    def _open(self) -> None:
        if thing := self._thing():
            self.opened.emit(thing.kind, thing.id)

    def _take_out(self) -> None:
        if thing := self._thing():
            self._do(lambda: self._session.folders.put(thing.kind, thing.id, None))

    def _remove_wanted(self) -> None:
        if folder := self._shown:
            Confirm(
                self,
                _("Remove the folder “{name}”?").format(name=folder.name),
                [_("What lies in it stays, and lies in no folder.")],
                _("Remove folder"),
                lambda: self._do(lambda: self._session.folders.remove(folder.id)),
                leave=_("Keep it"),
                grave=True,
            ).open()

    def _do(self, act: Callable[[], None]) -> None:
        def done() -> int | None:
            act()
            return None

        self._read(done, self.changed.emit)

    def _thing(self) -> Heading | None:
        place = self.contents.current
        return None if place is None else self._things[place]


def _described(thing: Heading) -> str:
    title = thing.title or _("Without a title")
    return f"{_(_KINDS[thing.kind])}   {title}"
