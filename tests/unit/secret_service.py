# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Secret Service on a session bus of its own: gnome-keyring, with an empty home."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest
import secretstorage
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from secretstorage.defines import SS_PATH
from secretstorage.util import DBusAddressWrapper, format_secret, open_session

PROGRAMS: Final = ("dbus-daemon", "gnome-keyring-daemon")
_WITHIN_S: Final = 20.0
_PASSWORD: Final = b"the password of this keyring"
_LOGIN: Final = "/org/freedesktop/secrets/collection/login"
_FOR_TESTS: Final = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"


class SecretService:
    """`address` is what DBUS_SESSION_BUS_ADDRESS has to name."""

    def __init__(self, address: str, daemon: int) -> None:
        self.address = address
        self._daemon = daemon

    def hang(self) -> None:
        """From now on it takes every call and answers none, until `go_on`."""
        os.kill(self._daemon, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._daemon, signal.SIGCONT)

    @contextmanager
    def collection(self) -> Iterator[secretstorage.Collection]:
        """The one that things are kept in."""
        before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self.address
        try:
            with closing(secretstorage.dbus_init()) as bus:
                yield secretstorage.Collection(bus)
        finally:
            if before is None:
                del os.environ["DBUS_SESSION_BUS_ADDRESS"]
            else:
                os.environ["DBUS_SESSION_BUS_ADDRESS"] = before

    def lock(self) -> None:
        with self.collection() as kept:
            kept.lock()

    def unlock(self) -> None:
        """As at a login, without a question: gnome-keyring's own interface for its tests.

        On a busy computer a lock that was asked for before may come after it: then once more.
        """
        until = time.monotonic() + _WITHIN_S
        with self.collection() as kept:
            service = DBusAddressWrapper(SS_PATH, _FOR_TESTS, kept.connection)
            while True:
                sealed = format_secret(open_session(kept.connection), _PASSWORD, "text/plain")
                service.call("UnlockWithMasterPassword", "o(oayays)", _LOGIN, sealed)
                if not kept.is_locked():
                    return
                assert time.monotonic() < until, "gnome-keyring stays locked"

    def is_up(self) -> bool:
        """Whether the one that was started has its name and is unlocked.

        A call before that would have the bus start another one, without its password.
        """
        owned = message_bus.NameHasOwner("org.freedesktop.secrets")
        with closing(open_dbus_connection(bus=self.address)) as bus:
            if not bus.send_and_get_reply(owned).body[0]:
                return False
        try:
            with self.collection() as kept:
                return not kept.is_locked()
        except secretstorage.SecretStorageException:
            return False


@contextmanager
def secret_service(home: Path) -> Iterator[SecretService]:
    """Started with an unlocked keyring in `home`; skips where it is not installed."""
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    home.mkdir(mode=0o700)
    around = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    quiet = subprocess.DEVNULL
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        env=around,
        stdout=subprocess.PIPE,
        stderr=quiet,
        text=True,
    )
    assert bus.stdout
    address = bus.stdout.readline().strip()
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        env={**around, "DBUS_SESSION_BUS_ADDRESS": address},
        stdin=subprocess.PIPE,
        stdout=quiet,
        stderr=quiet,
    )
    assert daemon.stdin
    with daemon.stdin as password:
        password.write(_PASSWORD)
    service = SecretService(address, daemon.pid)
    until = time.monotonic() + _WITHIN_S
    try:
        while not service.is_up():
            assert time.monotonic() < until, "gnome-keyring did not come up"
            time.sleep(0.05)
        yield service
    finally:
        for process in (daemon, bus):
            process.kill()
            process.wait()
        bus.stdout.close()
