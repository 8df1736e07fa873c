# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a space by this computer's keyring: when that is offered, turning it on and off."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from safespace.errors import NeedsConfirm, NoKeyring, StorageError, Usage
from safespace.i18n import _
from safespace.store import acts
from safespace.store.keys import header_copies
from safespace.store.keys.keyring import Keyring
from safespace.store.keys.wraps import SpaceKey
from safespace.store.spaces import SpaceInfo, Spaces


def refusal(spaces: int, account: str) -> str:
    """Why the keyring is not offered where the account holds so many spaces; empty if it is.

    `account` is the setting `lock.account`. Whoever uses the account has its keyring, so it can
    tell no two people apart.
    """
    if account == "shared":
        return _(
            "The settings say that others use this account, and whoever uses it has its keyring."
        )
    if spaces > 1:
        return _(
            "Several spaces lie under this account, and whoever uses the account has its keyring:"
            " it would open yours to the others."
        )
    return ""


class ByKeyring:
    """Methods wait for the keyring at most as long as `Keyring` says. Any thread.

    `account` gives the setting `lock.account` as it is now.
    """

    def __init__(self, spaces: Spaces, keyring: Keyring, account: Callable[[], str]) -> None:
        self._spaces = spaces
        self._account = account
        self._keyring = keyring

    def refusal(self) -> str:
        """Why it is not offered here; empty if it is."""
        return refusal(len(self._spaces.list()), self._account())

    def turn_on(self, info: SpaceInfo, key: SpaceKey, *, alone: bool) -> None:
        """Have the keyring open the space too. Only for who holds it and proved the passphrase.

        Raises NeedsConfirm unless the member said to use the account `alone`, Usage where it
        is not offered, NoKeyring, StorageError; then nothing was changed.
        """
        if why_not := self.refusal():
            raise Usage(why_not)
        if not alone:
            raise NeedsConfirm(
                _("Whoever uses your account could open the space without the passphrase."),
                _("Confirm that nobody but you uses this account."),
            )
        secret = self._keyring.keep_fresh(info.id)
        try:
            acts.keyring_on(info.folder, key, secret)
        except BaseException:
            self.forget(info)
            raise

    def turn_off(self, info: SpaceInfo) -> None:
        """Have only passphrase and recovery code open the space; needs no passphrase.

        Raises StorageError, and NoKeyring if the keyring still holds what opens nothing now.
        """
        was_on = is_on(info.folder)
        acts.keyring_off(info.folder)
        try:
            self._keyring.forget(info.id)
        except NoKeyring:
            if was_on:
                raise NoKeyring(
                    _("No keyring opens this space any more, but its secret could not be deleted."),
                    _("It opens nothing now."),
                ) from None

    def forget(self, info: SpaceInfo) -> None:
        """Delete what the keyring holds for a space that is gone, or under another key."""
        with suppress(NoKeyring):
            self._keyring.forget(info.id)

    def key(self, info: SpaceInfo) -> SpaceKey:
        """The key of a space. Raises NoKeyring, Damaged, NewerSpace, StorageError."""
        if why_not := self.refusal():
            raise NoKeyring(why_not, _("Open it with the passphrase."))
        return self._spaces.unlock_with_keyring(info, self._keyring.secret(info.id))

    def end_if_shared(self, info: SpaceInfo) -> str:
        """Turn it off where it may no longer be, and say so. Only for who holds the space."""
        if not is_on(info.folder) or not (why := self.refusal()):
            return ""
        with suppress(NoKeyring, StorageError):
            self.turn_off(info)
        return _("The keyring no longer opens this space. {why}").format(why=why)


def is_on(folder: Path) -> bool:
    """Whether a keyring opens the space in `folder`."""
    return header_copies.read(folder).header.keyring is not None
