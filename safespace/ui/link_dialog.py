# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link goes out of the application: the whole address is shown before anything happens."""

from typing import Final

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from safespace.i18n import _
from safespace.session.session import Session
from safespace.ui.kit import clipboard
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet

OPENED: Final = frozenset({"http", "https", "mailto"})
"""What may be handed to another program; a file or a script from an answer may not."""


def ask_about_link(address: QUrl, session: Session, ops: Ops, parent: QWidget) -> None:
    """Judge an address as outgoing text is judged, then show it and ask."""
    shown, decoded = _whole(address), QUrl.fromPercentEncoding(address.toEncoded())

    def ask(carried: tuple[str, ...] | None) -> None:
        dialog = LinkDialog(address, parent, carried)
        dialog.opened.connect(lambda: ops.run(parent, session.exits.note_link, aside=True))
        dialog.open()

    ops.run(parent, lambda: session.exits.in_address(shown, decoded), ask, aside=True)


class LinkDialog(Sheet):
    """Shows an address and asks whether to open it in another program.

    `opened`: it is. `carried`: what it would carry out, in words; None if that could not be
    told. Either way it is not opened from here.
    """

    opened = Signal()

    def __init__(
        self, address: QUrl, parent: QWidget, carried: tuple[str, ...] | None = ()
    ) -> None:
        self._address = address
        opens = address.scheme().lower() in OPENED and carried == ()
        self.shown_address = _whole(address)
        whole = QPlainTextEdit(self.shown_address)
        whole.setReadOnly(True)
        whole.setTabChangesFocus(True)
        whole.setAccessibleName(_("Address"))
        whole.setFixedHeight(4 * whole.fontMetrics().lineSpacing())
        if opens:
            says = _(
                "Another program opens it, and whoever runs that address learns that you came."
            )
        elif carried:
            says = _("This address would carry {what} out of this computer: it is not opened.")
            says = says.format(what=", ".join(carried))
        elif carried is None:
            says = _("It could not be told what this address would carry out: it is not opened.")
        else:
            says = _("Addresses of this kind are not opened from an answer.")
        self.stay = button(_("Stay here"), self.reject, "" if opens else "main")
        acts = row(button(_("Copy the address"), self._copy), -1, self.stay)
        if opens:
            acts.addWidget(button(_("Open the link"), self._open))
        heading = label(_("This link leaves Safe Space"), "title")
        super().__init__(
            parent, _("Open a link"), heading, whole, label(says, tone="quiet"), acts=acts
        )
        self.stay.setFocus()

    def _copy(self) -> None:
        clipboard.copy(_whole(self._address))
        self.reject()

    def _open(self) -> None:
        self.opened.emit()
        QDesktopServices.openUrl(self._address)
        self.accept()


def _whole(address: QUrl) -> str:
    return address.toString(QUrl.ComponentFormattingOption.FullyEncoded)
