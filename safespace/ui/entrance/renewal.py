# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody knows it: a new key for a locked space, page by page."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.acts import Renewed
from safespace.session.entrance import Entrance
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.entrance.passphrase_page import PassphrasePage
from safespace.ui.entrance.recovery_page import KeptPage, RecoveryPage
from safespace.ui.ops import Ops
from safespace.ui.parts import label
from safespace.ui.theme import Space


class Renewal(QObject):
    """Turns the pages. `over` says that the space may be opened again, renewed or not.

    Until the last button before it nothing has changed; a kill while it runs leaves the old key
    whole or the new one.
    """

    over = Signal()

    def __init__(
        self,
        entrance: Entrance,
        ops: Ops,
        info: SpaceInfo,
        turn_to: Callable[[Page], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._entrance = entrance
        self._ops = ops
        self._info = info
        self._turn_to = turn_to

    def start(self) -> None:
        """The first page: prove yourself."""
        page = ProofPage(self._info.name)
        page.left.connect(self.over)
        page.done.connect(lambda: self._prove(page))
        self._turn_to(page)

    def _prove(self, page: "ProofPage") -> None:
        acts, info, present = self._entrance.acts, self._info, page.present
        page.wait(_("Checking…"))
        self._ops.run(
            page,
            lambda: acts.is_recovery_code(info, present),
            lambda by_code: self._choose(present, by_code=by_code),
            _refused(page),
            aside=True,
        )

    def _choose(self, present: str, *, by_code: bool) -> None:
        name = self._info.name
        page = PassphrasePage(
            lambda typed: self._entrance.strength(typed, name), self._ops, go=_("Make a new key")
        )
        page.left.connect(self.start)
        page.done.connect(lambda: self._renew(page, present, by_code=by_code))
        self._turn_to(page)

    def _renew(self, page: PassphrasePage, present: str, *, by_code: bool) -> None:
        acts, info, fresh = self._entrance.acts, self._info, page.passphrase

        def renewed(made: Renewed) -> None:
            page.forget()
            self._show_code(made)

        page.wait(_("Encrypting everything anew…"))
        self._ops.run(
            page,
            lambda: acts.new_key(info, present, fresh, recovery=by_code),
            renewed,
            _refused(page),
            aside=True,
        )

    def _show_code(self, made: Renewed) -> None:
        page = RecoveryPage(self._info.name, made.recovery_code)
        page.done.connect(lambda: self._show_kept(made))
        self._turn_to(page)

    def _show_kept(self, made: Renewed) -> None:
        page = KeptPage([*map(str, made.copies), *made.unreached])
        page.done.connect(self.over)
        self._turn_to(page)


class ProofPage(Page):
    """Asks for the passphrase or the recovery code of now, and says what will happen."""

    def __init__(self, name: str) -> None:
        self._field = PassphraseField(_("Present passphrase or recovery code"))
        super().__init__(
            _("Somebody knows it"),
            _(
                "Your space “{name}” gets a new key, a new passphrase and a new recovery code,"
                " and is encrypted anew with its backups. Nothing that opened it until now opens"
                " it afterwards."
            ).format(name=name),
            self._field,
            Space.NEAR,
            label(
                _("It takes as much free room as the space, and as long as copying it."),
                "small",
                "quiet",
            ),
            go=_("Go on"),
            back=_("Leave it as it is"),
        )
        self._field.changed.connect(lambda typed: self.go.setEnabled(bool(typed)))
        self._field.entered.connect(self.press)
        self.go.setEnabled(False)
        self.setFocusProxy(self._field)

    @property
    def present(self) -> str:
        return self._field.text


def _refused(page: Page) -> Callable[[SafeSpaceError], None]:
    def refused(problem: SafeSpaceError) -> None:
        page.wait()
        page.messages.say(problem)

    return refused
