# SPDX-License-Identifier: AGPL-3.0-or-later
"""One unlocked member at work. Methods block briefly and may be called from any thread."""

import threading
from collections.abc import Mapping
from typing import Final

from safespace.domain import Conversation, Hit, Kind, Level, Message, Reason, Role, Route
from safespace.errors import NeedsConfirm, Usage
from safespace.guard import wording
from safespace.i18n import _
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session import meaning
from safespace.session.at_entrance import AtEntrance
from safespace.session.backing_up import BackingUp
from safespace.session.checks.checks import Checks
from safespace.session.checks.truth import Truth
from safespace.session.documents import Documents
from safespace.session.engagement import Engagement
from safespace.session.exits import Exits
from safespace.session.fetching.room import Fetching
from safespace.session.holder import Handler, Hold
from safespace.session.keys.keys import Keys
from safespace.session.leaving.answers import Answers
from safespace.session.leaving.leaving import Leaving
from safespace.session.limits.agreements import Agreements
from safespace.session.meant import meant, with_meant
from safespace.session.turn import bookmarking, judging, sources
from safespace.session.turn.desk import Desk
from safespace.session.turn.judging import Explanation
from safespace.session.turn.sending import Sending
from safespace.session.turn.tasks import Task, words
from safespace.session.turn.turns import Listener, Question, Turn
from safespace.settings import Scope, Value, find
from safespace.store.backups.erasing import Erased
from safespace.store.keys.wraps import SpaceKey
from safespace.store.rooms.openings import Opening
from safespace.store.spaces import SpaceInfo

_A_MOMENT_S: Final = 5.0
"""So long a lock waits for what was told to end."""


