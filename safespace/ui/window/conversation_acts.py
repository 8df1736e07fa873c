# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with a conversation as a whole: rename, put away, keep closer, delete."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from safespace.domain import Kind, Route
from safespace.i18n import _
from safespace.session.session import Session
from safespace.ui.chat.view import ConversationView, still_answering
from safespace.ui.holdings.put_into import put_into
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.ops import Ops


class ConversationActs(QObject):
    """`changed`: the list of conversations may look different now; `gone` carries a deleted one;
    `pinned`: the one that begins next goes otherwise far."""

    changed = Signal()
    gone = Signal(int)
    pinned = Signal()

    def __init__(
        self,
        window: QWidget,
        session: Session,
        chat: ConversationView,
        ops: Ops,
        messages: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._chat = chat
        self._ops = ops
        self._messages = messages

    def rename(self, conversation: int, title: str) -> None:
        """Give it another title."""
        self._do(lambda: self._session.rename(conversation, title))

    def put_into_folder(self) -> None:
        """Ask which folder the one that is shown goes into."""
        if self._chat.conversation is not None:
            put_into(
                self._window, self._session, self._ops, Kind.CONVERSATION, self._chat.conversation
            )

    def pin(self, pin: Route) -> None:
        """Let the one that is shown, or begins, go so far; without AI its answer stops."""
        conversation = self._chat.conversation
        if conversation is None:
            self._chat.pin = pin
            self.pinned.emit()
            return
        if pin is Route.HUMAN and self._chat.answering.is_in(conversation):
            self._chat.stop()
        self._do(lambda: self._session.engagement.pin(conversation, pin))

    def delete(self, conversation: int) -> None:
        """Put it into the bin, after a question."""
        if self._chat.answering.is_in(conversation):
            self._messages.say(still_answering())
            return
        Confirm(
            self._window,
            _("Delete this conversation?"),
            [_("It goes to the bin with all its messages, and can be restored for 30 days.")],
            _("Delete conversation"),
            lambda: self._ops.run(
                self,
                lambda: self._session.delete_conversation(conversation),
                lambda _done: self.gone.emit(conversation),
            ),
            leave=_("Keep it"),
            grave=True,
        ).open()

    def _do(self, act: Callable[[], None]) -> None:
        self._ops.run(self, act, lambda _done: self.changed.emit())
