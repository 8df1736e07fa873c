# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network that leads nowhere, and counts: everything that leaves a program is seen here.

Linux alone, in a network namespace of its own whose default route is a device that we read.
`python -m tests.e2e.sink FOLDER MINUTES`, begun by `inside`: tries controls, lets the program
have its day over and over for so long, tries the controls again, and writes as JSON what came at
each stage.
"""

import fcntl
import ipaddress
import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.e2e.conftest import Home
from tests.e2e.quiet_day import day

_NAME: Final = "sink"
_TUNSETIFF: Final = 0x400454CA  # <linux/if_tun.h>
_TUN_WITHOUT_HEADER: Final = 0x0001 | 0x1000
_SETTLED_S: Final = 0.5
_TCP, _UDP, _HOPS, _ICMP6 = 6, 17, 0, 58
_OF_THE_KERNEL: Final = frozenset({133, 135, 143})
"""ICMPv6 by which a kernel looks for routers and neighbours and joins groups."""

_CONNECT: Final = """
import socket
where = socket.socket(socket.{family}, socket.SOCK_STREAM)
where.settimeout(0.3)
where.connect(({host!r}, {port}))
"""
_UDP_WORD: Final = """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("198.51.100.7", 1002))
"""
_LOOK_UP: Final = "import socket; socket.getaddrinfo('site.example', 80)"
_QT: Final = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QTcpSocket
application = QCoreApplication([])
line = QTcpSocket()
line.connectToHost("198.51.100.7", 1005)
line.waitForConnected(300)
"""
_C: Final = """
import ctypes, socket, struct
c = ctypes.CDLL(None)
place = struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", 1006, bytes((198, 51, 100, 7)))
c.sendto(c.socket(socket.AF_INET, socket.SOCK_DGRAM, 0), b"x", 1, 0, place, len(place))
"""
CONTROLS: Final = {
    "tcp": (_CONNECT.format(family="AF_INET", host="198.51.100.7", port=1001), (4, _TCP, 1001)),
    "udp": (_UDP_WORD, (4, _UDP, 1002)),
    "ipv6": (
        _CONNECT.format(family="AF_INET6", host="2001:db8:1::7", port=1003),
        (6, _TCP, 1003),
    ),
    "dns": (_LOOK_UP, (4, _UDP, 53)),
    "qt": (_QT, (4, _TCP, 1005)),
    "ctypes": (_C, (4, _UDP, 1006)),
}
"""What must be seen, each by its port: an audit hook of Python's would miss the last two."""


@dataclass(frozen=True)
class Packet:
    """Where it was to go. Without a port: 0."""

    version: int
    protocol: int
    to: str
    port: int


def read(data: bytes) -> Packet | None:
    """What a packet is; None for one that the kernel sends by itself."""
    if data[0] >> 4 == 4:
        start, protocol, to = (data[0] & 15) * 4, data[9], data[16:20]
    else:
        start, protocol, to = 40, data[6], data[24:40]
        if protocol == _HOPS:
            protocol, start = data[40], 48 + 8 * data[41]
        if protocol == _ICMP6 and data[start] in _OF_THE_KERNEL:
            return None
    port = int.from_bytes(data[start + 2 : start + 4]) if protocol in (_TCP, _UDP) else 0
    return Packet(data[0] >> 4, protocol, str(ipaddress.ip_address(to)), port)


class Sink:
    """The device at the end of every route. Only inside a namespace of its own."""

    def __init__(self) -> None:
        self._device = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(
            self._device, _TUNSETIFF, struct.pack("16sH22x", _NAME.encode(), _TUN_WITHOUT_HEADER)
        )
        own = Path("/proc/sys/net/ipv6/conf") / _NAME
        for name, value in {"accept_ra": "0", "addr_gen_mode": "1", "accept_dad": "0"}.items():
            with suppress(OSError):  # the kernel then says a little more by itself
                (own / name).write_text(value)
        for line in (
            "link set lo up",
            f"addr add 203.0.113.1/24 dev {_NAME}",
            f"link set {_NAME} up",
            f"route add default dev {_NAME}",
        ):
            subprocess.run(["ip", *line.split()], check=True)
        if has_ipv6():
            for line in (
                f"-6 addr add 2001:db8::1/64 dev {_NAME} nodad",
                f"-6 route add default dev {_NAME}",
            ):
                subprocess.run(["ip", *line.split()], check=True)
        self._seen: list[Packet] = []
        threading.Thread(target=self._count, daemon=True).start()

    def seen(self) -> list[Packet]:
        """What came since the last time, once everything under way has come."""
        time.sleep(_SETTLED_S)
        seen, self._seen = self._seen, []
        return seen

    def _count(self) -> None:
        while True:
            if packet := read(os.read(self._device, 65536)):
                self._seen.append(packet)


def has_ipv6() -> bool:
    """Whether this kernel speaks it at all."""
    return Path("/proc/net/if_inet6").exists()


def missed(sink: Sink) -> list[str]:
    """Names of the controls that the sink did not see."""
    found = []
    for name, (code, expected) in CONTROLS.items():
        if name == "ipv6" and not has_ipv6():
            continue
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
        if expected not in {(one.version, one.protocol, one.port) for one in sink.seen()}:
            found.append(name)
    return found


def inside(arguments: Sequence[str]) -> list[str]:
    """The command that runs this module with `arguments` in a namespace of its own."""
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    module = [sys.executable, "-m", "tests.e2e.sink", *arguments]
    return ["unshare", *mapped, "--net", "--mount", *module]


def _ask_here(folder: Path) -> None:
    """Have names looked up through the sink, and nowhere else."""
    for name, text in (
        ("resolv.conf", "nameserver 203.0.113.53\noptions timeout:1 attempts:1\n"),
        ("nsswitch.conf", "hosts: files dns\n"),
    ):
        own = folder / name
        own.write_text(text)
        subprocess.run(["mount", "--bind", str(own), f"/etc/{name}"], check=True)


def main(folder: Path, minutes: int) -> int:
    """See above."""
    sink = Sink()
    _ask_here(folder.parent)
    before = missed(sink)
    until = time.monotonic() + 60 * minutes
    acts = day(Home(folder), first=True)
    while time.monotonic() < until:
        acts += day(Home(folder), first=False)
    quiet = sink.seen()
    after = missed(sink)
    stages = {"before": before, "day": [asdict(one) for one in quiet], "after": after}
    sys.stdout.write(json.dumps({**stages, "acts": acts}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
