# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing a space back, or to this computer: a backup file and what opened it on its day."""

from pathlib import Path

from PySide6.QtCore import Signal

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.store.spaces import SpaceInfo
from safespace.ui.choose_file import choose_file
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.ops import Ops
from safespace.ui.parts import button, label, row
from safespace.ui.theme import Space


class RestorePage(Page):
    """`restored` carries the space that is there now; no other one was touched."""

    restored = Signal(SpaceInfo)

    def __init__(self, entrance: Entrance, ops: Ops) -> None:
        self._entrance = entrance
        self._ops = ops
        self._file: Path | None = None
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
        self.done.connect(self._restore)
        self._changed()

    def choose(self, file: Path) -> None:
        """Take this file."""
        self._file = file
        self._chosen.setText(str(file))
        self._field.setFocus()
        self._changed()

    def _ask(self) -> None:
        kinds = _("Backups (*.safespace)")
        choose_file(self, _("Choose a backup file"), kinds, self.choose)

    def _changed(self) -> None:
        self.go.setEnabled(self._file is not None and bool(self._field.text))

    def _restore(self) -> None:
        entrance, file, secret = self._entrance, self._file, self._field.text
        assert file

        def restored(info: SpaceInfo) -> None:
            self._field.clear()
            self.restored.emit(info)

        def refused(problem: SafeSpaceError) -> None:
            self.wait()
            self.messages.say(problem)

        self.wait(_("Bringing it back…"))
        self._ops.run(self, lambda: entrance.restore(file, secret), restored, refused, aside=True)
