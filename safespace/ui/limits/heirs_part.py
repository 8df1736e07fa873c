# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may take over from a guardian: a second one, or whoever holds twelve words on paper."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import _, ngettext
from safespace.session.limits.document import Heir
from safespace.session.limits.heirs import Heirs
from safespace.store.spaces import SpaceInfo
from safespace.ui.keys.asking import Asking
from safespace.ui.keys.recovery_part import Choice
from safespace.ui.kit.choice import Choice as Chosen
from safespace.ui.kit.choice import NoWheel
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.limits.words_sheet import WordsSheet

T = TypeVar("T")


class HeirsPart(QWidget):
    """`changed` is called once something is kept."""

    def __init__(
        self,
        heirs: Heirs,
        every: Sequence[Heir],
        candidates: Sequence[SpaceInfo],
        ops: Ops,
        changed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._heirs = heirs
        self._candidates = candidates
        self._ops = ops
        self._changed = changed
        parts: list[QWidget | QLayout] = [
            label(_("Who may take over from you"), "title"),
            label(
                _(
                    "If you are not there any more, somebody else can sign in your place. It opens"
                    " no space."
                ),
                "small",
                "quiet",
            ),
            *(row(label(_who(heir)), self._drop(heir), -1) for heir in every),
            Flow(*self._naming(), button(_("Make a paper for it…"), self._paper_wanted)),
            row(button(_("Take over from somebody…"), self._take_over_wanted), -1),
        ]
        self.setLayout(column(*parts, gap=Space.STEP))

    def _drop(self, heir: Heir) -> QWidget:
        made = button(_("No longer"), lambda: self._do(partial(self._heirs.drop, heir.name)))
        made.setAccessibleName(_("{act} “{name}”").format(act=_("No longer"), name=_who(heir)))
        return made

    def _naming(self) -> list[QWidget]:
        """The way to a second guardian, where somebody else has a space here."""
        name = button(_("Name a second guardian…"), self._name_wanted)
        return [name] if self._candidates else []

    def _name_wanted(self) -> None:
        chosen = self._candidates[0]  # what is typed is tried on another thread than Qt's

        def choose(place: int) -> None:
            nonlocal chosen
            chosen = self._candidates[place]

        whom = Chosen()
        whom.addItems([info.name for info in self._candidates])
        whom.currentIndexChanged.connect(choose)
        whom.setAccessibleName(_("Second guardian"))
        whom.installEventFilter(NoWheel(whom))
        sheet: Asking[None] = Asking(
            self.window(),
            self._ops,
            _("Name a second guardian"),
            [_("They type their own passphrase here, so that nobody else is named.")],
            _("Passphrase of the second guardian"),
            _("Name them"),
            lambda typed: self._heirs.add(chosen, typed),
            lambda _done: self._changed(_("They may take over from you.")),
            more=whom,
        )
        sheet.open()

    def _paper_wanted(self) -> None:
        Confirm(
            self.window(),
            _("Make a paper for who shall follow you?"),
            [
                _("Whoever has its twelve words can sign limits in your place. It opens no space."),
                _("If there was such a paper before, its words do nothing any more."),
            ],
            _("Make the paper"),
            lambda: self._ops.run(self, self._heirs.new_paper, self._show_words),
        ).open()

    def _show_words(self, code: str) -> None:
        sheet = WordsSheet(self.window(), code)
        sheet.finished.connect(lambda: self._changed(_("Whoever has the paper may take over.")))
        sheet.open()

    def _take_over_wanted(self) -> None:
        Choice(
            self.window(),
            _("Take over from a guardian"),
            [
                _("From then on you sign the limits that they signed, and both sides are told."),
                _("They named you for it, or you have a paper with twelve words."),
            ],
            {
                _("I was named"): lambda: self._do(self._heirs.take_over, _over),
                _("I have the paper"): self._ask_for_words,
            },
        ).open()

    def _ask_for_words(self) -> None:
        sheet: Asking[list[str]] = Asking(
            self.window(),
            self._ops,
            _("Take over with a paper"),
            [_("Type the twelve words of the paper that the guardian made.")],
            _("The twelve words"),
            _("Take over"),
            self._heirs.take_over,
            lambda taken: self._changed(_over(taken)),
        )
        sheet.open()

    def _do(
        self, act: Callable[[], T], outcome: Callable[[T], str] = lambda _done: _("It is kept.")
    ) -> None:
        self._ops.run(self, act, lambda done: self._changed(outcome(done)))


def _who(heir: Heir) -> str:
    return heir.name or _("Whoever has the paper")


def _over(taken: Sequence[str]) -> str:
    sentence = ngettext(
        "You sign {count} agreement in their place now.",
        "You sign {count} agreements in their place now.",
        len(taken),
    )
    return sentence.format(count=len(taken))
