# SPDX-License-Identifier: AGPL-3.0-or-later
"""When this space was opened before, so that a member sees what was not their own doing."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.session import openings
from safespace.store.rooms.openings import Opening
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.theme import Space


class OpenedBefore(QWidget):
    """The earlier openings, the last one first."""

    def __init__(self, earlier: Sequence[Opening]) -> None:
        super().__init__()
        self.setLayout(
            column(
                label(_("Opened before"), "title"),
                label(
                    _(
                        "If one of these was not you, somebody knows what opens this space: make a"
                        " new key."
                    ),
                    "small",
                    "quiet",
                ),
                label("\n".join(openings.said(earlier)) or _("Not yet."), "small"),
                gap=Space.STEP,
            )
        )
