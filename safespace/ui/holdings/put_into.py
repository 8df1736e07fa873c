# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which folder something lies in: one of those there are, a new one, or none."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from safespace.domain import Folder, Kind
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.session import Session
from safespace.store.rooms.folders import Folders
from safespace.ui.kit.choice import Choice
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet

_NEW = -1


def put_into(
    parent: QWidget,
    session: Session,
    ops: Ops,
    kind: Kind,
    id_: int,
    then: Callable[[], object] = lambda: None,
) -> None:
    """Ask for a folder and put the thing there; `then` follows."""
    folders = session.folders

    def read() -> tuple[list[Folder], int | None]:
        found = folders.every()
        holds = (
            folder.id
            for folder in found
            if any((one.kind, one.id) == (kind, id_) for one in folders.contents(folder.id))
        )
        return found, next(holds, None)

    def show(found: tuple[list[Folder], int | None]) -> None:
        put = partial(_put, folders, kind, id_)
        _PutInto(parent, ops, *found, put, then).open()

    ops.run(parent, read, show)


def _put(folders: Folders, kind: Kind, id_: int, folder: int | None, name: str) -> None:
    into = folders.make(name) if folder == _NEW else folder
    folders.put(kind, id_, into)


class _PutInto(Sheet):
    def __init__(
        self,
        parent: QWidget,
        ops: Ops,
        folders: Sequence[Folder],
        now: int | None,
        put: Callable[[int | None, str], None],
        then: Callable[[], object],
    ) -> None:
        self._ops = ops
        self._put = put
        self._then = then
        self._choice = Choice()
        self._choice.setAccessibleName(_("Folder"))
        for name, id_ in (
            (_("In no folder"), None),
            *((folder.name, folder.id) for folder in folders),
            (_("In a new folder"), _NEW),
        ):
            self._choice.addItem(name, id_)
        self._choice.setCurrentIndex(self._choice.findData(now))
        self._name = QLineEdit()
        self._name.setAccessibleName(_("Name of the new folder"))
        self._name.setPlaceholderText(_("Name of the new folder"))
        self._messages = MessageBar()
        stay = button(_("Leave it as it is"), self.reject)
        self._go = button(_("Put it there"), self._do, "main")
        heading = _("Which folder?")
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            label(_("It lies in one folder at most."), "body"),
            self._choice,
            self._name,
            self._messages,
            acts=row(-1, stay, self._go),
        )
        self._choice.currentIndexChanged.connect(self._look)
        self._name.textChanged.connect(self._look)
        self._choice.setFocus()
        self._look()

    def _look(self) -> None:
        new = self._choice.currentData() == _NEW
        self._name.setVisible(new)
        self._go.setEnabled(not new or bool(self._name.text().strip()))
        self.fit()

    def _do(self) -> None:
        folder, name = self._choice.currentData(), self._name.text()

        def done(_nothing: None) -> None:
            self.accept()
            self._then()

        def refused(problem: SafeSpaceError) -> None:
            self._messages.say(problem)
            self.fit()

        self._ops.run(self, lambda: self._put(folder, name), done, refused)
