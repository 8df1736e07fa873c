# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys and recovery on one calm page, reached from the settings."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from safespace.i18n import _
from safespace.session.session import Session
from safespace.ui.keys.acts_part import ActsPart
from safespace.ui.keys.backups_part import BackupsPart
from safespace.ui.keys.keyring_part import KeyringPart
from safespace.ui.keys.opened_before import OpenedBefore
from safespace.ui.keys.recovery_part import RecoveryPart
from safespace.ui.ops import Ops
from safespace.ui.parts import button, centred, column, label, panel, row
from safespace.ui.theme import READING_WIDTH, Space


class KeysScreen(QScrollArea):
    """`left` says that the person is done, `renewal_wanted` that somebody knows it."""

    left = Signal()
    renewal_wanted = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Keys and recovery"))
        self.acts = ActsPart(session.keys, ops)
        self.acts.renewal_wanted.connect(self.renewal_wanted)
        self.recovery = RecoveryPart(session.keys, session.exits, ops, self.renewal_wanted.emit)
        self.keyring = KeyringPart(session.keys, ops)
        self.backups = BackupsPart(session, ops)
        back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        made = column(
            row(back, -1),
            label(_("Keys and recovery"), "display"),
            self.acts,
            self.recovery,
            self.keyring,
            self.backups,
            OpenedBefore(session.openings),
            -1,
            gap=Space.GROUP,
        )
        across = centred(panel("inner", made), READING_WIDTH)
        across.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.EDGE)
        self.setWidget(panel("column", across))
        self.setFocusProxy(back)

    def read(self) -> None:
        """Look at everything again."""
        for part in (self.recovery, self.keyring, self.backups):
            part.read()
