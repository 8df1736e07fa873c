# SPDX-License-Identifier: AGPL-3.0-or-later
"""The models that lie on this computer: put out of memory, or deleted."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from safespace.i18n import _
from safespace.local_ai.shelf.fit import show_bytes
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.engagement import Engagement
from safespace.ui.gate import Gate
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.models.deleting import ask_to_delete, deleted


class ModelsPart(QWidget):
    """`changed` is called with what was done: the page reads everything again."""

    def __init__(
        self,
        engagement: Engagement,
        models: Sequence[ShelfModel],
        gate: Gate,
        ops: Ops,
        changed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._engagement = engagement
        self._ops = ops
        self._changed = changed
        self._memory = label("", "small", "quiet")
        self._unload = button(_("Put it out of memory now"), self._put_out)
        lines = [self._line(model) for model in models] or [row(label(_("None.")))]
        self.setLayout(
            column(
                label(_("Models on this computer"), "title"),
                *lines,
                self._memory,
                row(self._unload, -1),
                gap=Space.STEP,
            )
        )
        gate.opened.connect(self._look)
        self._look(gate.is_open)

    def _line(self, model: ShelfModel) -> QHBoxLayout:
        name = _("{model}, {size}").format(model=model.name, size=show_bytes(model.size))
        delete = button(_("Delete {model}…").format(model=model.name), partial(self._ask, model))
        made = row(label(name), delete)
        made.setStretch(0, 1)
        return made

    def _look(self, with_ai: bool) -> None:
        self._unload.setVisible(with_ai)
        self._memory.setText(
            _("The one that answered last may still be in memory, ready for the next time.")
            if with_ai
            else _("None of them is in memory.")
        )

    def _put_out(self) -> None:
        self._do(self._engagement.unload, _("No model is in memory now."))

    def _ask(self, model: ShelfModel) -> None:
        def delete() -> str:
            return deleted(model, self._engagement.delete_model(model))

        ask_to_delete(self, model, lambda: self._ops.run(self, delete, self._changed, aside=True))

    def _do(self, act: Callable[[], None], outcome: str) -> None:
        self._ops.run(self, act, lambda _done: self._changed(outcome), aside=True)
