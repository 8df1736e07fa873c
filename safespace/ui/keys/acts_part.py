# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two different acts: a new passphrase for the same key, and a new key when somebody knows it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.session.keys.keys import Keys
from safespace.ui.entrance.fresh_passphrase import FreshPassphrase
from safespace.ui.keys.asking import Asking
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label
from safespace.ui.kit.theme import Space


class ActsPart(QWidget):
    """`renewal_wanted`: lock, and make a new key at the entrance."""

    renewal_wanted = Signal()

    def __init__(self, keys: Keys, ops: Ops) -> None:
        super().__init__()
        self._keys = keys
        self._ops = ops
        self._outcome = label("", "small", "quiet")
        self._outcome.hide()
        self.setLayout(
            column(
                label(_("What opens this space"), "title"),
                _card(
                    _("I want a new passphrase"),
                    _(
                        "The new one opens your space instead of the old one. Key and recovery"
                        " code stay; copies made before open with the old passphrase. It takes"
                        " seconds."
                    ),
                    button(_("Choose a new passphrase…"), self._new_passphrase),
                ),
                self._outcome,
                _card(
                    _("Somebody knows it"),
                    _(
                        "Your passphrase or the recovery sheet is in other hands, lost, or the"
                        " keyring was on where others use the account. Everything is encrypted"
                        " anew, and nothing that opened it until now opens it afterwards."
                    ),
                    button(_("Make a new key…"), self._ask_renewal),
                ),
                gap=Space.STEP,
            )
        )

    def _new_passphrase(self) -> None:
        keys = self._keys
        fresh = FreshPassphrase(keys.strength, self._ops, _("New passphrase"))
        sheet: Asking[None] = Asking(
            self.window(),
            self._ops,
            _("I want a new passphrase"),
            [],
            _("Present passphrase or recovery code"),
            _("Use the new passphrase"),
            lambda present: keys.new_passphrase(present, fresh.passphrase),
            self._have_it,
            more=fresh,
            ready=lambda: bool(fresh.passphrase),
        )
        fresh.changed.connect(sheet.look)
        sheet.open()

    def _have_it(self, _done: None) -> None:
        self._outcome.setText(
            _("The new passphrase opens your space. If somebody knew the old one, make a new key.")
        )
        self._outcome.show()
        announce(self, self._outcome.text())

    def _ask_renewal(self) -> None:
        Confirm(
            self.window(),
            _("Somebody knows it"),
            [
                _("The space is locked first; then you are asked for the present passphrase."),
                _(
                    "After that it has a new key, a new passphrase and a new recovery code, and so"
                    " have its backups. Copies that Safe Space cannot reach are named to you."
                ),
            ],
            _("Lock and go on"),
            self.renewal_wanted.emit,
        ).open()


def _card(name: str, meaning: str, *acts: QWidget) -> QWidget:
    return frame(
        "card",
        column(
            label(name, "strong"),
            label(meaning, "small", "quiet"),
            Flow(*acts),
            margin=Space.STEP,
            gap=Space.SMALL,
        ),
    )
