# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing a file or a folder without leaving a trace of it.

The system's own dialogs remember the last places in lists that other programs read, so `app`
has chosen Qt's. That one keeps them in QSettings, which `app` has pointed at nothing.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_file(
    parent: QWidget, heading: str, kinds: str, then: Callable[[Path], object]
) -> QFileDialog:
    """Ask for an existing file, such as "Models (*.gguf)", and call `then` with it."""
    dialog = _dialog(parent, heading, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.open()
    return dialog


def choose_folder(parent: QWidget, heading: str, then: Callable[[Path], object]) -> QFileDialog:
    """Ask for a folder and call `then` with it."""
    dialog = _dialog(parent, heading, then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, heading: str, then: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, heading, str(Path.home()))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    return dialog
