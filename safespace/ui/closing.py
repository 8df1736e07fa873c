# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before the window closes: the backup of the day, if it is due, with the way past it."""

from collections.abc import Callable

import shiboken6
from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.session.backing_up import BackingUp
from safespace.store.backups.backups import Backup
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet


def back_up_first(window: QWidget, backups: BackingUp, ops: Ops, then: Callable[[], None]) -> None:
    """Make the backup that is due, shown, then do `then`; where none is due, at once."""

    def begin(due: bool) -> None:
        if not due:
            then()
            return
        sheet = _Closing(window, backups.skip)
        sheet.open()

        def done(_made: Backup | None) -> None:
            if shiboken6.isValid(sheet):  # gone already if it was skipped
                sheet.close()
            then()

        ops.run(window, backups.at_close, done, lambda _problem: then(), aside=True)

    ops.run(window, backups.due, begin, lambda _problem: then(), aside=True)


class _Closing(Sheet):
    """Escape skips it too."""

    def __init__(self, parent: QWidget, skip: Callable[[], None]) -> None:
        heading = _("Making the backup of today…")
        leave = button(_("Close without it"), self.reject)
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            label(
                _("The window closes when it is made. Without it, the next unlock makes it."),
                "body",
            ),
            acts=row(-1, leave),
        )
        self.rejected.connect(skip)
        leave.setFocus()
