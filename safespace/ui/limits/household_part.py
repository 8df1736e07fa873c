# SPDX-License-Identifier: AGPL-3.0-or-later
"""A computer with a guardian: under which limits a space begins, and who may take over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import _
from safespace.session.limits.document import Document, Heir
from safespace.session.limits.heirs import Heirs
from safespace.session.limits.household import Household
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import household_sheet
from safespace.store.spaces import SpaceInfo
from safespace.ui.choice import Choice, NoWheel
from safespace.ui.confirm import Confirm
from safespace.ui.keys.asking import Asking
from safespace.ui.limits.agreement import SheetView
from safespace.ui.ops import Ops
from safespace.ui.parts import button, column, label, row
from safespace.ui.sheet import Sheet
from safespace.ui.theme import Space


@dataclass(frozen=True, slots=True)
class Home:
    """What there is to show of the household. `others` are guardians who sign for it."""

    document: Document | None
    others: Sequence[str]
    news: str
    heirs: Sequence[Heir]
    candidates: Sequence[SpaceInfo]
    may_follow: Sequence[str]

    @classmethod
    def read(cls, household: Household, heirs: Heirs) -> "Home":
        """As it is now. Blocks; raises StorageError, Damaged."""
        document = household.document()
        others = [] if document else [other.guardian for other in household.others()]
        return cls(
            document,
            others,
            household.news(),
            heirs.every(),
            heirs.candidates(),
            heirs.may_follow(),
        )


class HouseholdPart(QWidget):
    """`sign` is called to fill in a sheet; `changed` once something is kept."""

    def __init__(
        self,
        household: Household,
        heirs: Heirs,
        home: Home,
        ops: Ops,
        sign: Callable[[], object],
        changed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._household = household
        self._heirs = heirs
        self._home = home
        self._ops = ops
        self._changed = changed
        parts: list[QWidget | QLayout] = [label(_("This household"), "title")]
        if home.document:
            end = button(_("End the household's limits…"), self._end_wanted)
            parts.append(SheetView(household_sheet(home.document, local_now())))
            if home.news:
                parts.append(label(home.news, "body", "warn"))
            parts.append(row(button(_("Change the household's limits…"), sign), end, -1))
        elif home.others:
            name = ", ".join(home.others)
            parts.append(label(_("{name} signs the limits of this household.").format(name=name)))
        else:
            says = _(
                "A space that is made or brought back on this computer begins without limits. You"
                " can sign some for it: then you are asked, or they hold until you sign others."
            )
            parts.append(label(says, "small", "quiet"))
            parts.append(row(button(_("Sign limits for the household…"), sign), -1))
        self.setLayout(column(*parts, *self._followers(), gap=Space.STEP))

    def _followers(self) -> list[QWidget | QLayout]:
        """Who may take over from this member, and from whom they may."""
        parts: list[QWidget | QLayout] = [
            label(_("Who may take over from you"), "title"),
            label(
                _(
                    "For the day you forget, fall ill or die: a second guardian, or whoever has a"
                    " paper, can sign in your place. Neither can read a space."
                ),
                "small",
                "quiet",
            ),
        ]
        for heir in self._home.heirs:
            name = heir.name or _("whoever has the paper")
            drop = button(_("Not any more"), partial(self._drop, heir.name))
            drop.setAccessibleName(_("Not any more: {name}").format(name=name))
            parts.append(row(label(name, "strong"), drop, -1))
        acts: list[QWidget | int] = [button(_("Make a paper…"), self._paper_wanted), -1]
        if self._home.candidates:
            acts.insert(0, button(_("Name a second guardian…"), self._name_wanted))
        parts.append(row(*acts))
        take_over = [button(_("Take over with a paper…"), self._by_paper_wanted, "plain")]
        if self._home.may_follow:
            take_over.insert(0, button(_("Take over…"), self._take_over_wanted))
        parts.append(row(*take_over, -1))
        return parts

    def _end_wanted(self) -> None:
        Confirm(
            self.window(),
            _("End the household's limits?"),
            [_("Spaces begin without limits again, and those that were under them get free.")],
            _("End them"),
            lambda: self._do(self._household.end, _("The household's limits are ended.")),
        ).open()

    def _name_wanted(self) -> None:
        whom = Choice()
        for info in self._home.candidates:
            whom.addItem(info.name, info)
        whom.setAccessibleName(_("Second guardian"))
        whom.installEventFilter(NoWheel(whom))

        def add(passphrase: str) -> None:
            self._heirs.add(whom.currentData(), passphrase)

        Asking[None](
            self.window(),
            self._ops,
            _("Name a second guardian"),
            [_("They type their own passphrase here, so that nobody else is named.")],
            _("Passphrase of the second guardian"),
            _("Name them"),
            add,
            lambda _done: self._changed(_("They may take over from you.")),
            more=whom,
        ).open()

    def _paper_wanted(self) -> None:
        self._ops.run(self, self._heirs.new_paper, self._show_paper)

    def _show_paper(self, words: str) -> None:
        shown = label(words, "strong")
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(_("Words on the paper: {words}").format(words=words))
        done = button(_("I have written them down"), lambda: paper.accept(), "main")
        paper = Sheet(
            self.window(),
            _("A paper for who follows you"),
            label(_("A paper for who follows you"), "title"),
            label(_("Write these twelve words on paper. They are not shown again."), "body"),
            shown,
            label(
                _("They open no space. Whoever has them can sign limits in your place."),
                "small",
                "quiet",
            ),
            acts=row(-1, done),
        )
        paper.finished.connect(lambda _result: self._changed(_("A new paper holds.")))
        paper.open()

    def _drop(self, name: str) -> None:
        self._do(partial(self._heirs.drop, name), _("They may take over no more."))

    def _take_over_wanted(self) -> None:
        Confirm(
            self.window(),
            _("Take over?"),
            [
                _("{name} named you. From now on you sign in their place.").format(
                    name=", ".join(self._home.may_follow)
                ),
                _("Members and guardian are told at their next unlock."),
            ],
            _("Take over"),
            lambda: self._do(self._heirs.take_over, _("You sign these limits now.")),
        ).open()

    def _by_paper_wanted(self) -> None:
        Asking[object](
            self.window(),
            self._ops,
            _("Take over with a paper"),
            [_("Type the twelve words. From then on you sign in the place of who wrote them.")],
            _("The twelve words on the paper"),
            _("Take over"),
            self._heirs.take_over,
            lambda _done: self._changed(_("You sign these limits now.")),
        ).open()

    def _do(self, act: Callable[[], object], outcome: str) -> None:
        self._ops.run(self, act, lambda _done: self._changed(outcome))
