# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing a passphrase: a suggestion, two fields, and an honest word on its strength."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from safespace.i18n import _
from safespace.session.keys import passphrases
from safespace.session.keys.passphrases import Strength
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, frame, label, restyle, row
from safespace.ui.kit.theme import Space

_JUDGE_AFTER_MS: Final = 200
_FULL: Final = 16.0
"""The bar is full at 10^16 guesses: five random words."""


class FreshPassphrase(QWidget):
    """`passphrase` is the one that was typed twice alike, or empty; `judge` may take a while.

    `changed` comes with every letter, `entered` is Enter in the last field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, judge: Callable[[str], Strength], ops: Ops, name: str = "") -> None:
        super().__init__()
        self._field = PassphraseField(name or _("Passphrase"))
        self._again = PassphraseField(_("The same once more"))
        self._bar = QProgressBar(maximum=100, textVisible=False)
        self._bar.setAccessibleName(_("Strength of the passphrase"))
        self._hint = label("", "small", "quiet")
        self._suggestion = label("", "body")
        self._suggestion.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        suggestion = frame(
            "card",
            column(
                label(
                    _("Five random words are hard to guess and can be remembered:"),
                    "small",
                    "quiet",
                ),
                self._suggestion,
                row(
                    button(_("Use these words"), self._use),
                    button(_("Other words"), self._suggest, "plain", icon="refresh-cw"),
                    -1,
                ),
                margin=Space.STEP,
                gap=Space.SMALL,
            ),
        )
        self.setLayout(
            column(
                suggestion,
                Space.GROUP,
                self._field,
                Space.SMALL,
                self._bar,
                Space.HAIR,
                self._hint,
                Space.NEAR,
                self._again,
            )
        )
        self._judge_it = judge
        self._ops = ops
        self._delay = QTimer(self, singleShot=True, interval=_JUDGE_AFTER_MS)
        self._delay.timeout.connect(self._judge)
        for field in (self._field, self._again):
            field.changed.connect(self._typed)
        self._field.entered.connect(self._again.setFocus)
        self._again.entered.connect(self.entered)
        self.setFocusProxy(self._field)
        self._suggest()

    @property
    def passphrase(self) -> str:
        return self._field.text if self._field.text == self._again.text else ""

    def forget(self) -> None:
        """Empty the fields: it is in force."""
        self._field.clear()
        self._again.clear()
        self._suggestion.clear()

    def _suggest(self) -> None:
        self._ops.run(self, passphrases.suggest, self._suggestion.setText, aside=True)

    def _use(self) -> None:
        self._field.line.setText(self._suggestion.text())
        self._field.show_words(shown=True)
        self._again.clear()
        self._again.setFocus()

    def _typed(self) -> None:
        self._delay.start()
        if self._differ():
            self._hint.setText(_("The two are not alike."))
            self._hint.setProperty("tone", "warn")
            restyle(self._hint)
        self.changed.emit()

    def _judge(self) -> None:
        typed = self._field.text
        if not typed:
            self._bar.setValue(0)
            self._say("")
            return

        def show(strength: Strength) -> None:
            if typed == self._field.text:
                self._bar.setValue(min(100, round(math.log10(strength.guesses) / _FULL * 100)))
                self._bar.setProperty("tone", "" if strength.sealed else "warn")
                restyle(self._bar)
                self._say(strength.hint)

        self._ops.run(self, lambda: self._judge_it(typed), show, aside=True)

    def _say(self, hint: str) -> None:
        if self._differ():
            return  # that matters more
        self._hint.setText(hint)
        self._hint.setProperty("tone", "quiet")
        restyle(self._hint)

    def _differ(self) -> bool:
        return bool(self._again.text) and not self._field.text.startswith(self._again.text)
