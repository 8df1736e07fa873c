# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening one space: its passphrase, or the recovery code when that is lost."""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from safespace.errors import InUse, SafeSpaceError, WaitFirst
from safespace.i18n import _, ngettext
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, row

_SECOND_MS: Final = 1000


class UnlockPage(Page):
    """Asks for the passphrase of `info`. `opened` carries the session."""

    opened = Signal(Session)

    def __init__(self, entrance: Entrance, ops: Ops, info: SpaceInfo, back: str) -> None:
        self._field = PassphraseField(_("Passphrase"))
        self._code = QLineEdit()
        self._code.setAccessibleName(_("Recovery code"))
        self._code.setPlaceholderText(_("The twelve words of your recovery code"))
        self._code.hide()
        self._other = button(_("Use the recovery code"), self._swap, "plain")
        self._by_keyring = button(
            _("Open with this computer's keyring"), self._open_by_keyring, "plain"
        )
        self._by_keyring.setVisible(info.keyring)
        super().__init__(
            info.name if info.name != info.id or info.damaged else _("A space that is not shown"),
            "",
            self._field,
            self._code,
            row(self._other, -1),
            row(self._by_keyring, -1),
            go=_("Open"),
            back=back,
        )
        self._entrance = entrance
        self._ops = ops
        self._info = info
        self._seconds = 0
        self._tick = QTimer(self, interval=_SECOND_MS)
        self._tick.timeout.connect(self._count_down)
        self._field.entered.connect(self.press)
        self._code.returnPressed.connect(self.press)
        self.done.connect(self._open)
        self.setFocusProxy(self._field)

    def _open(self) -> None:
        with_code = self._code.isVisible()
        typed = self._code.text() if with_code else self._field.text
        if not typed:
            return
        entrance, info = self._entrance, self._info
        self.wait(_("Opening…"))
        self._ops.run(
            self,
            lambda: (
                entrance.unlock_with_recovery(info, typed)
                if with_code
                else entrance.unlock(info, typed)
            ),
            self._is_open,
            self._refused,
            aside=True,
        )

    def _open_by_keyring(self) -> None:
        entrance, info = self._entrance, self._info
        self.messages.hide()
        self._by_keyring.setEnabled(False)
        self.wait(_("Opening…"))
        self._ops.run(
            self,
            lambda: entrance.unlock_with_keyring(info),
            self._is_open,
            self._refused,
            aside=True,
        )

    def _is_open(self, session: Session) -> None:
        self._field.clear()
        self._code.clear()
        self.opened.emit(session)

    def _refused(self, problem: SafeSpaceError) -> None:
        self.wait()
        self._by_keyring.setEnabled(True)
        self.messages.say(problem)
        if isinstance(problem, InUse):
            knock, info = self._entrance.knock, self._info
            self._ops.run(self, lambda: list(knock(info, "raise")), self._is_elsewhere, aside=True)
        elif isinstance(problem, WaitFirst):
            self._seconds = max(1, round(problem.seconds))
            self._field.setEnabled(False)
            self._count_down()
            self._tick.start()
        else:
            self._field.line.selectAll()
            self._field.setFocus()

    def _is_elsewhere(self, _replies: object) -> None:
        sentence = _("This space is open already.")
        self.messages.say(InUse(sentence, _("If it has a window, that has come to the front.")))

    def _count_down(self) -> None:
        if self._seconds == 0:
            self._tick.stop()
            self.wait()
            self.messages.hide()
            self._field.setEnabled(True)
            self._field.setFocus()
            return
        wait = ngettext("Wait {count} second", "Wait {count} seconds", self._seconds)
        self.wait(wait.format(count=self._seconds))
        self.back.setEnabled(True)
        self._seconds -= 1

    def _swap(self) -> None:
        """From the passphrase to the code, and back."""
        with_code = self._code.isHidden()
        self._code.setVisible(with_code)
        self._field.setVisible(not with_code)
        self._other.setText(_("Use the passphrase") if with_code else _("Use the recovery code"))
        self._other.setAccessibleName(self._other.text())
        (self._code if with_code else self._field).setFocus()
