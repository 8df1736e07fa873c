# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of one open space: the acts that need no other key, and the paper's drill.

*Somebody knows it* needs the database closed and is done at the entrance (`acts.Acts`).
"""

from safespace.errors import Usage
from safespace.i18n import _
from safespace.session.keys import by_keyring, passphrases
from safespace.session.keys.by_keyring import ByKeyring
from safespace.session.keys.drill import Drill
from safespace.session.keys.passphrases import Strength
from safespace.store import acts
from safespace.store.keys.wraps import Cost, SpaceKey
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces


class Keys:
    """Methods block for seconds: off the interface thread.

    `present` is the passphrase or the recovery code, whichever the member has. Raises
    WrongPassphrase, WaitFirst, Damaged, StorageError.
    """

    def __init__(
        self,
        info: SpaceInfo,
        space: Space,
        spaces: Spaces,
        cost: Cost | None,
        keyring: ByKeyring,
    ) -> None:
        self.info = info
        self.drill = Drill(space, info.folder)
        self._spaces = spaces
        self._cost = cost
        self._keyring = keyring

    def strength(self, passphrase: str) -> Strength:
        """How hard `passphrase` is to guess for who knows the names at the entrance."""
        names = (info.name for info in self._spaces.list())
        return passphrases.strength(passphrase, self.info.name, *names)

    def new_passphrase(self, present: str, fresh: str) -> None:
        """I want a new passphrase: the key stays, and so does the recovery code."""
        if not fresh:
            raise Usage(_("A space needs a passphrase."))
        guessable = not self.strength(fresh).sealed
        key = self._proven(present)
        acts.new_passphrase(self.info.folder, key, fresh, self._cost, guessable=guessable)

    def new_recovery_code(self, present: str) -> str:
        """Another recovery code in the place of the one before; the key stays."""
        key = self._proven(present)
        code = acts.new_recovery_code(self.info.folder, key)
        self.drill.begin()
        return code

    def keyring_is_on(self) -> bool:
        """Whether this computer's keyring opens the space too."""
        return by_keyring.is_on(self.info.folder)

    def keyring_refusal(self) -> str:
        """Why the keyring is not offered here; empty if it is."""
        return self._keyring.refusal()

    def keyring_on(self, present: str, *, alone: bool) -> None:
        """Have the keyring open the space too. Raises also NeedsConfirm, Usage, NoKeyring."""
        self._keyring.turn_on(self.info, self._proven(present), alone=alone)

    def keyring_off(self) -> None:
        """Have it open the space no longer. Raises also NoKeyring."""
        self._keyring.turn_off(self.info)

    def _proven(self, present: str) -> SpaceKey:
        info, spaces = self.info, self._spaces
        return passphrases.by_either(
            present,
            lambda passphrase: spaces.unlock(info, passphrase),
            lambda code: spaces.unlock_with_recovery(info, code),
        )
