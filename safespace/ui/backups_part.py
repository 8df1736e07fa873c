# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the settings page, below the backup folder: the last backup, and making one now."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from safespace.errors import Known, SafeSpaceError
from safespace.i18n import _
from safespace.session.session import Session
from safespace.store.backups import Backup
from safespace.ui.a11y import announce
from safespace.ui.ops import Ops
from safespace.ui.parts import button, column, label, row
from safespace.ui.theme import Space


class BackupsPart(QWidget):
    """Says when the last backup was made and where it lies; a button makes the next."""

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._last = label("", "small", "quiet")
        self._make = button(_("Make a backup now"), self.make)
        self.setLayout(column(self._last, row(self._make, -1), gap=Space.STEP))
        self.read()

    def read(self) -> None:
        """Look for the last one."""
        backups = self._session.backups

        def look() -> tuple[Sequence[Backup], Path, Known | None]:
            return backups.kept(), backups.folder, backups.problem

        self._ops.run(self, look, lambda found: self._show(*found))

    def make(self) -> None:
        """Make one; it says so when it was read back whole."""
        self._last.setText(_("Making a backup and reading it back…"))
        self._make.setEnabled(False)
        self._ops.run(self, self._session.backups.make, self._made, self._failed, aside=True)

    def _show(self, kept: Sequence[Backup], folder: Path, problem: Known | None = None) -> None:
        if kept:
            last = _("The last one was made and verified at {day}: {file}").format(
                day=kept[0].made.astimezone().strftime("%Y-%m-%d %H:%M"), file=kept[0].file
            )
        else:
            last = _("None is there yet. They are made in {folder}").format(folder=folder)
        self._last.setText(f"{problem}\n{last}" if problem else last)

    def _made(self, made: Backup) -> None:
        self._make.setEnabled(True)
        self._show([made], made.file.parent)
        announce(self, self._last.text())

    def _failed(self, problem: SafeSpaceError) -> None:
        self._make.setEnabled(True)
        self._last.setText(str(problem))
        announce(self, self._last.text())
