# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the system says about nobody being there: screen lock, sleep, another user (Linux).

systemd-logind says so on the system's bus (org.freedesktop.login1, its D-Bus page), screen
savers on that of the session. Sleep is held up, as logind offers it, until this process and
with it the space is gone. Whoever could send such a signal falsely can lock, and no more.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

from safespace.i18n import _
from safespace.ui.kit.ops import Ops

LOGIND: Final = "org.freedesktop.login1"
SESSION: Final = f"{LOGIND}.Session"
MANAGER: Final = f"{LOGIND}.Manager"
_MANAGER_AT: Final = "/org/freedesktop/login1"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
SCREEN_SAVERS: Final = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)


class SystemLocks(QObject):
    """`locked` comes at each of these signals. Addresses are for tests; None: the usual buses.

    Connecting may wait for a bus, so it is done in the background.
    """

    locked = Signal()

    def __init__(
        self, parent: QObject, ops: Ops, system: str | None = None, session: str | None = None
    ) -> None:
        super().__init__(parent)
        self._inhibitor: QDBusMessage | None = None
        self._system: QDBusConnection | None = None
        if sys.platform == "linux":
            ops.run(self, lambda: _bus(system), self._hear_logind, aside=True)
            if session := session or _session_address():
                ops.run(self, lambda: _bus(session), self._hear_savers, aside=True)

    # The screen savers

    def _hear_savers(self, bus: QDBusConnection) -> None:
        for name in SCREEN_SAVERS:
            self._hear(bus, "", name, "ActiveChanged", "_switched(bool)")

    @Slot(bool)
    def _switched(self, on: bool) -> None:
        if on:
            self.locked.emit()

    # logind

    def _hear_logind(self, bus: QDBusConnection) -> None:
        if not bus.isConnected():
            return
        self._system = bus
        self._hear(bus, _MANAGER_AT, MANAGER, "PrepareForSleep", "_switched(bool)")
        self._call(_MANAGER_AT, MANAGER, "GetSession", ["auto"], self._hear_session)
        why = _("The open space is locked first.")
        self._call(
            _MANAGER_AT, MANAGER, "Inhibit", ["sleep", "Safe Space", why, "delay"], self._hold
        )

    def _hear_session(self, reply: QDBusMessage) -> None:
        """Listen to our session; where logind names none, to all of them."""
        named = next(iter(reply.arguments()), None)
        path = named.path() if isinstance(named, QDBusObjectPath) else ""
        assert self._system
        self._hear(self._system, path, SESSION, "Lock", "_lock()")
        if path:
            changed = "_changed(QDBusMessage)"
            self._hear(self._system, path, _PROPERTIES, "PropertiesChanged", changed)

    @Slot()
    def _lock(self) -> None:
        self.locked.emit()

    @Slot(QDBusMessage)
    def _changed(self, message: QDBusMessage) -> None:
        """Something about our session is otherwise: is it still the one in front?"""
        self._call(message.path(), _PROPERTIES, "Get", [SESSION, "Active"], self._look)

    def _look(self, reply: QDBusMessage) -> None:
        active = next(iter(reply.arguments()), None)
        if isinstance(active, QDBusVariant) and active.variant() is False:
            self.locked.emit()

    def _hold(self, reply: QDBusMessage) -> None:
        """Sleep waits as long as the descriptor in this reply is open: until we are gone."""
        self._inhibitor = reply

    def _hear(
        self, bus: QDBusConnection, path: str, interface: str, signal: str, slot: str
    ) -> None:
        """Have `slot` called for `signal`, whoever sends it; an empty path means any."""
        bus.connect("", path, interface, signal, self, SLOT(slot))  # type: ignore[call-overload]

    def _call(
        self,
        path: str,
        interface: str,
        method: str,
        arguments: list[str],
        then: Callable[[QDBusMessage], None],
    ) -> None:
        """Ask logind, and go on with its reply, which may be an error, when it comes."""
        assert self._system
        message = QDBusMessage.createMethodCall(LOGIND, path, interface, method)
        message.setArguments(arguments)
        watcher = QDBusPendingCallWatcher(self._system.asyncCall(message), self)
        watcher.finished.connect(lambda done: then(done.reply()))
        watcher.finished.connect(watcher.deleteLater)


def _bus(address: str | None) -> QDBusConnection:
    """A connection of our own to the bus at `address`; None: the system's. May wait."""
    name = f"safespace {address}"
    if address is None:
        return QDBusConnection.connectToBus(QDBusConnection.BusType.SystemBus, name)
    return QDBusConnection.connectToBus(address, name)


def _session_address() -> str | None:
    """Where the session's bus is. One that is not there yet is not started for our sake."""
    if address := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    socket = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"), "bus")
    return f"unix:path={socket}" if socket.exists() else None
