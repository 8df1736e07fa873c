# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window while every space is locked."""

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from safespace.errors import Known, SafeSpaceError
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.choose import ChoosePage
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.unlock import UnlockPage
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import centred, column, panel
from safespace.ui.kit.theme import FORM_WIDTH, Space

if TYPE_CHECKING:
    from safespace.ui.entrance.first_run import FirstRun
    from safespace.ui.entrance.renewal import Renewal


class EntranceWindow(QScrollArea):
    """Shows one page at a time. `opened` carries the session of whoever came in.

    While a space is being made, it is open already: `made` carries its session, and `locked` asks
    for a fresh entrance.
    """

    opened = Signal(Session)
    made = Signal(Session)
    locked = Signal()

    def __init__(self, entrance: Entrance) -> None:
        super().__init__()
        self._entrance = entrance
        self._shown: Page | None = None
        self._run: FirstRun | None = None
        self._renewal: Renewal | None = None
        self.ops = Ops(self.say)
        self.setWindowTitle("Safe Space")
        self.resize(1080, 760)
        self.setMinimumSize(480, 480)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._place: QVBoxLayout = column()
        middle = centred(panel("inner", self._place), FORM_WIDTH)
        self.setWidget(panel("page", column(-1, middle, -1, -1, margin=Space.EDGE)))
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock)
        self.who_is_there()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        assert self._shown
        return self._shown

    def say(self, problem: SafeSpaceError) -> None:
        """Say on the page that is shown what went wrong."""
        if self._shown:
            self._shown.messages.say(problem)

    def who_is_there(self) -> None:
        """The first page: the spaces, or straight to the only one, or to the first run."""
        shown = self._entrance.shown()
        if len(shown) == 1:
            self.unlock(shown[0])
        elif not self._entrance.spaces():
            self.new_space()
        else:
            self.choose()

    def choose(self) -> None:
        """The list of spaces."""
        page = ChoosePage(self._entrance.shown())
        page.chosen.connect(self.unlock)
        page.hidden_wanted.connect(self.hidden)
        page.wanted.connect(self.new_space)
        page.restore_wanted.connect(self.restore)
        self.turn_to(page)

    def hidden(self) -> None:
        """One that is not in the list."""
        from safespace.ui.entrance.hidden import HiddenPage

        page = HiddenPage(self._entrance, self.ops)
        page.left.connect(self.choose)
        page.found.connect(self.unlock)
        self.turn_to(page)

    def restore(self) -> None:
        """A space from a backup."""
        from safespace.ui.entrance.restoring import Restoring

        restoring = Restoring(self._entrance, self.ops, self.turn_to, self)
        restoring.left.connect(self.who_is_there)
        restoring.restored.connect(self.unlock)
        restoring.start()

    def renew(self, info: SpaceInfo) -> None:
        """Somebody knows it: a new key for one space."""
        from safespace.ui.entrance.renewal import Renewal

        renewal = self._renewal = Renewal(self._entrance, self.ops, info, self.turn_to, self)
        renewal.over.connect(lambda: self.unlock(info))
        renewal.start()

    def renew_by_id(self, id_: str) -> None:
        """The same, for the space that was open before a lock."""
        for info in self._entrance.spaces():
            if info.id == id_:
                self.renew(info)

    def unlock(self, info: SpaceInfo) -> None:
        """The passphrase of one space."""
        page = UnlockPage(self._entrance, self.ops, info, _("Somebody else"))
        page.left.connect(self.choose)
        page.opened.connect(self.opened)
        self.turn_to(page)

    def new_space(self) -> None:
        """The pages that make a space."""
        from safespace.ui.entrance.first_run import FirstRun  # an unlock does without it

        run = self._run = FirstRun(self._entrance, self.ops, self.turn_to, self)
        run.left.connect(self.choose)
        run.restore_wanted.connect(self.restore)
        run.opened.connect(self.opened)
        run.made.connect(self.made)
        run.start(first=not self._entrance.spaces())

    def lock(self) -> None:
        """Lock the space that is being made, if one is there already."""
        if self._run and self._run.session:
            self.locked.emit()

    def hand_over(self) -> None:
        """The session has a window of its own now."""
        self._run = None

    def shut(self) -> None:
        """End the background, and a space that was made but not entered yet."""
        if self._renewal:
            self._renewal.call_off()
        self.ops.close()
        if self._run and self._run.session:
            if self._run.code_unkept:
                with suppress(Known):
                    self._run.session.keys.drill.doubt()
            self._run.session.close()

    def turn_to(self, page: Page) -> None:
        """Show `page` in place of the one before."""
        if self._shown:
            self._shown.hide()
            self._place.removeWidget(self._shown)
            self._shown.deleteLater()
        self._shown = page
        self._place.addWidget(page)
        page.show()
        page.setFocus()
        self.verticalScrollBar().setValue(0)
