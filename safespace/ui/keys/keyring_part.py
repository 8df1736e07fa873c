# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether this computer's keyring opens the space too: one switch, and why it is not offered."""

from PySide6.QtWidgets import QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.keys.keys import Keys
from safespace.ui.keys.asking import Asking
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.check import Check
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label
from safespace.ui.kit.theme import Space


class KeyringPart(QWidget):
    """Says how it is; one button turns it on or off."""

    def __init__(self, keys: Keys, ops: Ops) -> None:
        super().__init__()
        self._keys = keys
        self._ops = ops
        self._state = label("", "small")
        self._on = button(_("Let the keyring open it…"), self.turn_on)
        self._off = button(_("Let it open no longer"), self.turn_off)
        for act in (self._on, self._off):
            act.hide()
        self.setLayout(
            column(
                label(_("This computer's keyring"), "title"),
                label(
                    _(
                        "It can keep a secret that opens the space without the passphrase, as long"
                        " as you are logged in. Passphrase and recovery code always open it too."
                    ),
                    "small",
                    "quiet",
                ),
                self._state,
                Flow(self._on, self._off),
                gap=Space.STEP,
            )
        )
        self.read()

    @property
    def state(self) -> str:
        """What it says."""
        return self._state.text()

    def read(self) -> None:
        """Look again."""
        keys = self._keys
        self._ops.run(
            self,
            lambda: (keys.keyring_is_on(), keys.keyring_refusal()),
            lambda it: self._show(on=it[0], refusal=it[1]),
        )

    def turn_on(self) -> None:
        """Ask for the passphrase, and for a word that nobody else is here."""
        keys = self._keys
        alone = Check(_("Nobody but me uses this account"))
        sheet: Asking[None] = Asking(
            self.window(),
            self._ops,
            _("Let the keyring open it"),
            [_("Whoever uses your account could then open the space without the passphrase.")],
            _("Present passphrase or recovery code"),
            _("Let it open the space"),
            lambda present: keys.keyring_on(present, alone=True),
            lambda _done: self.read(),
            more=alone,
            ready=alone.isChecked,
        )
        alone.toggled.connect(sheet.look)
        sheet.open()

    def turn_off(self) -> None:
        """End it, and delete what the keyring holds."""
        self._off.setEnabled(False)
        self._ops.run(
            self, self._keys.keyring_off, lambda _done: self.read(), self._not_deleted, aside=True
        )

    def _not_deleted(self, problem: SafeSpaceError) -> None:
        self._show(on=False, refusal=str(problem))
        announce(self, str(problem), urgent=True)

    def _show(self, *, on: bool, refusal: str) -> None:
        if on:
            said = _("It opens this space. If others use your account after all, make a new key.")
        else:
            said = refusal or _("It does not open this space.")
        self._state.setText(said)
        self._on.setVisible(not on and not refusal)
        self._off.setVisible(on)
        self._off.setEnabled(True)
