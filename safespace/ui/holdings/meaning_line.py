# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many passages of documents can be found by what they mean; nothing where none can."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safespace.session.meaning import Progress
from safespace.session.session import Session
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column, label

_EVERY_MS: Final = 2_000


class MeaningLine(QWidget):
    """It looks anew as long as it is in sight."""

    def __init__(self, session: Session, ops: Ops) -> None:
        super().__init__()
        self._session = session
        self._ops = ops
        self.said = label("", "small", "quiet")
        made: QVBoxLayout = column(self.said)
        self.setLayout(made)
        self.said.hide()
        self._again = QTimer(self)
        self._again.setInterval(_EVERY_MS)
        self._again.timeout.connect(self._look)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._again.stop()

    def _look(self) -> None:
        look = self._session.meaning.progress
        self._ops.run(self, look, self._show, lambda _problem: None, aside=True)

    def _show(self, progress: Progress | None) -> None:
        self.said.setText(progress.said() if progress else "")
        self.said.setVisible(progress is not None)
