# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is checked and when: one card for each check with how it came out last, and a button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from safespace.errors import SafeSpaceError
from safespace.i18n import N_, _, ngettext
from safespace.session.checks.checks import Check, Outcome, Tried
from safespace.session.checks.truth import Noticed
from safespace.session.session import Session
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label, panel, row
from safespace.ui.kit.screen import Screen
from safespace.ui.kit.theme import Space

_SIGNS: Final = {
    Outcome.WELL: ("check", "accent", N_("Well")),
    Outcome.DOUBT: ("triangle-alert", "warn", N_("Look at this")),
    Outcome.NOT_YET: ("circle-question-mark", "quiet", N_("Not yet")),
}


@dataclass(frozen=True, slots=True)
class _Read:
    checks: Sequence[Check]
    history: Sequence[tuple[Noticed, bool]]


class ChecksScreen(Screen):
    """How each check came out last; `check` does them all."""

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__(_("What is checked, and when"))
        self._session = session
        self._ops = ops
        self._checking = False
        self._outcome = ""

    def read(self) -> None:
        """Look how each check came out last, then say `ready`."""
        self._outcome = ""
        self._read(self.ready.emit)

    def check(self) -> None:
        """Check everything now."""
        self._checking = True
        self._tell(_("Checking everything…"))
        self._ops.run(self, self._session.checks.now, self._checked, self._failed, aside=True)

    def _read(self, then: Callable[[], object] = lambda: None) -> None:
        session = self._session

        def read() -> _Read:
            return _Read(session.checks.look(), session.truth.history())

        def show(found: _Read) -> None:
            self._show(found)
            then()

        self._ops.run(self, read, show)

    def _show(self, found: _Read) -> None:
        go = button(_("Check everything now"), self.check, "main")
        go.setEnabled(not self._checking)
        outcome = label(self._outcome, "strong")
        outcome.setVisible(bool(self._outcome))
        self.fill(
            label(
                _("How each check of this space came out when it was last done."), "small", "quiet"
            ),
            row(go, -1),
            outcome,
            column(*map(_card, found.checks), gap=Space.NEAR),
            self._history(found.history),
        )

    def _history(self, history: Sequence[tuple[Noticed, bool]]) -> QWidget:
        parts: list[QWidget] = [label(_("What was noticed"), "title")]
        if not history:
            parts.append(label(_("Nothing, so far."), "small", "quiet"))
        for noticed, seen in history:
            parts.append(_finding(noticed, seen=seen))
        made = column(*parts, gap=Space.STEP)
        if any(not seen for _noticed, seen in history):
            made.addLayout(row(button(_("I have seen it"), self._tick_off), -1))
        return panel("column", made)

    def _tick_off(self) -> None:
        self._ops.run(self, self._session.truth.tick_off, lambda _done: self._read())

    def _checked(self, tried: Tried) -> None:
        broken = [problem for problem in tried.backups.values() if problem]
        if tried.noticed or broken:
            said = _("Something is not as it should be: see below.")
        else:
            count = len(tried.backups)
            said = ngettext(
                "Everything is whole: the space, and {count} backup of it.",
                "Everything is whole: the space, and {count} backups of it.",
                count,
            ).format(count=count)
        self._checking = False
        self._tell(said)

    def _failed(self, problem: SafeSpaceError) -> None:
        self._checking = False
        self._tell(str(problem))

    def _tell(self, outcome: str) -> None:
        self._outcome = outcome
        self._read()
        announce(self, outcome)


def _card(check: Check) -> QWidget:
    icon, tone, name = _SIGNS[check.outcome]
    sign = QLabel()
    sign.setAccessibleName(_(name))
    sign.setFixedWidth(24)
    set_icon(sign, icon, tone)
    last = f"{check.at.astimezone():%Y-%m-%d %H:%M}. " if check.at else ""
    words = column(
        label(check.title, "strong"),
        label(f"{last}{check.said}", "label", "warn" if check.outcome is Outcome.DOUBT else "text"),
        label(check.when, "small", "quiet"),
        gap=2,
    )
    parts = row(margin=Space.STEP, gap=Space.NEAR)
    parts.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    parts.addLayout(words, 1)
    return frame("card", parts)


def _finding(noticed: Noticed, *, seen: bool) -> QWidget:
    at = f"{noticed.finding.at.astimezone():%Y-%m-%d %H:%M}"
    said = noticed.said
    shown = [label(f"{at}. {said.sentence}", "label", "quiet" if seen else "text")]
    if seen:
        shown.append(label(_("You have seen it."), "small", "quiet"))
    else:
        shown.append(label(said.way_on, "small", "quiet"))
    return panel("column", column(*shown, gap=2))
