# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bin: what was deleted, each with the way back and the way out."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from safespace.domain import Heading
from safespace.i18n import _, ngettext
from safespace.session.session import Session
from safespace.session.still_in_backups import said
from safespace.store.rooms.deletion import KEPT, erased_at
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, centred, column, frame, label, panel, row
from safespace.ui.kit.theme import READING_WIDTH, Space


class BinScreen(QWidget):
    """`ready` says that it was read and may be shown, `left` that the person is done, and
    `changed` that the list of conversations may look different now.
    """

    ready = Signal()
    left = Signal()
    changed = Signal()

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self._rows: QWidget | None = None
        self._back = button(_("Back"), self.left.emit, "plain", icon="arrow-left")
        self._explained = label(
            ngettext(
                "What you delete stays here for {count} day. After that it is erased.",
                "What you delete stays here for {count} days. After that it is erased.",
                KEPT.days,
            ).format(count=KEPT.days),
            "body",
            "quiet",
        )
        self._empty = button(_("Empty the bin…"), self._empty_wanted, "grave")
        self._held = label("", "small", "quiet")
        self._renew = button(_("Renew the backups now"), self._renew_backups)
        self._backups = panel(
            "held", column(self._held, row(self._renew, -1), Space.STEP, gap=Space.SMALL)
        )
        self._backups.hide()
        self._list = column(gap=Space.NEAR)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(_("What was deleted"))
        area.setWidget(panel("column", self._list))
        parts = column(
            row(self._back, -1),
            Space.GROUP,
            label(_("Bin"), "display"),
            Space.SMALL,
            self._explained,
            Space.GROUP,
        )
        parts.addWidget(self._backups)
        parts.addWidget(area, 1)
        parts.addLayout(row(self._empty, -1))
        across = centred(panel("inner", parts), READING_WIDTH)
        across.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.EDGE)
        self.setLayout(across)
        self.setFocusProxy(self._back)

    def read(self) -> None:
        """Look into the bin, then say `ready`."""
        self._backups.hide()
        self._ops.run(self, self._session.bin.every, self._ready)

    def _ready(self, binned: Sequence[Heading]) -> None:
        self._show(binned)
        self.ready.emit()

    def _show(self, binned: Sequence[Heading]) -> None:
        if self._rows:
            self._rows.hide()
            self._rows.setParent(None)
            self._rows.deleteLater()
        none = label(_("The bin is empty."), "body")
        rows = [self._row(found) for found in binned] or [none]
        self._rows = panel("column", column(*rows, -1, gap=Space.NEAR))
        self._list.addWidget(self._rows)
        self._empty.setVisible(bool(binned))

    def _row(self, heading: Heading) -> QWidget:
        title = heading.title or _("Without a title")
        back = button(_("Restore"), lambda: self._restore(heading))
        back.setAccessibleName(_("Restore “{title}”").format(title=title))
        erase = button(_("Delete for ever…"), lambda: self._erase_wanted(heading, title))
        erase.setAccessibleName(_("Delete “{title}” for ever…").format(title=title))
        words = column(label(title, "strong"), label(_left(heading), "small", "quiet"), gap=2)
        parts = row(margin=Space.STEP)
        parts.addLayout(words, 1)
        parts.addLayout(Flow(back, erase))
        return frame("card", parts)

    def _restore(self, heading: Heading) -> None:
        self._do(lambda: self._session.bin.restore(heading.kind, heading.id))

    def _erase(self, act: Callable[[], None]) -> None:
        """Erase something, then say until when backups hold it."""
        self._do(act)

        def held() -> str:
            return said(self._session.backups.kept(), datetime.now(UTC))

        self._ops.run(self, held, self._show_held)

    def _show_held(self, held: str) -> None:
        self._held.setText(held)
        self._renew.setVisible(bool(held))
        self._backups.setVisible(bool(held))
        if held:
            announce(self, held)

    def _renew_backups(self) -> None:
        self._say(_("Making a backup and reading it back…"))
        self._ops.run(
            self,
            lambda: self._session.backups.make(only=True),
            lambda made: self._say(
                _("The only backup there is now: {file}").format(file=made.file)
            ),
            lambda problem: self._say(str(problem)),
            aside=True,
        )

    def _say(self, text: str) -> None:
        self._held.setText(text)
        self._renew.hide()
        announce(self, text)

    def _do(self, act: Callable[[], None]) -> None:
        def done() -> list[Heading]:
            act()
            return self._session.bin.every()

        def show(binned: Sequence[Heading]) -> None:
            self._show(binned)
            self._back.setFocus()
            self.changed.emit()

        self._ops.run(self, done, show)

    def _erase_wanted(self, heading: Heading, title: str) -> None:
        Confirm(
            self,
            _("Delete “{title}” for ever?").format(title=title),
            [_for_ever()],
            _("Delete for ever"),
            lambda: self._erase(lambda: self._session.bin.erase(heading.kind, heading.id)),
            leave=_("Keep it"),
            grave=True,
        ).open()

    def _empty_wanted(self) -> None:
        Confirm(
            self,
            _("Delete all that is in the bin for ever?"),
            [_for_ever()],
            _("Empty the bin"),
            lambda: self._erase(self._session.bin.empty),
            leave=_("Keep it"),
            grave=True,
        ).open()


def _for_ever() -> str:
    return _(
        "It is overwritten in your space, in every version, and cannot be brought back."
        " Copies of the space that you made elsewhere keep it."
    )


def _left(heading: Heading) -> str:
    """How long it stays, in days begun."""
    left = erased_at(heading) - datetime.now(UTC)
    days = max(1, math.ceil(left / timedelta(days=1)))
    return ngettext("Stays {count} day", "Stays {count} days", days).format(count=days)
