# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving: everything taken along as readable files, or the space destroyed for ever."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.i18n import _
from safespace.session.leaving.erasing import Reach, unpromised
from safespace.session.session import Session
from safespace.store.backups.erasing import Erased
from safespace.ui.keys.asking import Asking
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choose_file import choose_folder
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label, row
from safespace.ui.kit.screen import Screen
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import Space


class LeaveScreen(Screen):
    """`erased` says that the space is no more: the session is closed then."""

    erased = Signal(object)

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__(_("Leave"))
        self._session = session
        self._ops = ops
        self._outcome = label("", "small", "quiet")
        self.setAccessibleName(_("Take everything along, or erase this space"))

    def read(self) -> None:
        """Look for what there is of the space, then say `ready`."""
        self._ops.run(self, self._session.leaving.reach, self._show, aside=True)

    def _show(self, reach: Reach) -> None:
        self._outcome = label("", "small", "quiet")
        self._outcome.hide()
        self.fill(self._along(), self._for_ever(reach))
        self.ready.emit()

    def _along(self) -> QWidget:
        meaning = _(
            "Writes everything in this space into a folder, as text and as JSON. What is written"
            " there is not locked: whoever can read the folder can read it."
        )
        return frame(
            "card",
            column(
                label(_("Take everything along"), "title"),
                label(meaning),
                row(button(_("Choose a folder…"), self._choose_folder), -1),
                self._outcome,
                margin=Space.STEP,
                gap=Space.STEP,
            ),
        )

    def _for_ever(self, reach: Reach) -> QWidget:
        copies = [
            label(_("Another copy of it stays: {folder}").format(folder=copy), "small")
            for copy in reach.copies
        ]
        none = (
            [] if reach.backups else [label(_("No backup of it was found in the backup folder."))]
        )
        return frame(
            "card",
            column(
                label(_("Erase this space"), "title"),
                label(_("Destroys these files for ever, with everything that is in them:")),
                label(_lines((*reach.files, *reach.backups)), "small", "quiet"),
                *none,
                *copies,
                label(_("What cannot be promised:")),
                label(_lines(unpromised()), "small", "quiet"),
                row(button(_("Erase this space…"), self._erase, "grave"), -1),
                margin=Space.STEP,
                gap=Space.STEP,
            ),
        )

    def _choose_folder(self) -> None:
        choose_folder(self, _("Choose a folder for the export"), self.write_into)

    def write_into(self, folder: Path) -> None:
        """Ask who is there, then export into `folder`."""
        leaving, off = self._session.leaving, Event()

        def export(present: str) -> Path:
            leaving.prove(present)
            return leaving.export(folder, off.is_set)

        Asking(
            self.window(),
            self._ops,
            _("Take everything along"),
            [_("Into {folder}, not encrypted.").format(folder=folder)],
            _("Passphrase or recovery code"),
            _("Write everything"),
            export,
            self._written,
            called_off=off,
        ).open()

    def _written(self, place: Path) -> None:
        self._outcome.setText(_("Written to {place}").format(place=place))
        self._outcome.show()
        announce(self, self._outcome.text())

    def _erase(self) -> None:
        name = self._session.name
        typed = QLineEdit()
        typed.setAccessibleName(_("Name of the space"))
        typed.setPlaceholderText(_("Name of the space"))
        sheet = Asking(
            self.window(),
            self._ops,
            _("Erase “{name}” for ever?").format(name=name),
            [_("Nobody can bring it back. To erase it, type its passphrase and its name.")],
            _("Passphrase or recovery code"),
            _("Erase for ever"),
            self._session.erase,
            self.erased.emit,
            more=typed,
            ready=lambda: typed.text().strip() == name,
        )
        typed.textChanged.connect(lambda _typed: sheet.look())
        sheet.open()


class ErasedSheet(Sheet):
    """What was destroyed, what was not, and what nobody can promise."""

    def __init__(self, parent: QWidget, name: str, erased: Erased) -> None:
        heading = _("“{name}” is destroyed").format(name=name)
        left = (
            [
                label(_("These files could not be destroyed. Remove them by hand:")),
                label(_lines(erased.left), "small", "warn"),
            ]
            if erased.left
            else []
        )
        close = button(_("Close"), self.accept, "main")
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            label(_("These files are gone:")),
            label(_lines(erased.destroyed), "small", "quiet"),
            *left,
            label(_("What cannot be promised:")),
            label(_lines(unpromised()), "small", "quiet"),
            acts=row(-1, close),
        )
        close.setFocus()


def _lines(things: Iterable[object]) -> str:
    return "\n".join(map(str, things))
