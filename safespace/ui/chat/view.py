# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation at work: transcript above, composer below, and what is done with both."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QWidget

from safespace.domain import Conversation, Mark, Message, Route
from safespace.errors import Known, MessageTooLong, SafeSpaceError, Usage
from safespace.i18n import _
from safespace.session.documents import Quoted
from safespace.session.session import Session
from safespace.session.turn.turns import Listener, Turn
from safespace.ui.chat.answering import Answering
from safespace.ui.chat.attachments import Attachments
from safespace.ui.chat.bubble import Acts, Bubble
from safespace.ui.chat.composer import Composer
from safespace.ui.chat.prompts_sheet import PromptsSheet
from safespace.ui.chat.signing import Signing
from safespace.ui.chat.sources import Sources
from safespace.ui.chat.transcript import Transcript
from safespace.ui.chat.welcome import Welcome
from safespace.ui.chat.why_dialog import WhyDialog
from safespace.ui.gate import Gate
from safespace.ui.holdings.reading_sheet import ReadingSheet
from safespace.ui.kit import clipboard
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choose_file import choose_folder
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column
from safespace.ui.kit.theme import theme
from safespace.ui.link_dialog import ask_about_link


class ConversationView(QWidget):
    """Shows one conversation and takes part in it.

    `conversation` is None until the first question is asked, and goes as far as `pin` then.
    `changed` says that the list of
    conversations may look different now.
    """

    changed = Signal()

    def __init__(self, session: Session, ops: Ops, messages: MessageBar, gate: Gate) -> None:
        super().__init__()
        self.conversation: int | None = None
        self.pin = Route.COOP
        self._session = session
        self._ops = ops
        self._bar = messages
        self._gate = gate
        self._changing: Message | None = None
        self._draft_before = ""
        self._refused: dict[int | None, str] = {}
        """Drafts that the disk did not take: they are here alone."""
        self._reads = 0
        self.signing = Signing(self, session, ops)
        self.answering = Answering(self, gate, self._link, self.signing.unfinished)
        self.answering.asked.connect(self._asked)
        self.answering.beside.connect(self._show_beside)
        self.answering.answered.connect(self._answered)
        self.answering.failed.connect(self._failed)
        self._acts = Acts(
            why=self._why,
            copy=self._copy,
            save=self._save,
            regenerate=self._answer_again,
            ask_anyway=lambda message: self._answer_again(message, overridden=True),
            change=self._change,
            choose=self._choose,
            link=self._link,
            sources=self._sources,
            sign=self.signing.of,
        )
        self.attachments = Attachments(session, ops)
        self._welcome = Welcome(gate)
        self.transcript = Transcript(self._bubble)
        self.composer = Composer(gate)
        self.composer.sent.connect(self._send)
        self.composer.stopped.connect(self.stop)
        self.composer.draft_changed.connect(self._save_draft)
        self.composer.change_given_up.connect(self._give_up_change)
        self.composer.tasks.prompt_chosen.connect(self._take_prompt)
        self.composer.tasks.prompts_wanted.connect(self.show_prompts)
        self._read_prompts()
        layout = column(self._welcome, self.transcript, self.attachments, self.composer)
        layout.setStretchFactor(self._welcome, 1)
        layout.setStretchFactor(self.transcript, 1)
        self.setLayout(layout)
        theme().changed.connect(self.transcript.refresh)
        gate.opened.connect(messages.withdraw)

    def show_conversation(self, conversation: int | None, at: int | None = None) -> None:
        """Show another conversation, or the empty page of one not begun.

        `at` is a message to have in sight, on whichever branch it is.
        """
        self.composer.flush_draft()
        self._end_change()
        self.conversation = conversation
        self.pin = Route.COOP
        self.attachments.show_conversation(conversation)
        self.composer.show_text("")
        self._reads += 1
        newest = self._reads
        answering = self.answering.is_in(conversation)

        def read() -> tuple[list[Message], str]:
            shown = [] if conversation is None else self._session.transcript(conversation)
            elsewhere = at is not None and at not in {message.id for message in shown}
            if conversation is not None and at is not None and elsewhere and not answering:
                self._session.choose(at)
                shown = self._session.transcript(conversation)
            return shown, self._session.draft(conversation)

        def show(read: tuple[list[Message], str]) -> None:
            if self.conversation == conversation and self._reads == newest:
                self._show_branch(read[0], at)
                self._show_draft(self._refused.get(conversation, read[1]))

        if conversation is None:
            self._show_branch([])
        self._ops.run(self, read, show)

    def set_without_ai(self, *, without: bool) -> None:
        """The conversation that is shown, or begins, is kept without AI."""
        self._welcome.set_without_ai(without=without)
        self.composer.set_without_ai(without=without)

    def stop(self) -> None:
        """Stop the answer that is being written."""
        self._ops.run(self, self._session.stop, aside=True)

    # What is on the screen

    def _show_branch(self, messages: Sequence[Message], at: int | None = None) -> None:
        here = self.answering.is_in(self.conversation)
        asked = self.answering.question if here else None
        if asked:  # what the store keeps of a running answer is on its way to the screen already
            messages = [message for message in messages if message.id <= asked.id]
        self.transcript.show_branch(messages, at)
        if here:
            self.transcript.add(self.answering.fresh_growing())
            if panel := self.answering.fresh_panel():
                self.transcript.add(panel)
        self._show_running()
        self._welcome.setVisible(not messages and not here)
        self.transcript.setVisible(bool(messages) or here)

    def _bubble(self, message: Message) -> QWidget:
        return Bubble(message, self._acts, self._gate)

    def _show_beside(self, widget: QWidget) -> None:
        if self.answering.is_in(self.conversation):
            self.transcript.add(widget)
        else:
            widget.deleteLater()

    # Asking

    def _send(self, text: str) -> None:
        changing, conversation = self._changing, self.conversation
        if changing:
            self._begin(lambda hear: self._session.edit(changing.id, text, hear), conversation)
        else:
            pin, task = self.pin, self.composer.task
            self._begin(
                lambda hear: self._session.ask(conversation, text, hear, pin=pin, task=task),
                conversation,
            )

    def _answer_again(self, message: Message, *, overridden: bool = False) -> None:
        """Have a question answered anew: that of an answer, or one that got none."""
        self._begin(
            lambda hear: self._session.regenerate(message.id, hear, overridden=overridden),
            message.conversation,
        )

    def _begin(self, start: Callable[[Listener], Turn], conversation: int | None) -> None:
        """Start a turn in `conversation`, unless one is under way."""
        self._bar.hide()
        if self.answering.busy:
            self._bar.say(still_answering())
            return
        hear = self.answering.begin(conversation)
        self._show_running()
        self._ops.run(self, lambda: start(hear), failed=self.answering.not_begun)

    def _show_running(self) -> None:
        self.composer.set_running(running=self.answering.is_in(self.conversation))

    def _asked(self, message: Message, conversation: Conversation) -> None:
        """The question is saved: it leaves the composer and stands in the transcript."""
        if self.conversation is None and self.answering.is_in(None):
            self.conversation = conversation.id
            self.attachments.show_conversation(conversation.id)
        self.answering.settle(message)
        self.changed.emit()
        if self.conversation != conversation.id:
            return
        self._show_running()
        self._welcome.hide()
        self.transcript.show()
        self.transcript.continue_from(message)
        self.transcript.add(self.answering.fresh_growing())
        self.transcript.follow()
        if self._changing:
            self._end_change()
        elif self.composer.asked.strip() == message.text.strip():
            self.composer.accept()

    def _answered(self, message: Message) -> None:
        self.changed.emit()
        self._show_running()
        if self.conversation == message.conversation:
            self.transcript.append(message)
            announce(self, message.text or _("Handed back to you: no AI was asked."))

    def _failed(self, problem: SafeSpaceError, kept: Message | None) -> None:
        self._show_running()
        question = self.answering.question
        if kept and kept.conversation == self.conversation:
            self.transcript.append(kept)
        if isinstance(problem, MessageTooLong) and question:
            fitting = problem.fitting
            self._say(
                problem, lambda: self._change(question, fitting), _("Shorten it to what fits")
            )
        elif question and not kept:
            self._say(problem, lambda: self._answer_again(question), _("Ask again"))
        else:
            self._bar.say(problem)
        self.changed.emit()

    def _say(self, problem: SafeSpaceError, ask: Callable[[], object], name: str) -> None:
        """Say why there is no answer; another try is offered while AI is on."""
        self._bar.say(problem, ask if self._gate.is_open else None, name, asks=True)

    # Saved prompts

    def _read_prompts(self) -> None:
        self._ops.run(self, self._session.words.prompts, self.composer.tasks.show_prompts)

    def _take_prompt(self, words: str) -> None:
        """Put a saved prompt where the question is written, below what stands there."""
        typed = self.composer.text.strip()
        self.composer.show_text("\n\n".join(filter(None, (typed, words))))
        self._save_draft(self.composer.text)
        self.composer.setFocus()

    def show_prompts(self) -> None:
        """Show the saved prompts, to be changed."""
        sheet = PromptsSheet(self, self._session, self._ops, self.composer.text)
        sheet.changed.connect(self.composer.tasks.show_prompts)
        sheet.open()

    # Acts of a bubble

    def _sources(self, mark: Mark) -> Sources:
        def look(owner: QWidget, then: Callable[[Sequence[Quoted]], None]) -> None:
            self._ops.run(owner, lambda: self._session.documents.quoted(mark), then, aside=True)

        def read(of: Quoted) -> None:
            sheet = ReadingSheet(self, self._session, self._ops, of.document, of.passage, of.words)
            sheet.open()

        return Sources(look, read)

    def _why(self, message: Message) -> None:
        WhyDialog(message, self._session, self._ops, self).open()

    def _copy(self, message: Message) -> None:
        self._ops.run(self, lambda: self._session.answers.copied(message), clipboard.copy)

    def _save(self, message: Message) -> None:
        def written(file: Path) -> None:
            self._bar.say(Known(_("Written to {folder}. It is not encrypted.").format(folder=file)))

        def save(folder: Path) -> None:
            self._ops.run(self, lambda: self._session.answers.into(folder, message), written)

        Confirm(
            self,
            _("Save this answer as a file?"),
            [_("The copy is not encrypted: whoever can read the folder can read it.")],
            _("Choose a folder…"),
            lambda: choose_folder(self, _("Choose a folder for the copy"), save),
            leave=_("Leave it in"),
        ).open()

    def _link(self, address: QUrl) -> None:
        ask_about_link(address, self._session, self._ops, self)

    def _choose(self, version: int) -> None:
        conversation = self.conversation
        assert conversation is not None
        if self.answering.is_in(conversation):
            self._bar.say(still_answering())
            return

        def chosen() -> list[Message]:
            self._session.choose(version)
            return self._session.transcript(conversation)

        self._ops.run(self, chosen, self._show_branch)

    def _change(self, message: Message, text: str | None = None) -> None:
        """Put an earlier message into the composer; sending makes a further version of it."""
        if not self._changing:
            self._draft_before = self.composer.text
        self._changing = message
        self.composer.set_changing(changing=True)
        self.composer.show_text(message.text if text is None else text)
        self.composer.setFocus()

    def _give_up_change(self) -> None:
        self._end_change()
        self.composer.setFocus()

    def _end_change(self) -> None:
        if self._changing:
            self._changing = None
            self.composer.set_changing(changing=False)
            self.composer.show_text(self._draft_before)
            self._save_draft(self._draft_before)

    def _show_draft(self, draft: str) -> None:
        """Put the draft before what was typed while it was being read."""
        if draft:
            typed = self.composer.text
            self.composer.show_text("\n\n".join(filter(None, (draft, typed))))
            if typed:
                self._save_draft(self.composer.text)

    def _save_draft(self, text: str) -> None:
        if self._changing:  # both are kept: the words being changed, and the draft they displaced
            text = "\n\n".join(filter(None, (text, self._draft_before)))
        conversation = self.conversation

        def saved(_done: None) -> None:
            self._refused.pop(conversation, None)

        def refused(problem: SafeSpaceError) -> None:
            self._refused[conversation] = text
            self._ops.say(problem)

        self._ops.run(self, lambda: self._session.save_draft(conversation, text), saved, refused)


def still_answering() -> Usage:
    """Why something has to wait for the answer that is being written."""
    return Usage(_("An answer is still being written."), _("Wait for it, or stop it first."))
