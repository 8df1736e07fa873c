# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing a passphrase, with a suggestion and an honest word on its strength."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar

from safespace.i18n import _
from safespace.session import passphrases
from safespace.session.passphrases import Strength
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.passphrase_field import PassphraseField
from safespace.ui.ops import Ops
from safespace.ui.parts import button, column, frame, label, restyle, row
from safespace.ui.theme import Space

_JUDGE_AFTER_MS: Final = 200
_FULL: Final = 16.0
"""The bar is full at 10^16 guesses: five random words."""


class PassphrasePage(Page):
    """`passphrase` is the one that was typed twice alike; `judge` may take a while."""

    def __init__(self, judge: Callable[[str], Strength], ops: Ops) -> None:
        self._field = PassphraseField(_("Passphrase"))
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
        super().__init__(
            _("Choose a passphrase"),
            _(
                "It opens your space, and nothing else does except the recovery code on the"
                " next page. If both are lost, nobody can help you: not us, not anyone."
            ),
            suggestion,
            Space.GROUP,
            self._field,
            Space.SMALL,
            self._bar,
            Space.HAIR,
            self._hint,
            Space.NEAR,
            self._again,
            go=_("Make my space"),
            back=_("Back"),
        )
        self._strength = judge
        self._ops = ops
        self._delay = QTimer(self, singleShot=True, interval=_JUDGE_AFTER_MS)
        self._delay.timeout.connect(self._judge)
        for field in (self._field, self._again):
            field.changed.connect(self._typed)
        self._field.entered.connect(self._again.setFocus)
        self._again.entered.connect(self.press)
        self.setFocusProxy(self._field)
        self._typed()
        self._suggest()

    @property
    def passphrase(self) -> str:
        return self._field.text

    def forget(self) -> None:
        """Empty the fields: the space is made."""
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
        same = self._field.text == self._again.text
        self.go.setEnabled(bool(self._field.text) and same)
        if self._again.text and not self._field.text.startswith(self._again.text):
            self._hint.setText(_("The two are not alike."))
            self._hint.setProperty("tone", "warn")
            restyle(self._hint)

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

        self._ops.run(self, lambda: self._strength(typed), show, aside=True)

    def _say(self, hint: str) -> None:
        if self._again.text and not self._field.text.startswith(self._again.text):
            return  # that the two differ matters more
        self._hint.setText(hint)
        self._hint.setProperty("tone", "quiet")
        restyle(self._hint)
