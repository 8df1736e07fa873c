# SPDX-License-Identifier: AGPL-3.0-or-later
"""A field for a passphrase: hidden, or shown on demand."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from safespace.i18n import _
from safespace.ui.kit import unlearned
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.parts import icon_button
from safespace.ui.kit.theme import Space


class PassphraseField(QWidget):
    """`entered` is Enter. The text is forgotten by `clear`, as far as Qt forgets anything."""

    entered = Signal()
    changed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(name)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.returnPressed.connect(self.entered)
        self.line.textChanged.connect(self.changed)
        self._name = name
        self._eye = icon_button("eye", "", self._toggle)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(Space.HAIR)
        across.addWidget(self.line, 1)
        across.addWidget(self._eye)
        self.setFocusProxy(self.line)
        self.show_words(shown=False)

    @property
    def text(self) -> str:
        return self.line.text()

    def show_words(self, *, shown: bool) -> None:
        """Show what is typed, or dots."""
        mode = QLineEdit.EchoMode
        self.line.setEchoMode(mode.Normal if shown else mode.Password)
        unlearned.mark(self.line)  # Qt takes the hints away with the dots
        says = _("Hide “{field}”") if shown else _("Show “{field}”")
        self._eye.setAccessibleName(says.format(field=self._name))
        self._eye.setToolTip(self._eye.accessibleName())
        set_icon(self._eye, "eye-off" if shown else "eye", "quiet")

    def clear(self) -> None:
        self.line.clear()
        self.show_words(shown=False)

    def _toggle(self) -> None:
        self.show_words(shown=self.line.echoMode() is QLineEdit.EchoMode.Password)
