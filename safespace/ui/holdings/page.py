# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shape that the screens of notes, documents and memory share, and their one question."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from safespace.i18n import _
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.parts import centred, column, label, panel, row
from safespace.ui.kit.theme import READING_WIDTH, Space


def page(back: QWidget, heading: str, explained: str, act: QWidget, content: QLayout) -> QLayout:
    """A way back, a heading with a sentence, the one act that begins something, and the rest."""
    said = label(explained, "small", "quiet")
    head = row(label(heading, "display"), act)
    head.setStretch(0, 1)
    parts = column(row(back, -1), Space.GROUP, head, Space.HAIR, said, Space.STEP)
    parts.addLayout(content, 1)
    across: QHBoxLayout = centred(panel("inner", parts), READING_WIDTH + 4 * Space.WIDE)
    across.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.EDGE)
    return across


def ask_to_delete(parent: QWidget, title: str, act: Callable[[], object]) -> None:
    """Ask before something goes to the bin."""
    Confirm(
        parent,
        _("Delete “{title}”?").format(title=title),
        [_("It goes to the bin, and can be restored for 30 days.")],
        _("Delete"),
        act,
        leave=_("Keep it"),
        grave=True,
    ).open()
