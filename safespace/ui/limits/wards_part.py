# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits that this member signs for others: how each stands, answers, changes, the end."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from safespace.domain import Limits
from safespace.i18n import _
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import limit_name, standing
from safespace.session.limits.wards import Seen, Wards, widened
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.limits.agreement import Agreement


class WardsPart(QWidget):
    """`sign` is called with the one whose sheet is to be changed, or None for another space;
    `changed` once something is kept."""

    def __init__(
        self,
        wards: Wards,
        every: Sequence[Seen],
        ops: Ops,
        sign: Callable[[Seen | None], object],
        changed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._wards = wards
        self._ops = ops
        self._sign = sign
        self._changed = changed
        parts: list[QWidget | QLayout] = [
            label(_("Limits you sign for others"), "title"),
            label(
                _(
                    "For a child, or for an adult who wants them. You cannot read their space, and"
                    " they accept the first limits inside it."
                ),
                "small",
                "quiet",
            ),
            *map(self._agreement, every),
            row(button(_("Sign limits for another space…"), partial(sign, None)), -1),
        ]
        self.setLayout(column(*parts, gap=Space.STEP))

    def _agreement(self, ward: Seen) -> Agreement:
        acts: list[QWidget | QLayout] = [label(line) for line in standing(ward)]
        if ward.asked:
            acts += self._question(ward)
        if ward.signs_now:
            return Agreement(ward.document, ward.name, local_now(), guardian=acts)
        if ward.ended:
            acts.append(
                row(
                    self._named(_("Take it off this page"), ward, partial(self._withdraw, ward)), -1
                )
            )
        else:
            change = self._named(_("Change…"), ward, partial(self._sign, ward))
            end = self._named(_("End them…"), ward, partial(self._end_wanted, ward))
            acts.append(Flow(change, end))
        return Agreement(ward.document, ward.name, local_now(), guardian=acts)

    def _question(self, ward: Seen) -> list[QWidget | QLayout]:
        asks = _("“{name}” asks for: {limit}.").format(name=ward.name, limit=limit_name(ward.asked))
        lifted = _("A yes lifts this limit: up to midnight, or until you sign another.")
        return [
            label(asks, "strong"),
            label(lifted, "small", "quiet"),
            row(
                self._named(_("Yes, today"), ward, lambda: self._answer(ward, always=False)),
                self._named(_("Yes, always…"), ward, lambda: self._always_wanted(ward)),
                self._named(_("No"), ward, lambda: self._refuse(ward)),
                -1,
            ),
        ]

    def _answer(self, ward: Seen, *, always: bool) -> None:
        def answer() -> None:
            granted: Limits = widened(ward.document.limits, ward.asked)
            self._wards.answer(ward.space, granted, always=always)

        self._do(answer, _("Signed. It holds there from the next unlock."))

    def _refuse(self, ward: Seen) -> None:
        refuse = partial(self._wards.answer, ward.space, None, always=False)
        self._do(refuse, _("Answered with no; the limits stay as they are."))

    def _always_wanted(self, ward: Seen) -> None:
        Confirm(
            self.window(),
            _("Lift this limit for good?"),
            [
                _("“{name}” asks for: {limit}.").format(
                    name=ward.name, limit=limit_name(ward.asked)
                ),
                _("The other limits stay. You can sign another sheet at any time."),
            ],
            _("Lift it"),
            lambda: self._answer(ward, always=True),
        ).open()

    def _end_wanted(self, ward: Seen) -> None:
        Confirm(
            self.window(),
            _("End the limits of “{name}”?").format(name=ward.name),
            [
                _("They hold there no more from the next unlock, and you see nothing of it."),
                _("To sign new ones afterwards, its member has to accept them again."),
            ],
            _("End them"),
            lambda: self._withdraw(ward),
        ).open()

    def _withdraw(self, ward: Seen) -> None:
        ended = _("The limits of “{name}” are ended.").format(name=ward.name)
        self._do(partial(self._wards.withdraw, ward.space), ended)

    def _do(self, act: Callable[[], None], outcome: str) -> None:
        self._ops.run(self, act, lambda _done: self._changed(outcome))

    def _named(self, text: str, ward: Seen, act: Callable[[], object]) -> QWidget:
        """A button that a screen reader can tell from the same one of another space."""
        made = button(text, act)
        made.setAccessibleName(_("{act} “{name}”").format(act=text, name=ward.name))
        return made
