# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing a space back, or to this computer: a backup file and what opened it on its day."""

from pathlib import Path

from safespace.i18n import _
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.kit.choose_file import choose_file
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.theme import Space


class RestorePage(Page):
    """`done` comes once there is a `file`, and a `secret` that is said to open it."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self._chosen = label(_("No file chosen yet."), "small", "quiet")
        self._field = PassphraseField(_("Passphrase or recovery code"))
        super().__init__(
            _("Bring a space back"),
            _(
                "From a backup of this computer, or of another one that you move from. The space"
                " comes back as it was on the day of the backup; no other space is touched."
            ),
            row(button(_("Choose a backup file…"), self._ask), -1),
            Space.SMALL,
            self._chosen,
            Space.GROUP,
            self._field,
            Space.SMALL,
            label(_("The one that opened the space on that day."), "small", "quiet"),
            go=_("Bring it back"),
            back=_("Back"),
        )
        self._field.changed.connect(lambda _typed: self._changed())
        self._field.entered.connect(self.press)
        self._changed()

    @property
    def secret(self) -> str:
        return self._field.text

    def choose(self, file: Path) -> None:
        """Take this file."""
        self.file = file
        self._chosen.setText(str(file))
        self._field.setFocus()
        self._changed()

    def forget(self) -> None:
        """Empty the field: the space is back."""
        self._field.clear()

    def _ask(self) -> None:
        kinds = _("Backups (*.safespace)")
        choose_file(self, _("Choose a backup file"), kinds, self.choose)

    def _changed(self) -> None:
        self.go.setEnabled(self.file is not None and bool(self._field.text))
