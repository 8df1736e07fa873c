# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would leave this computer, shown before it does: readable, and byte for byte."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QWidget

from safespace.i18n import N_, _, ngettext
from safespace.session.turn.events import Outgoing
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.theme import Space

_SPEAKERS: Final = {
    "system": N_("Said to every model"),
    "user": N_("You"),
    "assistant": N_("An earlier answer"),
}
_LINES: Final = 8


class OutgoingPanel(QFrame):
    """Asks once: send exactly this, or have it answered here. Its answer takes it away."""

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        self.setAccessibleName(_("What would be sent"))
        self._decide = outgoing.decide
        heading = label(
            _("This, and nothing else, would go to {place}.").format(place=outgoing.place), "strong"
        )
        about = [_("{model} there would read it.").format(model=outgoing.model)]
        if outgoing.left_out:
            about.append(
                ngettext(
                    "{count} name or number is left out; it comes back in the answer, here.",
                    "{count} names or numbers are left out; they come back in the answer, here.",
                    outgoing.left_out,
                ).format(count=outgoing.left_out)
            )
        self._faces = QStackedWidget()
        self._faces.addWidget(_text(_("What would be sent"), _readable(outgoing)))
        bytes_ = outgoing.body.decode("utf-8", "replace")
        self._faces.addWidget(_text(_("The same, byte for byte"), bytes_))
        self._turn = button(_("Show it byte for byte"), self._turn_over)
        send = button(_("Send exactly this"), lambda: self._answer(yes=True), "main", icon="users")
        keep = button(_("Answer it here instead"), lambda: self._answer(yes=False))
        made = column(heading, label(" ".join(about), "small"), margin=Space.STEP, gap=Space.SMALL)
        made.addWidget(self._faces)
        made.addLayout(row(self._turn, -1, keep, send))
        self.setLayout(made)
        self.setFocusProxy(keep)

    def _turn_over(self) -> None:
        exact = self._faces.currentIndex() == 0
        self._faces.setCurrentIndex(int(exact))
        said = _("Show it to read") if exact else _("Show it byte for byte")
        self._turn.setText(said)
        self._turn.setAccessibleName(said)

    def _answer(self, *, yes: bool) -> None:
        self.hide()
        self.deleteLater()
        self._decide(yes)


def _readable(outgoing: Outgoing) -> str:
    return "\n\n".join(
        f"{_(_SPEAKERS[role]) if role in _SPEAKERS else role}:\n{content}"
        for role, content in outgoing.turns
    )


def _text(name: str, text: str) -> QWidget:
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
    made.setFixedHeight(_LINES * made.fontMetrics().lineSpacing())
    return made
