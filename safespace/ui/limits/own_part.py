# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits of the open space itself: offered, accepted, asked to be wider, ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import _
from safespace.session.limits.document import Document
from safespace.session.limits.own import REQUESTS, OwnLimits, local_now
from safespace.session.limits.sheet import limit_name
from safespace.session.limits.wards import widened
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.limits.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Own:
    """What there is to show of the open space's own limits."""

    document: Document | None
    offer: Document | None
    asked: str

    @classmethod
    def read(cls, limits: OwnLimits) -> "Own":
        """As it is now. Blocks; raises as `document` does."""
        return cls(limits.document(), limits.offer(), limits.asked())


class OwnPart(QWidget):
    """`changed` is called once something is kept: the page reads everything again."""

    def __init__(
        self, name: str, limits: OwnLimits, own: Own, ops: Ops, changed: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._name = name
        self._limits = limits
        self._ops = ops
        self._changed = changed
        now = local_now()
        parts: list[QWidget | QLayout] = [label(_("Limits of this space"), "title")]
        if own.document:
            asking = self._asking(own.document, own.asked, now)
            parts.append(Agreement(own.document, name, now, member=asking))
        elif own.offer:
            offered = partial(self._accept_wanted, own.offer)
            parts += [
                label(
                    _(
                        "{guardian} offers these limits. They hold once you accept them here;"
                        " until then nothing changes."
                    ).format(guardian=own.offer.guardian)
                ),
                Agreement(
                    own.offer,
                    name,
                    now,
                    member=[row(button(_("Accept these limits…"), offered, "main"), -1)],
                ),
            ]
        else:
            parts.append(label(_("This space has no limits."), "body", "quiet"))
        self.setLayout(column(*parts, gap=Space.STEP))

    def _asking(self, document: Document, asked: str, now: datetime) -> list[QWidget | QLayout]:
        limits = document.at(now)
        narrow = [limit for limit in REQUESTS if widened(limits, limit) != limits]
        acts: list[QWidget | QLayout] = []
        if asked:
            acts.append(
                label(
                    _("Asked for: {limit}. {guardian} has not answered yet.").format(
                        limit=limit_name(asked), guardian=document.guardian
                    )
                )
            )
        for limit in narrow:
            if limit != asked:
                ask = _("Ask for {limit}").format(limit=limit_name(limit))
                acts.append(row(button(ask, partial(self._ask, limit), "plain"), -1))
        if document.adult:
            acts.append(row(button(_("End these limits…"), self._end_wanted), -1))
        return acts

    def _ask(self, limit: str) -> None:
        self._do(
            lambda: self._limits.request(limit),
            _("Asked. Your guardian sees it in their own space."),
        )

    def _accept_wanted(self, offer: Document) -> None:
        sentences = [
            _("Every sentence of the sheet holds from now on."),
            _("You can end these limits alone, at once.")
            if offer.adult
            else _("Only {guardian} can change or end them.").format(guardian=offer.guardian),
        ]
        Confirm(
            self.window(),
            _("Accept these limits?"),
            sentences,
            _("Accept"),
            lambda: self._do(lambda: self._limits.accept(offer), _("These limits hold now.")),
        ).open()

    def _end_wanted(self) -> None:
        Confirm(
            self.window(),
            _("End these limits?"),
            [_("They hold no more from this moment, and whoever signed them is told.")],
            _("End them"),
            lambda: self._do(self._limits.end, _("These limits are ended.")),
        ).open()

    def _do(self, act: Callable[[], None], outcome: str) -> None:
        self._ops.run(self, act, lambda _done: self._changed(outcome))
