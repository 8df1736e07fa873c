# SPDX-License-Identifier: AGPL-3.0-or-later
"""The turn under way: hears its events, shows its words as they come, tells how it ended."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import shiboken6
from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtWidgets import QWidget

from safespace.domain import Conversation, Message, Route
from safespace.errors import SafeSpaceError
from safespace.i18n import _, ngettext
from safespace.session import suitability
from safespace.session.turn import events
from safespace.session.turn.line import in_line, passing_by
from safespace.session.turn.turns import Listener
from safespace.ui.chat.growing import Growing
from safespace.ui.chat.help_lines import HelpLinesCard
from safespace.ui.chat.outgoing import OutgoingPanel
from safespace.ui.gate import Gate
from safespace.ui.kit.bridge import Bridge
from safespace.ui.kit.parts import label

FLUSH_MS: Final = 33


class Answering(QObject):
    """At most one turn. `asked` comes once its question is saved, then `answered` or `failed`.

    `words` are those that came so far. `beside` carries widgets that belong below the
    question: help lines, notes.
    """

    asked = Signal(Message, Conversation)
    beside = Signal(QWidget)
    answered = Signal(Message)
    failed = Signal(SafeSpaceError, object)

    def __init__(
        self,
        parent: QWidget,
        gate: Gate,
        link: Callable[[QUrl], object],
        sign: Callable[[str], str],
    ) -> None:
        super().__init__(parent)
        self._gate = gate
        self.busy = False
        self.question: Message | None = None
        self._conversation: int | None = None
        self._link = link
        self._sign = sign
        self.words = ""
        self._state = ""
        self._growing: Growing | None = None
        self._outgoing: events.Outgoing | None = None
        self._asking: OutgoingPanel | None = None
        self._from_elsewhere = False
        self._bridge = Bridge(self, self._hear)
        self._flush = QTimer(self, interval=FLUSH_MS)
        self._flush.timeout.connect(self._show_words)

    def begin(self, conversation: int | None) -> Listener:
        """A turn starts in `conversation`: its listener."""
        self.busy = True
        self.question = None
        self._conversation = conversation
        self.words = ""
        self._state = ""
        return self._bridge.listener()

    def is_in(self, conversation: int | None) -> bool:
        """Whether the turn under way belongs to `conversation`."""
        return self.busy and self._conversation == conversation

    def settle(self, question: Message) -> None:
        """The question has its place in the tree now."""
        self.question = question
        self._conversation = question.conversation

    def fresh_growing(self) -> Growing:
        """A widget that shows this turn's words, those so far included."""
        self._drop_growing()
        self._growing = Growing(self._link, self._sign)
        if self._from_elsewhere:
            self._growing.spell_out_links()
        self._growing.say(self._state)
        self._growing.add(self.words)
        self._growing.flush()
        return self._growing

    def fresh_panel(self) -> OutgoingPanel | None:
        """What waits for a yes or no, if something does: to be shown again."""
        return self._panel(self._outgoing) if self._outgoing else None

    def _panel(self, outgoing: events.Outgoing) -> OutgoingPanel:
        def decide(yes: bool) -> None:
            self._outgoing = None
            outgoing.decide(yes)

        self._asking = self._gate.admit(OutgoingPanel(replace(outgoing, decide=decide)))
        return self._asking

    def not_begun(self, problem: SafeSpaceError) -> None:
        """The session refused to start the turn."""
        self._end()
        self.failed.emit(problem, None)

    def _hear(self, event: events.Event) -> None:
        match event:
            case events.Asked(message, conversation):
                self.asked.emit(message, conversation)
            case events.HelpLines(card):
                self.beside.emit(HelpLinesCard(card))
            case events.Decided(decision) if decision.route is not Route.HUMAN:
                self._say(_("Reading your question, here."))
            case events.Outgoing():
                self._outgoing = event
                self._say(_("Waiting for your yes or no."))
                self.beside.emit(self._panel(event))
            case events.Sending(place):
                self._outgoing = None
                self._from_elsewhere = True
                if self._growing and shiboken6.isValid(self._growing):
                    self._growing.spell_out_links()
                self._say(_("Sent to {place}; waiting for its answer.").format(place=place))
            case events.Waiting():
                self._say(in_line())
            case events.PassingBy():
                self._say(passing_by())
            case events.Preparing(model):
                self._outgoing = None
                self._say(_("{model} gets ready, here.").format(model=model))
            case events.LeftOut(turns):
                sentence = ngettext(
                    "The first message no longer fits; the model does not read it.",
                    "The first {count} messages no longer fit; the model does not read them.",
                    turns,
                )
                self.beside.emit(label(sentence.format(count=turns), "small", "quiet"))
            case events.Crowded(on_card, layers):
                sentence = suitability.crowded(on_card, layers)
                self.beside.emit(label(sentence, "small", "quiet"))
            case events.Words(text):
                self.words += text
                if self._growing and shiboken6.isValid(self._growing):
                    self._growing.add(text)
                self._flush.start()
            case events.Answered(message):
                self._end()
                self.answered.emit(message)
            case events.Failed(problem, kept):
                self._end()
                self.failed.emit(problem, kept)
            case _:
                pass

    def _say(self, state: str) -> None:
        self._state = state
        if self._growing and shiboken6.isValid(self._growing):
            self._growing.say(state)

    def _show_words(self) -> None:
        alive = self._growing is not None and shiboken6.isValid(self._growing)
        if not (alive and self._growing and self._growing.flush()):
            self._flush.stop()

    def _end(self) -> None:
        self.busy = False
        self._outgoing = None
        self._from_elsewhere = False
        self._flush.stop()
        self._drop_growing()
        if self._asking and shiboken6.isValid(self._asking):  # stopped before it was answered
            self._asking.hide()
            self._asking.deleteLater()
        self._asking = None

    def _drop_growing(self) -> None:
        if self._growing and shiboken6.isValid(self._growing):
            self._growing.hide()
            self._growing.deleteLater()
        self._growing = None
