# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the system says about nobody being there, for a talk in the terminal (Linux).

The same signals that `ui.system_locks` hears through Qt: systemd-logind's on the system's bus
(org.freedesktop.login1, its D-Bus page), the screen savers' on that of the session. Each bus
has a thread that waits for it. Whoever could send such a signal falsely can lock, and no more.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, Final

from safespace.i18n import _

_LOGIND: Final = "org.freedesktop.login1"
_SESSION: Final = f"{_LOGIND}.Session"
_MANAGER: Final = f"{_LOGIND}.Manager"
_MANAGER_AT: Final = "/org/freedesktop/login1"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_SCREEN_SAVERS: Final = tuple(
    f"org.{name}.ScreenSaver" for name in ("freedesktop", "gnome", "cinnamon", "mate", "xfce")
)
_COVERED: Final = frozenset(f"{name}.ActiveChanged" for name in _SCREEN_SAVERS)
_SLEEP: Final = f"{_MANAGER}.PrepareForSleep"
_LOCKED: Final = f"{_SESSION}.Lock"
_CHANGED: Final = f"{_PROPERTIES}.PropertiesChanged"

Reply = Callable[[tuple[Any, ...]], None]


def listen(lock: Callable[[], object], system: str = "SYSTEM", session: str = "SESSION") -> None:
    """Have `lock` called, on a thread of its own, when the system says so.

    `system` and `session` are where the buses are, for tests. One that is not there says nothing.
    """
    if sys.platform == "linux":
        for ears, address in ((_Logind, system), (_Savers, session)):
            hears = Thread(target=_hear, args=(ears, lock, address), name="system", daemon=True)
            hears.start()


def _hear(ears: "type[_Ears]", lock: Callable[[], object], address: str) -> None:
    with suppress(OSError, KeyError, ValueError, RuntimeError):  # no such bus, or it has ended
        heard = ears(lock, address)
        try:
            heard.begin()
            heard.hear()
        finally:
            heard.end()


class _Ears(ABC):
    """One bus: what is asked there, and what is heard. Raises what the bus fails with."""

    def __init__(self, lock: Callable[[], object], address: str) -> None:
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._lock = lock
        self._bus = open_dbus_connection(address, enable_fds=True)
        self._serials = iter(range(1000, sys.maxsize))  # those before are the connection's own
        self._asked: dict[int, Reply] = {}
        self._rule, self._add = MatchRule, message_bus.AddMatch

    @abstractmethod
    def begin(self) -> None:
        """Ask for what is to be heard."""

    @abstractmethod
    def heard(self, path: str, name: str, body: tuple[Any, ...]) -> None:
        """A signal came; `name` is that of its interface and its own."""

    def end(self) -> None:
        """The bus says no more."""
        self._bus.close()

    def hear(self) -> None:
        """Wait for signals and replies; ends by what the bus ends with."""
        from jeepney import HeaderFields, MessageType

        while True:
            message = self._bus.receive()
            fields = message.header.fields
            kind = message.header.message_type
            if kind is MessageType.signal:
                path = str(fields.get(HeaderFields.path))
                name = f"{fields.get(HeaderFields.interface)}.{fields.get(HeaderFields.member)}"
                self.heard(path, name, message.body)
            elif reply := self._asked.pop(fields.get(HeaderFields.reply_serial, 0), None):
                reply(message.body if kind is MessageType.method_return else ())

    def follow(self, interface: str, member: str, path: str | None = None) -> None:
        """Hear this signal, whoever sends it."""
        rule = self._rule(type="signal", interface=interface, member=member, path=path)
        self._bus.send(self._add(rule), serial=next(self._serials))

    def ask(
        self, path: str, interface: str, method: str, signature: str, body: Any, then: Reply
    ) -> None:
        """Ask logind, and go on with what its reply says; with nothing if that is an error."""
        from jeepney import DBusAddress, new_method_call

        serial = next(self._serials)
        self._asked[serial] = then
        address = DBusAddress(path, bus_name=_LOGIND, interface=interface)
        self._bus.send(new_method_call(address, method, signature, body), serial=serial)


class _Savers(_Ears):
    """Screen savers say when they cover the screen."""

    def begin(self) -> None:
        for name in _SCREEN_SAVERS:
            self.follow(name, "ActiveChanged")

    def heard(self, _path: str, name: str, body: tuple[Any, ...]) -> None:
        if name in _COVERED and body[:1] == (True,):
            self._lock()


class _Logind(_Ears):
    """Sleep, our session's lock, and another user in front of ours."""

    _ours = ""
    _inhibitor: Any = None

    def begin(self) -> None:
        self.follow(_MANAGER, "PrepareForSleep", _MANAGER_AT)
        self.ask(_MANAGER_AT, _MANAGER, "GetSession", "s", ("auto",), self._know_session)
        why = _("The open space is locked first.")
        held = ("sleep", "Safe Space", why, "delay")
        self.ask(_MANAGER_AT, _MANAGER, "Inhibit", "ssss", held, self._hold)

    def heard(self, path: str, name: str, body: tuple[Any, ...]) -> None:
        asleep = name == _SLEEP and body[:1] == (True,)
        if asleep or (name == _LOCKED and self._ours in ("", path)):
            self._lock()
        elif name == _CHANGED and path == self._ours:  # is it still the one in front?
            self.ask(path, _PROPERTIES, "Get", "ss", (_SESSION, "Active"), self._look)

    def _know_session(self, body: tuple[Any, ...]) -> None:
        """Listen to our session; where logind names none, to all of them."""
        self._ours = str(body[0]) if body else ""
        self.follow(_SESSION, "Lock", self._ours or None)
        if self._ours:
            self.follow(_PROPERTIES, "PropertiesChanged", self._ours)

    def _look(self, body: tuple[Any, ...]) -> None:
        if body[:1] == (("b", False),):
            self._lock()

    def _hold(self, body: tuple[Any, ...]) -> None:
        """Sleep waits as long as the descriptor in this reply is open: until we are gone."""
        self._inhibitor = body[0] if body else None

    def end(self) -> None:
        super().end()
        if self._inhibitor:
            self._inhibitor.close()
