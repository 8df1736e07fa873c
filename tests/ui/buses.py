# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real message bus, and on it a double of systemd-logind and of a screen saver.

The double is a program of its own that answers the two methods we call and sends the signals
it is told to; `Logind.held` says whether somebody still holds up sleep.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.ui.told import Told

needs_a_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon")

_CONFIGURATION: Final = """\
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

_DOUBLE: Final = """
import os, sys
from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtDBus import *

AT = "/org/freedesktop/login1"
OURS = AT + "/session/_31"
app = QCoreApplication([])
bus = QDBusConnection.connectToBus(sys.argv[1], "double")
reading, writing = os.pipe()
os.set_blocking(reading, False)
asked = []
active = True

class Double(QDBusVirtualObject):
    def introspect(self, path):
        return ""
    def handleMessage(self, message, connection):
        global writing
        method, reply = message.member(), message.createReply()
        asked.append((message.path(), method, message.arguments()))
        if method == "Inhibit":
            reply.setArguments([QDBusUnixFileDescriptor(writing)])
        elif method == "GetSession" and SESSIONS:
            reply.setArguments([QDBusObjectPath(OURS)])
        elif method == "Get":
            reply.setArguments([QDBusVariant(active)])
        else:
            reply = message.createErrorReply("x.No", "no")
        connection.send(reply)
        if method == "Inhibit":
            os.close(writing)
        return True

def say(path, interface, member, *arguments):
    message = QDBusMessage.createSignal(path, interface, member)
    message.setArguments(list(arguments))
    bus.send(message)

def held():
    try:
        return os.read(reading, 1) != b""
    except BlockingIOError:
        return True

def away(still):
    global active
    active = still
    say(OURS, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        "org.freedesktop.login1.Session", {}, [])

double = Double()
everything = QDBusConnection.VirtualObjectRegisterOption.SubPath
assert bus.registerVirtualObject(AT, double, everything)
assert bus.registerService("org.freedesktop.login1")
"""

SIGNALS = {
    "screen lock": "say(OURS, 'org.freedesktop.login1.Session', 'Lock')",
    "sleep": "say(AT, 'org.freedesktop.login1.Manager', 'PrepareForSleep', True)",
    "another user": "away(False)",
    "screen saver": "say('/ScreenSaver', 'org.freedesktop.ScreenSaver', 'ActiveChanged', True)",
    "GNOME": "say('/org/gnome/ScreenSaver', 'org.gnome.ScreenSaver', 'ActiveChanged', True)",
}
"""What the double is told to say, and each of them locks."""
HARMLESS = (
    "say(OURS, 'org.freedesktop.login1.Session', 'Unlock')",
    "say(AT, 'org.freedesktop.login1.Manager', 'PrepareForSleep', False)",
    "say('/ScreenSaver', 'org.freedesktop.ScreenSaver', 'ActiveChanged', False)",
    "say(AT + '/session/_32', 'org.freedesktop.login1.Session', 'Lock')",
    "away(True)",
)
"""What locks nothing."""


class Logind(Told):
    """The double. `address` is that of its bus, which serves as both the system's and ours."""

    def __init__(self, address: str, *, sessions: bool) -> None:
        self.address = address
        begin = _DOUBLE.replace("SESSIONS", str(sessions))
        super().__init__({"QT_QPA_PLATFORM": "offscreen"}, begin, "", address)

    @property
    def asked(self) -> str:
        """What it was called for so far."""
        return self.tell("[method for path, method, arguments in asked]")

    @property
    def held(self) -> bool:
        """Whether sleep would still wait for somebody."""
        return self.tell("held()") == "True"


@contextmanager
def logind(folder: Path, *, sessions: bool = True) -> Iterator[Logind]:
    """A bus with the double on it. `sessions`: whether it knows in which one we are."""
    configuration = folder / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder))
    with subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--print-address=1", "--nofork"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as daemon:
        assert daemon.stdout
        try:
            made = Logind(daemon.stdout.readline().strip(), sessions=sessions)
            try:
                assert made.tell("'there'") == "there"
                yield made
            finally:
                made.end()
        finally:
            daemon.terminate()
