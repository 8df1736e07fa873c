# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody knows it: a new key for a locked space, page by page."""

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressBar

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.session.keys.acts import Renewed
from safespace.session.keys.stages import Stage, said
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.entrance.passphrase_page import PassphrasePage
from safespace.ui.entrance.recovery_page import KeptPage, RecoveryPage
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import label
from safespace.ui.kit.theme import Space


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
        self._off = Event()

    def start(self, problem: SafeSpaceError | None = None) -> None:
        """The first page: prove yourself. `problem` is what became of a try before."""
        page = ProofPage(self._info.name)
        page.left.connect(self.over)
        page.done.connect(lambda: self._prove(page))
        self._turn_to(page)
        if problem:
            page.messages.say(problem)

    def call_off(self) -> None:
        """End what can still be ended: nobody would see the new recovery code."""
        self._off.set()

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
        page.left.connect(lambda: self.start())
        page.done.connect(lambda: self._renew(page, present, by_code=by_code))
        self._turn_to(page)

    def _renew(self, page: PassphrasePage, present: str, *, by_code: bool) -> None:
        acts, info, fresh, off = self._entrance.acts, self._info, page.passphrase, self._off
        page.forget()
        following = RenewingPage(info.name, off.set)
        self._turn_to(following)

        def renew() -> Renewed:
            return acts.new_key(
                info,
                present,
                fresh,
                recovery=by_code,
                told=following.told.emit,
                called_off=off.is_set,
            )

        off.clear()
        self._ops.run(following, renew, self._show_code, self.start, aside=True)

    def _show_code(self, made: Renewed) -> None:
        def note() -> None:
            """The space is closed, and so is its record."""

        page = RecoveryPage(self._info.name, made.recovery_code, self._ops, note)
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


class RenewingPage(Page):
    """How far it has come, and the way back as long as there is one. `told` may come from any
    thread, and carries a stage and which part of it is done.
    """

    told = Signal(object, object)

    def __init__(self, name: str, call_off: Callable[[], object]) -> None:
        self._stage = label(said(Stage.ENCRYPTING), "body")
        self._bar = QProgressBar(maximum=100, textVisible=False)
        self._bar.setAccessibleName(_("How much is encrypted anew"))
        super().__init__(
            _("Somebody knows it"),
            _(
                "“{name}” gets its new key. As long as everything is being encrypted and read"
                " back, it can be called off, and nothing has changed."
            ).format(name=name),
            self._stage,
            Space.NEAR,
            self._bar,
            back=_("Call it off"),
        )
        self.left.connect(call_off)
        self.left.connect(lambda: self.back.setEnabled(False))
        self.told.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.setFocusProxy(self.back)

    def _show(self, stage: Stage, part: float | None) -> None:
        self._bar.setValue(100 if part is None else int(100 * part))
        if self._stage.text() != said(stage):
            self._stage.setText(said(stage))
            announce(self, said(stage))
        self.back.setVisible(stage is not Stage.BACKUPS)


def _refused(page: Page) -> Callable[[SafeSpaceError], None]:
    def refused(problem: SafeSpaceError) -> None:
        page.wait()
        page.messages.say(problem)

    return refused
