# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is marked in an answer and taken along says that AI wrote it, as a whole copy does."""

from PySide6.QtWidgets import QWidget

from safespace.domain import Message
from safespace.session.leaving.origin import origin_of, signed, signed_unfinished
from safespace.session.session import Session
from safespace.ui.kit.ops import Ops


class Signing:
    """Signs unless the member turned that off. `read` asks for it ahead: a copy cannot wait."""

    def __init__(self, owner: QWidget, session: Session, ops: Ops) -> None:
        self._owner = owner
        self._session = session
        self._ops = ops
        self._on = True
        self.read()

    def read(self) -> None:
        """Ask what the member wants now."""
        self._ops.run(self._owner, self._session.answers.marked, self._set)

    def _set(self, on: bool) -> None:
        self._on = on

    def of(self, message: Message, text: str) -> str:
        """Some words of a message, as they are taken along."""
        return signed(text, origin_of(message)) if self._on else text

    def unfinished(self, text: str) -> str:
        """Some words of the answer that is being written."""
        return signed_unfinished(text) if self._on else text
