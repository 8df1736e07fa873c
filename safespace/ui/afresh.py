# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the open space to the entrance: a fresh process, in the place of the old window.

The old process is replaced, and its memory with it. What it leaves to the fresh one is where
its window was, which space is to get a new key (usually none), and its line to the screen: as
long as that stays open, the empty window it drew last stays up, so that nothing flickers. The
line carries no word of the member's.
"""

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from safespace import isolation
from safespace.ui.kit.parts import column, panel

VARIABLE: Final = "SAFESPACE_CURTAIN"
_SCREENS: Final = re.compile(r"\0?/tmp/\.X11-unix/X\d+|.*/wayland-\d+")
_LEFT: Final = re.compile(r"([0-9a-f]{0,1024})((?:,\d{1,4}){0,8})(?:;([\w-]{1,80}))?")
_FIRST_OPEN: Final = 3
_LAST_OPEN: Final = 1024


def draw_curtain(window: QWidget) -> None:
    """Empty `window`, and hide what else is up, while a space is being closed."""
    for other in QApplication.topLevelWidgets():
        if other is not window:
            other.hide()
    for content in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        content.hide()
    curtain = panel("page", column())
    curtain.setParent(window)
    curtain.setGeometry(window.rect())
    curtain.show()
    window.repaint()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def start_afresh(place: QByteArray, renewal: str = "") -> None:
    """Replace this process by the entrance, at `place` (what `saveGeometry` gave).

    `renewal` is the id of a space whose member wants a new key.
    """
    lines = list(_lines_to_the_screen())
    for line in lines:
        os.set_inheritable(line, True)
    left = "".join((bytes(place.data()).hex(), *(f",{line}" for line in lines)))
    left += f";{renewal}" if renewal else ""
    isolation.begin_again(["window"], {VARIABLE: left})


class Curtain(QObject):
    """What the process before left. `over` a window: put it there, and fall once it is drawn.

    `renewal` is the id of a space that is to get a new key, usually empty.
    """

    def __init__(self) -> None:
        super().__init__()
        left = _LEFT.fullmatch(os.environ.pop(VARIABLE, ""))
        self.renewal = (left[3] or "") if left else ""
        self._place = bytes.fromhex(left[1]) if left and len(left[1]) % 2 == 0 else b""
        self._lines = [int(line) for line in left[2].split(",")[1:]] if left else []

    def over(self, window: QWidget) -> None:
        """Have `window`, which is not shown yet, take the place of the one before."""
        if self._place:
            window.restoreGeometry(QByteArray(self._place))
        if self._lines:
            window.winId()  # or it had no native window yet that could say when it is drawn
            window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._fall)
        return False

    def _fall(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            if line >= _FIRST_OPEN and _peer(line) is not None:
                os.close(line)


def _lines_to_the_screen() -> Iterator[int]:
    """The descriptors by which Qt talks to an X server or a Wayland compositor."""
    for line in range(_FIRST_OPEN, _LAST_OPEN):
        if _SCREENS.fullmatch(_peer(line) or ""):
            yield line


def _peer(descriptor: int) -> str | None:
    """The name of who is at the other end of a Unix socket; None if it is none."""
    with suppress(OSError):
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return None
        end = socket.socket(fileno=descriptor)
        try:
            name = end.getpeername()
        finally:
            end.detach()
        if isinstance(name, bytes):  # an abstract name
            return name.decode("latin-1")
        return name if isinstance(name, str) else None
    return None
