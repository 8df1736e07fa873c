# SPDX-License-Identifier: AGPL-3.0-or-later
"""A turn: from a question to an answer, decided and recorded before a model sees a word."""

import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from safespace.domain import Level, Limits, Mark, Message, Reason, Role, Route, Speed
from safespace.errors import EngineError, Known, NoModel, SafeSpaceError, StorageError
from safespace.guard.decision import Decision, decide
from safespace.local_ai import engine
from safespace.local_ai.shelf import ShelfModel
from safespace.session import bugs, events, history, judging
from safespace.session.desk import Desk
from safespace.session.held_back import HeldBack
from safespace.session.recording import Judged, entry_of
from safespace.store.activity import Outcome
from safespace.store.space import Space

Listener = Callable[[events.Event], None]

_KEEP_EVERY_S: Final = 2.0
"""How much of a running answer a crash may cost, in seconds."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and where in the tree. `asked` is set when the message is saved already."""

    text: str
    conversation: int | None
    parent: int | None = None
    asked: Message | None = None
    overridden: bool = False


class Turn:
    """A running turn. The listener is called on the turn's own thread."""

    def __init__(
        self, desk: Desk, question: Question, listener: Listener, ended: Callable[[], None]
    ) -> None:
        self._desk = desk
        self._question = question
        self._tell = listener
        self._ended = ended
        self._stopped = threading.Event()
        self._over = False
        self._loading = False
        self._ending = threading.Lock()  # a late stop must not reach the turn after this one
        self._answer: Message | None = None
        self._entry: int | None = None
        self._thread = threading.Thread(target=self._run, name="turn", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the answer soon; what came until then is kept. Any thread; after the end: nothing."""
        with self._ending:
            if self._over:
                return
            self._stopped.set()
            if self._loading:
                self._desk.engine.close()  # a large model loads for long, and knows no stop
            else:
                self._desk.engine.stop()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; False if it is still running. Not from the turn's own thread."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        last: events.Event
        try:
            last = self._turn()
        except Known as problem:
            last = events.Failed(problem, self._answer)
        except Exception as defect:  # noqa: BLE001 - the one place where a turn's bugs end
            last = events.Failed(bugs.keep(defect), self._answer)
        with self._ending:
            self._over = True
        self._note(last)
        self._ended()
        self._tell(last)

    def _turn(self) -> events.Event:
        asked = self._save_question()
        if card := self._desk.computer.distress.card_for(asked.text, self._desk.computer.country):
            self._tell(events.HelpLines(card))
        desk = self._desk
        model, trouble = self._model()
        path = desk.space.path(asked.id)
        judged = judging.judge(desk, path, model, overridden=self._question.overridden)
        facts = judged.facts
        decision = decide(facts)
        page = self._desk.computer.pages.find(asked.text)
        if page:
            reason = Reason("help.page", (("page", page.title),))
            decision = replace(decision, route=Route.HUMAN, decisive=(reason,))
        recorded = self._record(judged, decision)
        if trouble and [reason.code for reason in decision.decisive] == ["model.none"]:
            raise trouble  # says more than that there is no model
        self._tell(events.Decided(decision, recorded))
        if decision.route is Route.HUMAN:
            text = page.text if page else ""
            anyway = decide(replace(facts, overridden=True)).route is not Route.HUMAN
            mark = Mark(
                Route.HUMAN,
                None,
                decision.decisive,
                recorded,
                overridable=anyway and page is None,
            )
            self._answer = self._desk.space.add_message(
                asked.conversation, asked.id, Role.SAFESPACE, text, mark=mark
            )
            return events.Answered(self._answer)
        assert model is not None  # the guard caps at human without one
        mark = Mark(
            decision.route,
            facts.model_name,
            decision.decisive,
            recorded,
            tuple(sorted(decision.obligations)),
        )
        return self._generate(asked, model, mark, facts.limits)

    def _save_question(self) -> Message:
        question, space = self._question, self._desk.space
        asked = question.asked
        if asked is None:
            conversation = question.conversation
            if conversation is None:
                conversation = space.new_conversation(history.title(question.text)).id
            asked = space.add_message(conversation, question.parent, Role.MEMBER, question.text)
            if question.conversation is None:
                with suppress(StorageError):  # the question is saved, and that is what counts
                    if space.draft(None).strip() == question.text.strip():  # else it is another one
                        space.save_draft(None, "")
        self._tell(events.Asked(asked, space.conversation(asked.conversation)))
        return asked

    def _model(self) -> tuple[ShelfModel | None, Known | None]:
        """The model that would answer, or what is wrong with it."""
        try:
            return self._desk.model(), None
        except NoModel:
            return None, None
        except (EngineError, StorageError) as trouble:
            return None, trouble

    def _record(self, judged: Judged, decision: Decision) -> bool:
        """Record what was decided; a local answer goes on without, and says so."""
        entry, seen = entry_of(judged, decision, datetime.now(UTC))
        try:
            self._entry = self._desk.space.activity.record(entry, seen)
        except StorageError:
            return False
        return True

    def _note(self, last: events.Event) -> None:
        """Add to the record how it ended, if there is a record to add to."""
        if self._entry is None:
            return
        if isinstance(last, events.Failed):
            outcome = Outcome.FAILED
        elif self._stopped.is_set():
            outcome = Outcome.STOPPED
        elif self._answer and self._answer.role is Role.SAFESPACE:
            outcome = Outcome.HANDED_BACK
        else:
            outcome = Outcome.ANSWERED
        with suppress(SafeSpaceError):  # the turn ends all the same
            self._desk.space.activity.end(self._entry, outcome)

    def _generate(
        self, asked: Message, model: ShelfModel, mark: Mark, limits: Limits | None
    ) -> events.Event:
        desk = self._desk
        answer = _Answer(desk.space, asked, mark)
        if self._stopped.is_set():
            return events.Answered(answer.keep(partial=True))
        self._tell(events.Preparing(model.name))
        request = engine.Generation(
            turns=history.prompt(desk.space.path(asked.id)),
            max_tokens=desk.answer_tokens(),
            temperature=desk.temperature(),
            seed=secrets.randbits(31),  # asked again, it answers otherwise
        )
        held = HeldBack(judging.judge_of_answers(desk, request.turns, limits))
        done: engine.Done | None = None
        begun = time.monotonic()
        try:
            self._loading = True
            desk.engine.load(model.path)
            self._loading = False
            if self._stopped.is_set():  # perhaps before there was a model to stop
                return events.Answered(answer.keep(partial=True))
            desk.limits.note_use(0)
            for event in desk.engine.generate(request):
                if self._stopped.is_set():
                    desk.engine.stop()
                if isinstance(event, engine.Text):
                    self._show(held.add(event.text), answer)
                elif isinstance(event, engine.Done):
                    done = event
                elif event.turns_left_out:
                    self._tell(events.LeftOut(event.turns_left_out))
                if held.reason:
                    break
            self._show(held.end(), answer)
        except Known:
            if answer.text or self._stopped.is_set():
                self._answer = answer.keep(partial=True)
            if self._stopped.is_set() and self._answer:  # a closed engine is no failure then
                return events.Answered(self._answer)
            raise
        finally:
            with suppress(StorageError):
                desk.limits.note_use(time.monotonic() - begun)
            if desk.level() in (None, Level.NO_AI):  # gone down to while the model was loading
                desk.engine.close()
        if held.reason:
            return events.Answered(self._withheld(asked, answer, held.reason))
        assert done is not None  # an engine's last event
        self._answer = answer.keep(partial=done.ended != "complete")
        return events.Answered(self._answer, Speed(done.tokens, done.ttft_ms, done.tokens_per_s))

    def _show(self, words: str, answer: "_Answer") -> None:
        if words:
            answer.add(words)
            self._tell(events.Words(words))

    def _withheld(self, asked: Message, answer: "_Answer", reason: Reason) -> Message:
        """What passed of an answer whose rest is not shown; without anything, why."""
        answer.mark = replace(answer.mark, reasons=(reason,))
        if answer.text:
            self._answer = answer.keep(partial=True)
        else:
            self._answer = self._desk.space.add_message(
                asked.conversation, asked.id, Role.SAFESPACE, "", mark=answer.mark
            )
        return self._answer


class _Answer:
    """An answer on its way into the store: kept now and then, so that a crash costs little."""

    def __init__(self, space: Space, asked: Message, mark: Mark) -> None:
        self.text = ""
        self._space = space
        self._asked = asked
        self.mark = mark
        self._message: Message | None = None
        self._kept_at = time.monotonic()

    def add(self, text: str) -> None:
        self.text += text
        if time.monotonic() - self._kept_at > _KEEP_EVERY_S:
            with suppress(StorageError):  # the end tries again, and says so
                self.keep(partial=True)

    def keep(self, *, partial: bool) -> Message:
        self._kept_at = time.monotonic()
        if self._message is None:
            self._message = self._space.add_message(
                self._asked.conversation,
                self._asked.id,
                Role.MODEL,
                self.text,
                partial=partial,
                mark=self.mark,
            )
        else:
            self._message = self._space.update_message(
                self._message.id, self.text, partial=partial, mark=self.mark
            )
        return self._message
