# SPDX-License-Identifier: AGPL-3.0-or-later
"""The backups of the open space: which there are, trying one out, and making one now."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from safespace.errors import Known, SafeSpaceError
from safespace.i18n import _
from safespace.session.session import Session
from safespace.store.backups.backups import Backup
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label, panel, row
from safespace.ui.kit.theme import Space


class BackupsPart(QWidget):
    """One row for each backup that lies in the backup folder, the newest first."""

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._rows: QWidget | None = None
        self._outcome = label("", "small", "quiet")
        self._outcome.hide()
        self._make = button(_("Make a backup now"), self.make)
        self._place = column(gap=0)
        self.setLayout(
            column(
                label(_("Backups"), "title"),
                label(
                    _(
                        "Once a day the whole space goes into one encrypted file that is read back"
                        " and compared. To bring one back, lock the space and choose “Bring a"
                        " space back” at the entrance. Its folder is chosen in the settings."
                    ),
                    "small",
                    "quiet",
                ),
                self._place,
                self._outcome,
                row(self._make, -1),
                gap=Space.STEP,
            )
        )
        self.read()

    def read(self) -> None:
        """Look which there are."""
        backups = self._session.backups

        def look() -> tuple[Sequence[Backup], Path, Known | None]:
            return backups.kept(), backups.folder, backups.problem

        self._ops.run(self, look, lambda found: self._show(*found))

    def make(self) -> None:
        """Make one; it says so when it was read back whole."""
        self._say(_("Making a backup and reading it back…"))
        self._make.setEnabled(False)
        self._ops.run(self, self._session.backups.make, self._made, self._failed, aside=True)

    def try_out(self, backup: Backup) -> None:
        """Restore one beside the spaces, compare it, and remove it again."""
        self._say(_("Trying the backup of {day}…").format(day=_day(backup)))
        verify = self._session.backups.verify
        whole = _("The backup of {day} is whole and opens.").format(day=_day(backup))
        self._ops.run(
            self, lambda: verify(backup), lambda _done: self._tell(whole), self._failed, aside=True
        )

    def _show(self, kept: Sequence[Backup], folder: Path, problem: Known | None = None) -> None:
        if self._rows:
            self._rows.hide()
            self._rows.setParent(None)
            self._rows.deleteLater()
        where = _("They lie in {folder}") if kept else _("None is there yet. They go to {folder}")
        self._rows = panel(
            "column",
            column(
                label(where.format(folder=folder), "small", "quiet"),
                *map(self._row, kept),
                gap=Space.SMALL,
            ),
        )
        self._place.addWidget(self._rows)
        if problem:
            self._say(str(problem))

    def _row(self, backup: Backup) -> QWidget:
        try_out = button(_("Try it out"), lambda: self.try_out(backup))
        try_out.setAccessibleName(_("Try out the backup of {day}").format(day=_day(backup)))
        parts = row(margin=Space.STEP)
        parts.addWidget(label(_("Made and verified: {day}").format(day=_day(backup))), 1)
        parts.addWidget(try_out)
        return frame("card", parts)

    def _made(self, made: Backup) -> None:
        self._make.setEnabled(True)
        self._tell(_("Made and verified: {day}").format(day=_day(made)))
        self.read()

    def _failed(self, problem: SafeSpaceError) -> None:
        self._make.setEnabled(True)
        self._tell(str(problem))

    def _tell(self, outcome: str) -> None:
        self._say(outcome)
        announce(self, outcome)

    def _say(self, outcome: str) -> None:
        self._outcome.setText(outcome)
        self._outcome.show()


def _day(backup: Backup) -> str:
    return backup.made.astimezone().strftime("%Y-%m-%d %H:%M")
