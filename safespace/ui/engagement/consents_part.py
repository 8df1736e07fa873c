# SPDX-License-Identifier: AGPL-3.0-or-later
"""Topics that may leave unasked at level 4: agreed to and withdrawn by one press each."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from safespace.domain import Topic
from safespace.guard import wording
from safespace.i18n import _
from safespace.session.consents import TOPICS, Consent, Consents
from safespace.ui.kit.check import Check
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.theme import Space


class ConsentsPart(QWidget):
    """`changed` is called with what was done: the page reads everything again."""

    def __init__(
        self,
        consents: Consents,
        standing: Sequence[Consent],
        ops: Ops,
        changed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._consents = consents
        self._ops = ops
        self._changed = changed
        ends = {one.topic: one.ends for one in standing}
        made = column(
            label(_("May leave unasked, at level 4"), "title"),
            label(
                _(
                    "For 90 days each, or until you take it back here. Below level 4 you are asked"
                    " each time; of other private topics nothing ever leaves."
                ),
                "small",
                "quiet",
            ),
            gap=Space.STEP,
        )
        for topic in TOPICS:
            name = wording.topic_name(topic)
            said = name[:1].upper() + name[1:]
            if topic in ends:
                day = ends[topic].date().isoformat()
                said = _("{topic}, until {day}").format(topic=said, day=day)
            box = Check(said)
            box.setAccessibleName(_("May leave unasked: {topic}").format(topic=said))
            box.setChecked(topic in ends)
            box.toggled.connect(lambda on, topic=topic: self._choose(topic, on=on))
            made.addWidget(box)
        self.setLayout(made)

    def _choose(self, topic: Topic, *, on: bool) -> None:
        act = self._consents.give if on else self._consents.withdraw
        self._ops.run(self, lambda: act(topic), lambda _done: self._changed(""))
