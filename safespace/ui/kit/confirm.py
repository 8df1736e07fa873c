# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question before an act that cannot be taken back, or that widens what AI may do."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet


class Confirm(Sheet):
    """Says what happens, in sentences; two buttons that name it. Escape changes nothing."""

    def __init__(
        self,
        parent: QWidget,
        heading: str,
        sentences: Sequence[str],
        do: str,
        act: Callable[[], object],
        *,
        leave: str = "",
        grave: bool = False,
    ) -> None:
        stay = button(leave or _("Leave it as it is"), self.reject)
        go = button(do, self.accept, "grave" if grave else "main")
        super().__init__(
            parent,
            heading,
            label(heading, "title"),
            *(label(sentence, "body") for sentence in sentences),
            acts=row(-1, stay, go),
        )
        self.accepted.connect(lambda: act())
        stay.setFocus()
