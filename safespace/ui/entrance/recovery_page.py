# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery code of a space, shown this once."""

from collections.abc import Callable

from safespace.i18n import _
from safespace.ui.entrance.page import Page
from safespace.ui.entrance.recovery_words import RecoveryWords
from safespace.ui.kit.check import Check
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.theme import Space


class RecoveryPage(Page):
    """Goes on only after it was said that the words are kept."""

    def __init__(self, name: str, code: str, ops: Ops, note: Callable[[], None]) -> None:
        self.words = RecoveryWords(name, code, ops, note)
        self._kept = Check(_("I have these words on paper, away from this computer"))
        super().__init__(
            _("Your recovery code"),
            _(
                "These twelve words open your space if you forget the passphrase. They are"
                " shown this once and kept nowhere else. Whoever has them can open your space."
            ),
            self.words,
            Space.GROUP,
            self._kept,
            go=_("Go on"),
        )
        self._kept.toggled.connect(self.go.setEnabled)
        self.go.setEnabled(False)
        self.setFocusProxy(self._kept)


class KeptPage(Page):
    """What still opens with the old key: said once, after a new one was made."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(
            _("What still opens as before"),
            _(
                "Your space has a new key. What Safe Space cannot reach still opens with the old"
                " passphrase or the old recovery code. Delete it yourself, where there is any:"
            ),
            column(*(label(f"• {one}", "body") for one in kept), gap=Space.NEAR),
            go=_("Go on"),
        )
        self.setFocusProxy(self.go)
