# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer while it is being written."""

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLabel, QWidget

from safespace.ui.chat.prose import Prose
from safespace.ui.chat.stream import Stream
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.theme import Space


class Growing(QWidget):
    """Settled blocks, parsed once, above a tail that is parsed again at each flush."""

    def __init__(self, link: Callable[[QUrl], object], sign: Callable[[str], str]) -> None:
        super().__init__()
        self._stream = Stream()
        self._shown = 0
        self._settled = Prose(sign=sign)
        self._tail = Prose(sign=sign)
        for prose in (self._settled, self._tail):
            prose.link_wanted.connect(link)
        self._settled.hide()
        self._tail.hide()
        self._state: QLabel = label("", "small", "quiet")
        self._state.setContentsMargins(Space.HAIR, 0, 0, 0)
        self.setLayout(column(self._settled, self._tail, self._state))

    @property
    def text(self) -> str:
        """What has come so far."""
        return self._stream.text

    def spell_out_links(self) -> None:
        """It comes from elsewhere: what links there are in it are text from now on."""
        self._settled.links = self._tail.links = False

    def say(self, state: str) -> None:
        """What is going on while no word has come."""
        self._state.setText(state)
        self._state.setVisible(bool(state))

    def add(self, text: str) -> None:
        """Some more words; shown at the next `flush`."""
        self._stream.add(text)

    def flush(self) -> bool:
        """Show what came since the last flush; False if nothing did."""
        if self._shown == len(self._stream.text):
            return False
        self._shown = len(self._stream.text)
        self.say("")
        if settled := self._stream.take_settled():
            self._settled.append_markdown(settled)
            self._settled.show()
        self._tail.show_markdown(self._stream.tail)
        self._tail.setVisible(bool(self._stream.tail.strip()))
        return True
