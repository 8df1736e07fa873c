# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing a space back, page by page: which backup, and the guardian where there is one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.session.limits.document import Document
from safespace.store.spaces import SpaceInfo
from safespace.ui.entrance.guardian_page import GuardianPage
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.restore_page import RestorePage
from safespace.ui.kit.ops import Ops


class Restoring(QObject):
    """Turns the pages. `restored` carries the space that is there now; no other one was touched."""

    left = Signal()
    restored = Signal(SpaceInfo)

    def __init__(
        self, entrance: Entrance, ops: Ops, turn_to: Callable[[Page], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._entrance = entrance
        self._ops = ops
        self._turn_to = turn_to

    def start(self) -> None:
        """The first page: which backup, and what opens it."""
        page = RestorePage()
        page.left.connect(self.left)
        page.done.connect(lambda: self._look(page))
        self._turn_to(page)

    def _look(self, page: RestorePage) -> None:
        file, secret = page.file, page.secret
        assert file

        def found(household: Sequence[Document]) -> None:
            if household:
                self._ask(household, file, secret)
            else:
                self._restore(page, file, secret, "")

        page.wait(_("Bringing it back…"))
        self._ops.run(page, self._entrance.beginning.household, found, aside=True)

    def _ask(self, household: Sequence[Document], file: Path, secret: str) -> None:
        page = GuardianPage(household)
        page.left.connect(self.start)
        page.said.connect(lambda word: self._restore(page, file, secret, word))
        self._turn_to(page)

    def _restore(
        self, page: RestorePage | GuardianPage, file: Path, secret: str, word: str
    ) -> None:
        entrance = self._entrance

        def restored(info: SpaceInfo) -> None:
            page.forget()
            self.restored.emit(info)

        def refused(problem: SafeSpaceError) -> None:
            page.wait()
            page.messages.say(problem)

        page.wait(_("Bringing it back…"))
        self._ops.run(
            page, lambda: entrance.restore(file, secret, guardian=word), restored, refused,
            aside=True,
        )  # fmt: skip
