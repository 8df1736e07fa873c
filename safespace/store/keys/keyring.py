# SPDX-License-Identifier: AGPL-3.0-or-later
"""The operating system's keyring, where a space may keep a secret that also opens it.

What lies there is random and wraps the space's key (`wraps`); it never is the key. The service
is chosen here and nowhere else: the library's own choice obeys an environment variable and a
file in the home folder, and could name a store that forgets, or one that keeps plain text.
Whatever the keyring does, nobody waits for it longer than `LIMIT_S`.
"""

import queue
import secrets
import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from safespace.errors import NoKeyring
from safespace.i18n import _

SERVICE: Final = "Safe Space"
SECRET_BYTES: Final = 32
"""As hexadecimal digits far below the 1,280 characters that Windows keeps at most."""
LIMIT_S: Final = 2.0

T = TypeVar("T")


class Backend(Protocol):
    """What we use of one of the library's backends."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def of_this_system() -> Backend:
    """The keyring that the operating system itself keeps, and no other."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        vault = WinVaultKeyring()
        vault.persist = "local machine"  # the usual one roams to other computers of a firm
        return vault
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain

        return Keychain()
    return _secret_service()


class Keyring:
    """Keeps one secret per space. Every method raises NoKeyring, at the latest after `limit` s.

    A call that hangs goes on in a daemon thread, which keeps neither lock nor exit waiting.
    `backend` is for tests; it is called on that thread.
    """

    def __init__(
        self, backend: Callable[[], Backend] = of_this_system, limit: float = LIMIT_S
    ) -> None:
        self._backend = backend
        self._limit = limit

    def keep_fresh(self, space: str) -> str:
        """A new secret for the space with this id: written, read back, and returned."""
        secret = secrets.token_hex(SECRET_BYTES)

        def keep(backend: Backend) -> str | None:
            backend.set_password(SERVICE, space, secret)
            return backend.get_password(SERVICE, space)

        if self._ask(keep) != secret:
            raise NoKeyring(
                _("This computer's keyring did not keep what was put into it."), _usual_way()
            )
        return secret

    def secret(self, space: str) -> str:
        """What is kept for a space; whether it opens anything, its header says."""
        kept = self._ask(lambda backend: backend.get_password(SERVICE, space))
        if kept is None:
            raise NoKeyring(
                _("This computer's keyring holds nothing for this space."), _usual_way()
            )
        return kept

    def forget(self, space: str) -> None:
        """Delete what was kept for a space, if anything was."""

        def delete(backend: Backend) -> None:
            if backend.get_password(SERVICE, space) is not None:
                backend.delete_password(SERVICE, space)

        self._ask(delete)

    def _ask(self, what: Callable[[Backend], T]) -> T:
        answers: queue.SimpleQueue[tuple[T] | NoKeyring] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put((what(self._backend()),))
            except Exception as problem:  # noqa: BLE001 - of three systems' services and a library
                answers.put(_explained(problem))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer = answers.get(timeout=self._limit)
        except queue.Empty:
            raise NoKeyring(_("This computer's keyring does not answer."), _usual_way()) from None
        if isinstance(answer, NoKeyring):
            raise answer
        return answer[0]


def _secret_service() -> Backend:
    """Linux: the session's Secret Service, without ever bringing up a question of its own."""
    import secretstorage
    from keyring.backends import SecretService
    from keyring.errors import KeyringLocked

    class Unasked(SecretService.Keyring):  # the library's own would wait for an answer
        def get_preferred_collection(self) -> secretstorage.Collection:
            collection = secretstorage.Collection(secretstorage.dbus_init())
            if collection.is_locked():
                collection.connection.close()
                raise KeyringLocked
            return collection

    return Unasked()  # type: ignore[no-untyped-call]


def _explained(problem: Exception) -> NoKeyring:
    from keyring.errors import KeyringLocked

    if isinstance(problem, KeyringLocked):
        return NoKeyring(_("This computer's keyring is locked."), _usual_way())
    return NoKeyring(_("There is no keyring here that Safe Space could use."), _usual_way())


def _usual_way() -> str:
    return _("The passphrase and the recovery code open the space as always.")
