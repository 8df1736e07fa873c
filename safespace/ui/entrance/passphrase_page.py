# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing the passphrase of a space, a new one or one under a new key."""

from collections.abc import Callable

from safespace.i18n import _
from safespace.session.keys.passphrases import Strength
from safespace.ui.entrance.fresh_passphrase import FreshPassphrase
from safespace.ui.entrance.page import Page
from safespace.ui.kit.ops import Ops


class PassphrasePage(Page):
    """`passphrase` is the one that was typed twice alike; `judge` may take a while."""

    def __init__(self, judge: Callable[[str], Strength], ops: Ops, *, go: str = "") -> None:
        self._fresh = FreshPassphrase(judge, ops)
        super().__init__(
            _("Choose a passphrase"),
            _(
                "It opens your space, and nothing else does except the recovery code on the"
                " next page. If both are lost, nobody can help you: not us, not anyone."
            ),
            self._fresh,
            go=go or _("Make my space"),
            back=_("Back"),
        )
        self._fresh.changed.connect(self._typed)
        self._fresh.entered.connect(self.press)
        self.setFocusProxy(self._fresh)
        self._typed()

    @property
    def passphrase(self) -> str:
        return self._fresh.passphrase

    def forget(self) -> None:
        """Empty the fields: the space is made."""
        self._fresh.forget()

    def _typed(self) -> None:
        self.go.setEnabled(bool(self.passphrase))