class Session:
    """What a face holds after unlock: conversations, turns, the level, settings, the record.

    `notice` is what the member should know at once, usually nothing. `openings` are the
    earlier ones, the last one first; `backups` those of this space; `truth` tells what was
    noticed about its files, `checks` what is checked and when; `keys` is what opens it,
    `leaving` the way out of it, and `answers` that of one answer; `exits` judges a member's own
    ways out, and `consents` are the topics that may leave unasked; `fetching` gets models.
    `limits` are those it accepted, `wards` the spaces whose limits it signs, `household` what it
    signs for spaces that are begun here, and `heirs` may take over from it; `engagement` is how
    far AI goes, `at_entrance` what it shows while it is locked. `activity` is the record, which a
    face shows only to who proved themselves. What it holds besides conversations is in `notes`,
    `documents`, `memory`, `folders`, and `bin` once deleted; what they tell the assistant in
    `words`. `adapters` are those that lie beside the models; `meaning` finds documents by theirs.
    """

    def __init__(
        self,
        info: SpaceInfo,
        desk: Desk,
        key: SpaceKey,
        hold: Hold,
        openings: tuple[Opening, ...],
        backing_up: BackingUp,
        keys: Keys,
        leaving: Leaving,
        agreements: Agreements,
        at_entrance: AtEntrance,
        told: tuple[str, ...],
    ) -> None:
        self.name = info.name
        self.unlock_ms = key.derivation_ms
        self.guessable = info.guessable
        self.notice = " ".join(filter(None, (_notice(info, key) or backing_up.missing(), *told)))
        self.openings = openings
        self.backups = backing_up
        self.keys = keys
        self.limits = agreements.own
        self.consents = desk.consents
        self.wards = agreements.wards
        self.household = agreements.household
        self.heirs = agreements.heirs
        self.at_entrance = at_entrance
        self.truth = Truth(desk.space, backing_up.kept)
        self.checks = Checks(info.folder, desk.space, self.truth, backing_up, keys.drill)
        self.leaving = leaving
        self.engagement = Engagement(desk, self.stop)
        self.exits = Exits(desk.computer, desk.space.activity)
        self.answers = Answers(desk)
        self.adapters = desk.computer.adapters
        self.fetching = Fetching(desk)
        self._sending = Sending(desk)
        self._desk = desk
        self._space = desk.space
        self.activity = desk.space.activity
        self.notes = desk.space.notes
        self.documents = Documents(desk.space, desk.meaning.wake)
        self.memory = desk.space.memory
        self.words = desk.space.words
        self.folders = desk.space.folders
        self.bin = desk.space.bin
        self._key = key
        self._hold = hold
        self._turn: Turn | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._sweeping = threading.Thread(
            target=self.documents.tend, args=(self._ended.is_set,), name="sweeping", daemon=True
        )
        self._sweeping.start()
        self.meaning = desk.meaning
        self._finding = threading.Thread(
            target=desk.meaning.tend, args=(self._ended.is_set, desk.line.busy), name="finding"
        )
        self._finding.daemon = True
        self._finding.start()

    # Conversations

    def conversations(self) -> list[Conversation]:
        """All of them outside the bin, the last changed first."""
        return self._space.conversations()

    def transcript(self, conversation: int) -> list[Message]:
        """The branch that is shown, first message first."""
        return self._space.branch(conversation)

    def rename(self, conversation: int, title: str) -> None:
        self._space.rename(conversation, title)

    def pin(self, conversation: int, route: Route) -> None:
        """Let a conversation go as far as `route` at most, whatever the level."""
        self._space.pin(conversation, route)

    def delete_conversation(self, conversation: int) -> None:
        """Put it into the bin, where it stays for 30 days."""
        self._space.delete_conversation(conversation)

    def choose(self, message: int) -> None:
        """Show the branch through this version."""
        self._space.choose(message)

    def draft(self, conversation: int | None) -> str:
        """What was typed and not sent; None is the conversation not begun yet."""
        return self._space.draft(conversation)

    def save_draft(self, conversation: int | None, text: str) -> None:
        self._space.save_draft(conversation, text)

    # Search: a person's own words, so at every level; what they mean from level 2 up

    def search(self, text: str, limit: int = 50, kind: Kind | None = None) -> list[Hit]:
        """Where the words of `text` stand in all that the space holds, or in one kind of it.

        All words must be there; the last may be unfinished, and quotation marks keep words
        together. Nothing that is typed is an error. Where documents may be found by what they
        mean, so are they here.
        """
        hits = self._space.search(text, limit, kind)
        if kind not in (None, Kind.DOCUMENT):
            return hits
        return with_meant(hits, meant(self._space, self.meaning.near(text, limit)), limit)

    # Turns

    def ask(
        self,
        conversation: int | None,
        text: str,
        listener: Listener,
        *,
        overridden: bool = False,
        pin: Route = Route.COOP,
        task: Task | None = None,
    ) -> Turn:
        """Ask at the end of the shown branch; None begins a conversation, which may go no
        further than `pin`. `task` is what to do with `text`; None: it says so itself.

        Returns at once; `listener` hears events on the turn's thread. `overridden`: an adult
        wants this model's answer although its card does not cover the question. Raises Usage
        while another answer is being written, or if there is no text.
        """
        _something(text)
        parent = None if conversation is None else self._space.conversation(conversation).leaf
        question = Question(
            words(task, text) if task else text,
            conversation,
            parent,
            overridden=overridden,
            pin=pin,
            typed=text,
            task=task.kind if task else None,
        )
        return self._begin(question, listener)

    def regenerate(self, message: int, listener: Listener, *, overridden: bool = False) -> Turn:
        """Answer a question anew: that of an answer, as a further version, or one without any."""
        asked = self._space.message(message)
        if asked.role is not Role.MEMBER:
            assert asked.parent is not None  # every answer has its question
            asked = self._space.message(asked.parent)
        question = Question(asked.text, asked.conversation, asked=asked, overridden=overridden)
        return self._begin(question, listener)

    def edit(self, message: int, text: str, listener: Listener) -> Turn:
        """Ask a changed question, as a further version; the old branch stays."""
        _something(text)
        old = self._space.message(message)
        if old.role is not Role.MEMBER:
            raise Usage(_("Only your own messages can be changed."))
        question = Question(text, old.conversation, old.parent, typed=text, task=old.task)
        return self._begin(question, listener)

    def _begin(self, question: Question, listener: Listener) -> Turn:
        with self._lock:
            if self._turn is not None:
                raise Usage(
                    _("An answer is still being written."), _("Wait for it, or stop it first.")
                )
            self._turn = Turn(self._desk, self._sending, question, listener, self._turn_ended)
            return self._turn

    def _turn_ended(self) -> None:
        with self._lock:
            self._turn = None

    def stop(self) -> None:
        """Stop the running answer, if there is one."""
        with self._lock:
            turn = self._turn
        if turn:
            turn.stop()

    # Engagement

    def documents_go_along(self) -> bool:
        """Whether a model on this computer reads passages of documents that fit a question."""
        return sources.go_along(self._desk, self.level())

    def level(self) -> Level:
        """The level in force: the member's own, or the highest of their limits if that is lower.

        One that cannot be read, of either, counts as No AI.
        """
        level, limits = self._desk.level(), self.limits.in_force()
        return Level.NO_AI if level is None or limits is None else min(level, limits.highest)

    def set_level(self, level: Level, *, confirmed: bool = False) -> None:
        """Go to `level`: down at once, stopping what runs; up only if `confirmed`.

        Raises NeedsConfirm; StorageError if it cannot be kept, in which case a lower level
        holds until this session ends.
        """
        if level > self.level():
            if not confirmed:
                raise NeedsConfirm(
                    _("Going up a level is a deliberate step."), _("Confirm it to go on.")
                )
            limits = self.limits.in_force()
            if limits is None or level > limits.highest:
                reason = "limits.unknown" if limits is None else "limits.level"
                values = () if limits is None else (("level", str(limits.highest.value)),)
                told = Reason(reason, values)
                raise Usage(wording.sentence(told), wording.way_on(told))
            if not self._desk.raise_to(level):
                self._space.set_level(self.level())  # what came between was lower, and holds
            return
        self._desk.lower(level)
        self._sending.stop()
        self.stop()
        if level < Level.AT_MY_SIDE:
            self.meaning.unload()
        if level is Level.NO_AI:
            self.engagement.cut()
        self._space.set_level(level)

    # Model, settings, record

    def model(self) -> ShelfModel | None:
        """The model that would answer now; None if the shelf has none that can."""
        return judging.model_of(self._desk)

    def models(self) -> list[ShelfModel]:
        """The shelf."""
        return self._desk.computer.shelf.models()

    def get(self, key: str) -> Value:
        """A setting's value in force. Raises Usage for an unknown key."""
        return self._desk.get(key)

    def set(self, key: str, value: Value) -> None:
        """Keep a setting, checked. Raises Usage, StorageError."""
        setting = find(key)
        if setting.scope is Scope.COMPUTER:
            self._desk.computer.settings.set(key, value)
        else:
            self._space.keep_setting(key, setting.check(value))
        if key == bookmarking.SETTING:
            bookmarking.fit(self._desk)
        if key == meaning.SETTING and value == "off":
            self.meaning.forget()
        self.meaning.wake()

    def why(self, answer: int) -> Explanation:
        """Why an answer came as it did, and what would have taken the question further."""
        message = self._space.message(answer)
        assert message.mark  # every answer has one
        return judging.explain(self._desk, message, self.documents.quoted(message.mark))

    def listen(self, handlers: Mapping[str, Handler]) -> None:
        """Let other programs of this account knock, until `close`."""
        self._hold.serve(self._key.key, handlers)

    def erase(self, present: str) -> Erased:
        """Close this space, and destroy it and its backups for ever. `present` is the
        passphrase or the recovery code.

        Raises WrongPassphrase, WaitFirst, and the space stays open; StorageError.
        """
        self.leaving.prove(present)
        self.close()
        return self.leaving.erase(present)

    def close(self) -> None:
        """Stop what runs, end the worker, close the space, let another process have it."""
        self._sending.close()
        self.fetching.close()
        self.stop()
        with self._lock:
            turn = self._turn
        if turn:
            turn.wait(_A_MOMENT_S)
        self.engagement.cut()
        self._ended.set()
        self.meaning.close()
        self._finding.join(_A_MOMENT_S)  # it may be reading a large file for its digest
        self.documents.close()
        self._sweeping.join()
        self.truth.end()
        self.backups.end()
        self.leaving.end()
        self._space.close()
        self._hold.release()


def _something(text: str) -> None:
    if not text.strip():
        raise Usage(_("There is nothing to ask yet."), _("Type a question first."))


def _notice(info: SpaceInfo, key: SpaceKey) -> str:
    guessable = _(
        "Your passphrase can be guessed: this space is not sealed against people who use this"
        " account. You choose a stronger one under Settings, Keys and recovery."
    )
    said = [guessable] if info.guessable else []
    return " ".join([_mended(key.mended), *said] if key.mended else said)


def _mended(copy: str) -> str:
    return _(
        "{copy} of this space was damaged, and was written anew from its intact copy."
        " Make a copy of the space's folder soon: the disk may be failing."
    ).format(copy=copy)
