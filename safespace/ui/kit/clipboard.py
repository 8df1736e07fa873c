# SPDX-License-Identifier: AGPL-3.0-or-later
"""All copying: marked so that no history keeps it, and taken back at lock and at exit.

What a widget copies by itself (Ctrl+C, a selection made with the mouse) is marked as soon as
Qt says that it is there, before another program had a turn to ask for it.
"""

from collections.abc import Mapping
from typing import Final

import shiboken6
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

_HIDDEN: Final = "x-kde-passwordManagerHint"
_WINDOWS: Final = 'application/x-qt-windows-mime;value="{}"'
HINTS: Final[Mapping[str, bytes]] = {
    # Plasma's and others' clipboard histories leave out what a password manager marks so.
    _HIDDEN: b"secret",
    # learn.microsoft.com/windows/win32/dataxchg/clipboard-formats, cloud clipboard and history
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS.format("CanIncludeInClipboardHistory"): bytes(4),
    _WINDOWS.format("CanUploadToCloudClipboard"): bytes(4),
}

_put_there: Final[dict[QClipboard.Mode, QMimeData]] = {}
"""What we put there last. Qt deletes it when another program takes its place."""


def watch() -> None:
    """From now on, mark what a widget of ours copies. Once, on the interface thread."""
    _system().changed.connect(_mark)


def copy(text: str) -> None:
    """Put `text` on the clipboard. On the interface thread."""
    _put(text, QClipboard.Mode.Clipboard)


def clear() -> None:
    """Take back what we put there, where no other program has put its own since."""
    for mode, content in _put_there.items():
        if shiboken6.isValid(content) and _system().mimeData(mode) is content:
            _system().clear(mode)
    _put_there.clear()


def _system() -> QClipboard:
    return QGuiApplication.clipboard()


def _owned(mode: QClipboard.Mode) -> bool:
    if mode is QClipboard.Mode.Selection:
        return _system().supportsSelection() and _system().ownsSelection()
    return mode is QClipboard.Mode.Clipboard and _system().ownsClipboard()


def _mark(mode: QClipboard.Mode) -> None:
    if _owned(mode) and not _system().mimeData(mode).hasFormat(_HIDDEN):
        _put(_system().text(mode), mode)


def _put(text: str, mode: QClipboard.Mode) -> None:
    if not text:
        return
    content = QMimeData()
    content.setText(text)
    for name, value in HINTS.items():
        content.setData(name, value)
    _system().setMimeData(content, mode)
    _put_there[mode] = content
