# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery sheet: whether the paper was tried, trying it, and making another."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.session.exits import Exits
from safespace.session.keys.drill import Sheet as Paper
from safespace.session.keys.keys import Keys
from safespace.ui.entrance.recovery_words import RecoveryWords
from safespace.ui.keys.asking import Asking
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.check import Check
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import Space


class RecoveryPart(QWidget):
    """Says when the sheet was made and when it was last tried."""

    def __init__(self, keys: Keys, exits: Exits, ops: Ops, renewal: Callable[[], object]) -> None:
        super().__init__()
        self._keys = keys
        self._exits = exits
        self._ops = ops
        self._renewal = renewal
        self._state = label("", "small", "quiet")
        self.setLayout(
            column(
                label(_("Recovery sheet"), "title"),
                label(
                    _(
                        "Twelve words on paper open the space and its backups when the passphrase"
                        " is forgotten. If both are lost, nobody can help you. Whoever keeps the"
                        " sheet can open the space."
                    ),
                    "small",
                    "quiet",
                ),
                self._state,
                row(button(_("Try the paper…"), self.try_paper), -1),
                row(button(_("Make a new sheet…"), self.new_sheet), -1),
                gap=Space.STEP,
            )
        )
        self.read()

    @property
    def state(self) -> str:
        """What it says."""
        return self._state.text()

    def read(self) -> None:
        """Look again."""
        self._ops.run(self, self._keys.drill.sheet, self._show)

    def try_paper(self) -> None:
        """The drill: type the words from the paper."""
        drill = self._keys.drill
        sheet: Asking[None] = Asking(
            self.window(),
            self._ops,
            _("Try the paper"),
            [_("Take your recovery sheet and type its twelve words. Nothing is changed.")],
            _("Recovery code"),
            _("Try it"),
            drill.check,
            self._passed,
        )
        sheet.open()

    def new_sheet(self) -> None:
        """Another recovery code; the old one ends."""
        keys = self._keys
        sheet: Asking[str] = Asking(
            self.window(),
            self._ops,
            _("A new recovery sheet"),
            [
                _("The old sheet ends. Copies made before still open with it."),
                _("If somebody may have the old one, make a new key instead."),
            ],
            _("Present passphrase or recovery code"),
            _("Make a new sheet"),
            keys.new_recovery_code,
            self._show_new,
        )
        sheet.open()

    def ask(self) -> None:
        """Ask kindly whether the paper is still there: a week after it was made."""
        drill = self._keys.drill
        asked = Choice(
            self.window(),
            _("Do you still have the sheet?"),
            [
                _(
                    "A week ago you put twelve words on paper. Typing them once shows that the"
                    " paper is where you think and that every word is right. Nothing is changed,"
                    " and you are not asked again."
                )
            ],
            {_("I lost it"): self._lost, _("Try it now"): self.try_paper},
        )
        asked.rejected.connect(lambda: self._ops.run(self, drill.put_off))
        asked.open()

    def _lost(self) -> None:
        Choice(
            self.window(),
            _("The sheet is lost"),
            [
                _("If nobody can have found it, a new sheet is enough: the old one ends."),
                _("If somebody may have it, only a new key keeps them out."),
            ],
            {
                _("A new sheet"): self.new_sheet,
                _("A new key"): self._renewal,
            },
        ).open()

    def _show_new(self, code: str) -> None:
        words = RecoveryWords(self._keys.info.name, code, self._ops, self._exits.note_sheet)
        NewCode(self.window(), words).open()
        self.read()

    def _passed(self, _done: None) -> None:
        self.read()
        announce(self, _("The paper opens your space."))

    def _show(self, paper: Paper) -> None:
        made = _("Made on {day}.").format(day=_day(paper.made))
        if paper.passed is None:
            tried = _("It was not tried yet.")
        else:
            tried = _("Tried on {day}: it opens the space.").format(day=_day(paper.passed))
        self._state.setText(f"{made} {tried}")


class Choice(Sheet):
    """Says something and offers acts by their names, the likeliest last; “Not now” does none."""

    def __init__(
        self,
        parent: QWidget,
        heading: str,
        sentences: Sequence[str],
        acts: Mapping[str, Callable[[], object]],
    ) -> None:
        *others, likeliest = acts
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            *(label(sentence, "body") for sentence in sentences),
            acts=row(
                button(_("Not now"), self.reject),
                -1,
                *(button(name, partial(self._end, acts[name])) for name in others),
                button(likeliest, partial(self._end, acts[likeliest]), "main"),
            ),
        )

    def _end(self, then: Callable[[], object]) -> None:
        self.accept()
        then()


class NewCode(Sheet):
    """Shows a new recovery code once; it closes after it was said that the words are kept."""

    def __init__(self, parent: QWidget, words: RecoveryWords) -> None:
        self._kept = Check(_("I have these words on paper, away from this computer"))
        close = button(_("Done"), self.accept, "main")
        close.setEnabled(False)
        self._kept.toggled.connect(close.setEnabled)
        super().__init__(
            parent,
            _("Your recovery code"),
            label(_("Your recovery code"), "title"),
            label(_("It is shown this once. The old sheet opens nothing new."), "body"),
            words,
            self._kept,
            acts=row(-1, close),
        )
        self._kept.setFocus()

    def reject(self) -> None:
        if self._kept.isChecked():
            super().reject()


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"
