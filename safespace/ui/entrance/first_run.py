# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a space: name, passphrase, recovery code, how far AI goes, which model answers."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from safespace.domain import Level
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.session.limits.document import Document
from safespace.session.session import Session
from safespace.ui.entrance.choices import LevelPage, ModelPage
from safespace.ui.entrance.guardian_page import GuardianPage
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_page import PassphrasePage
from safespace.ui.entrance.recovery_page import RecoveryPage
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, row
from safespace.ui.kit.theme import Space


class FirstRun(QObject):
    """Turns the pages. `left` is the way back from the first one; `opened` carries the session.

    The space exists from the passphrase on, and `session` is open, as `made` says; the pages after
    it only tell and ask. `code_unkept`: the recovery code is on the screen, and nobody has said
    yet that it is kept.
    """

    left = Signal()
    restore_wanted = Signal()
    opened = Signal(Session)
    made = Signal(Session)

    def __init__(
        self, entrance: Entrance, ops: Ops, turn_to: Callable[[Page], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._entrance = entrance
        self._ops = ops
        self._turn_to = turn_to
        self._name = ""
        self.session: Session | None = None
        self.code_unkept = False

    def start(self, *, first: bool) -> None:
        """The first page. `first`: there is no other space to go back to."""
        page = NamePage(self._name, first=first)
        page.left.connect(self.left)
        page.restore_wanted.connect(self.restore_wanted)
        page.done.connect(lambda: self._passphrase(page.name, first=first))
        self._turn_to(page)

    def _passphrase(self, name: str, *, first: bool) -> None:
        self._name = name
        page = PassphrasePage(lambda typed: self._entrance.strength(typed, name), self._ops)
        page.left.connect(lambda: self.start(first=first))
        page.done.connect(lambda: self._look(page, first=first))
        self._turn_to(page)

    def _look(self, page: PassphrasePage, *, first: bool) -> None:
        passphrase = page.passphrase

        def found(household: Sequence[Document]) -> None:
            if household:
                self._ask(household, passphrase, first=first)
            else:
                self._create(page, passphrase, "")

        page.wait(_("Making your space…"))
        self._ops.run(page, self._entrance.beginning.household, found, aside=True)

    def _ask(self, household: Sequence[Document], passphrase: str, *, first: bool) -> None:
        page = GuardianPage(household)
        page.left.connect(lambda: self._passphrase(self._name, first=first))
        page.said.connect(lambda word: self._create(page, passphrase, word))
        self._turn_to(page)

    def _create(self, page: PassphrasePage | GuardianPage, passphrase: str, word: str) -> None:
        name = self._name

        def created(made: tuple[Session, str]) -> None:
            page.forget()
            self.session, code = made
            self._recovery(self.session, code)
            self.made.emit(self.session)

        def refused(problem: SafeSpaceError) -> None:
            page.wait()
            page.messages.say(problem)

        page.wait(_("Making your space…"))
        self._ops.run(
            page,
            lambda: self._entrance.create(name, passphrase, word),
            created,
            refused,
            aside=True,
        )

    def _recovery(self, session: Session, code: str) -> None:
        page = RecoveryPage(session.name, code, self._ops, session.exits.note_sheet)
        self.code_unkept = True
        page.done.connect(lambda: self._level(session))
        self._turn_to(page)

    def _level(self, session: Session) -> None:
        self.code_unkept = False
        page = LevelPage()

        def chosen(level: Level) -> None:
            after = self._model if level > Level.NO_AI else self.opened.emit
            self._ops.run(
                page,
                lambda: session.set_level(level, confirmed=True),
                lambda _done: after(session),
                page.messages.say,
                aside=True,
            )

        page.chosen.connect(chosen)
        self._turn_to(page)

    def _model(self, session: Session) -> None:
        page = ModelPage(session, self._entrance.computer.catalogue, self._ops)
        page.done.connect(lambda: self.opened.emit(session))
        self._turn_to(page)


class NamePage(Page):
    """Whose space it is. `restore_wanted`: it lies in a backup."""

    restore_wanted = Signal()

    def __init__(self, name: str, *, first: bool) -> None:
        self._field = QLineEdit(name)
        self._field.setMaxLength(80)
        self._field.setAccessibleName(_("Your name"))
        self._field.setPlaceholderText(_("Your name, or any other"))
        restore = button(
            _("Bring a space back from a backup"), lambda: self.restore_wanted.emit(), "plain"
        )
        super().__init__(
            _("A space of your own") if first else _("A new space"),
            _(
                "Everything you write here is locked in a space on this computer that only you"
                " can open. What shall it be called? The name is what others see at the entrance,"
                " unless you hide it later."
            ),
            self._field,
            Space.NEAR,
            row(restore, -1),
            go=_("Go on"),
            back="" if first else _("Back"),
        )
        self._field.returnPressed.connect(self.press)
        self._field.textChanged.connect(self._typed)
        self.setFocusProxy(self._field)
        self._typed()

    @property
    def name(self) -> str:
        return self._field.text().strip()

    def _typed(self) -> None:
        self.go.setEnabled(bool(self.name))
