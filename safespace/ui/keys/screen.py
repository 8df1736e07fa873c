# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys and recovery on one calm page, reached from the settings."""

from PySide6.QtCore import Signal

from safespace.i18n import _
from safespace.session.session import Session
from safespace.ui.keys.acts_part import ActsPart
from safespace.ui.keys.backups_part import BackupsPart
from safespace.ui.keys.keyring_part import KeyringPart
from safespace.ui.keys.opened_before import OpenedBefore
from safespace.ui.keys.recovery_part import RecoveryPart
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.screen import Screen


class KeysScreen(Screen):
    """`renewal_wanted` says that somebody knows it."""

    renewal_wanted = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__(_("Keys and recovery"))
        self.acts = ActsPart(session.keys, ops)
        self.acts.renewal_wanted.connect(self.renewal_wanted)
        self.recovery = RecoveryPart(session.keys, session.exits, ops, self.renewal_wanted.emit)
        self.keyring = KeyringPart(session.keys, ops)
        self.backups = BackupsPart(session, ops)
        self.fill(
            self.acts,
            self.recovery,
            self.keyring,
            self.backups,
            OpenedBefore(session.openings),
        )

    def read(self) -> None:
        """Look at everything again."""
        for part in (self.recovery, self.keyring, self.backups):
            part.read()
