# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guardian of a household is asked: their passphrase, or the space begins under its limits."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from safespace.i18n import _
from safespace.session.limits.document import Document
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import household_limits
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.kit.parts import button, column, frame, label, row
from safespace.ui.kit.theme import Space


class GuardianPage(Page):
    """`said` carries the guardian's passphrase, or nothing: then the limits that are shown hold."""

    said = Signal(str)

    def __init__(self, household: Sequence[Document]) -> None:
        name = ", ".join(document.guardian for document in household)
        now = local_now()
        lines = [line for document in household for line in household_limits(document, now)]
        self._field = PassphraseField(_("Passphrase of {name}").format(name=name))
        self._under = button(_("Begin under these limits"), lambda: self.said.emit(""))
        super().__init__(
            _("This household has a guardian"),
            _(
                "{name} signed limits for every space that begins on this computer. They hold in"
                " this one until {name} signs others for it, or types their passphrase here."
                " {name} cannot read your space."
            ).format(name=name),
            frame(
                "card",
                column(
                    *(label(line, "body") for line in lines), margin=Space.STEP, gap=Space.SMALL
                ),
            ),
            Space.NEAR,
            row(self._under, -1),
            Space.GROUP,
            self._field,
            Space.SMALL,
            label(_("Typed by {name} alone, for this once.").format(name=name), "small", "quiet"),
            go=_("Begin without them"),
            back=_("Back"),
        )
        self._field.changed.connect(lambda _typed: self._typed())
        self._field.entered.connect(self.press)
        self.done.connect(lambda: self.said.emit(self._field.text))
        self.setFocusProxy(self._under)
        self._typed()

    def forget(self) -> None:
        """Empty the field: it was used."""
        self._field.clear()

    def wait(self, what: str = "") -> None:
        super().wait(what)
        self._under.setEnabled(not what)
        self._field.setEnabled(not what)
        if not what:
            self._typed()

    def _typed(self) -> None:
        self.go.setEnabled(bool(self._field.text))
