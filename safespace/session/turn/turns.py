# SPDX-License-Identifier: AGPL-3.0-or-later
"""A turn: from a question to an answer, decided and recorded before a model sees a word."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from safespace.domain import (
    Condition,
    Level,
    Limits,
    Mark,
    Message,
    Reason,
    Role,
    Route,
    Speed,
    TaskKind,
)
from safespace.errors import EngineError, Known, NoModel, SafeSpaceError, StorageError
from safespace.guard.deciding.decision import Decision, decide
from safespace.local_ai import engine
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.checks import bugs
from safespace.session.turn import events, history, judging, tasks
from safespace.session.turn.bookmarking import Bookmarking
from safespace.session.turn.briefing import Briefing, brief
from safespace.session.turn.desk import Desk
from safespace.session.turn.held_back import HeldBack
from safespace.session.turn.judging import Staying
from safespace.session.turn.kept_answer import KeptAnswer
from safespace.session.turn.recording import Judged, entry_of
from safespace.session.turn.sending import Outward, Sending
from safespace.session.turn.sent import Sent
from safespace.store.rooms.activity import Outcome

Listener = Callable[[events.Event], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and where in the tree. `asked` is set when the message is saved already.

    `pin`: how far a conversation that begins with it may go. `typed` is what of it the member
    wrote, `task` what they chose to have done with that.
    """

    text: str
    conversation: int | None
    parent: int | None = None
    asked: Message | None = None
    overridden: bool = False
    pin: Route = Route.COOP
    typed: str = ""
    task: TaskKind | None = None


class Turn:
    """A running turn. The listener is called on the turn's own thread."""

    def __init__(
        self,
        desk: Desk,
        sending: Sending,
        question: Question,
        listener: Listener,
        ended: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._sending = sending
        self._sent: Sent | None = None
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
            if self._sent:
                self._sent.stop()
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
        try:
            self._note(last)
        finally:  # or no other question could ever be asked
            self._ended()
            self._tell(last)

    def _turn(self) -> events.Event:
        asked = self._save_question()
        if card := self._desk.computer.distress.card_for(asked.text, self._desk.computer.country):
            self._tell(events.HelpLines(card))
        desk = self._desk
        path = desk.space.path(asked.id)
        page = self._desk.computer.pages.find(asked.text)
        elsewhere = None if page else self._ask_elsewhere(asked, path)
        if elsewhere is not None and not isinstance(elsewhere, Staying):
            return elsewhere
        model, trouble = self._model()
        judged = judging.judge_here(
            desk, path, model, overridden=self._question.overridden, staying=elsewhere
        )
        facts = judged.facts
        decision = decide(facts)
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
        briefing, adapter = brief(desk, path, facts), desk.adapter()
        mark = Mark(
            decision.route,
            facts.model_name,
            decision.decisive,
            recorded,
            tuple(sorted(decision.obligations)),
            adapter=adapter.file.stem if adapter else None,
            memory=briefing.memory,
            instructed=briefing.instructed,
            sources=briefing.sources,
            sought=briefing.sought,
        )
        with desk.line.turn(
            lambda: self._tell(events.Waiting()),
            self._stopped.is_set,
            lambda: self._tell(events.PassingBy()),
        ):
            desk.meaning.hush()
            return self._generate(path, model, adapter, mark, briefing, facts.limits)

    def _ask_elsewhere(
        self, asked: Message, path: Sequence[Message]
    ) -> events.Event | Staying | None:
        """The cooperative's answer, or why the task stays here; None: no cooperative is joined."""
        try:
            outward = self._sending.outward(path, overridden=self._question.overridden)
        except StorageError:  # what cannot be got ready stays here
            return Staying(frozenset({Condition.STAGES}))
        if not isinstance(outward, Outward):
            return outward
        facts = outward.judged.facts
        self._tell(events.Decided(outward.decision, recorded=True))
        sent = Sent(self._desk.space, self._sending, outward, self._tell)
        with self._ending:
            self._sent = sent
        if self._stopped.is_set():
            sent.stop()
        judge = judging.judge_of_answers(self._desk, history.prompt(path), facts.limits)
        try:
            return sent.answer(asked, judge) or Staying(frozenset({Condition.DECLINED}))
        finally:
            self._answer = sent.kept
            with self._ending:
                self._sent = None

    def _save_question(self) -> Message:
        question, space = self._question, self._desk.space
        if question.asked:
            asked = question.asked
        elif question.conversation is None:
            asked = space.begin_with(
                history.title(tasks.subject(question.task, question.typed)),
                question.text,
                route=question.pin,
                task=question.task,
                typed=question.typed,
            )
        else:
            asked = space.add_message(
                *(question.conversation, question.parent, Role.MEMBER, question.text),
                task=question.task,
            )
        self._tell(events.Asked(asked, space.conversation(asked.conversation)))
        return asked

    def _model(self) -> tuple[ShelfModel | None, Known | None]:
        """The model that would answer, or what is wrong with it."""
        try:
            return self._desk.model(), None
        except NoModel as missing:  # the chosen one, or every one
            return None, missing if self._desk.get("assistant.model") else None
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
        self,
        path: Sequence[Message],
        model: ShelfModel,
        adapter: engine.Adapter | None,
        mark: Mark,
        briefing: Briefing,
        limits: Limits | None,
    ) -> events.Event:
        desk, asked = self._desk, path[-1]
        answer = KeptAnswer(desk.space, asked, mark)
        if self._stopped.is_set():
            return events.Answered(answer.keep(partial=True))
        self._tell(events.Preparing(model.name))
        request = engine.Generation(
            turns=history.prompt(path, briefing.first),
            beside=briefing.beside,
            max_tokens=desk.answer_tokens(),
            temperature=desk.temperature(),
            top_p=desk.top_p(),
            repeat_penalty=desk.repeat_penalty(),
            seed=secrets.randbits(31),  # asked again, it answers otherwise
        )
        held = HeldBack(judging.judge_of_answers(desk, request.turns, limits, request.beside))
        done: engine.Done | None = None
        begun = time.monotonic()
        try:
            self._loading = True
            desk.engine.load(model.path, adapter)
            self._loading = False
            if self._stopped.is_set():  # perhaps before there was a model to stop
                return events.Answered(answer.keep(partial=True))
            desk.limits.note_use(0)
            bookmarking = Bookmarking(desk, asked.conversation, model, adapter, briefing.forgotten)
            bookmarking.open()
            read = 0
            for event in desk.engine.generate(request):
                if self._stopped.is_set():
                    desk.engine.stop()
                if isinstance(event, engine.Text):
                    self._show(held.add(event.text), answer)
                elif isinstance(event, engine.Done):
                    done = event
                else:
                    read = event.prompt_tokens
                    if event.turns_left_out:
                        self._tell(events.LeftOut(event.turns_left_out))
                    if event.crowded:
                        self._tell(events.Crowded(event.on_card, event.layers))
                if held.reason:
                    break
            self._show(held.end(), answer)
            assert done is not None or held.reason  # an engine's last event
            if done and not held.reason:
                self._answer = answer.keep(partial=done.ended != "complete")
                if not self._stopped.is_set():
                    bookmarking.keep(read + done.tokens)
        except Known:
            self._keep_so_far(answer)
            if self._stopped.is_set() and self._answer:  # a closed engine is no failure then
                return events.Answered(self._answer)
            raise
        except Exception:  # a defect of ours costs nobody what was on their screen
            with suppress(SafeSpaceError):
                self._keep_so_far(answer)
            raise
        finally:
            with suppress(StorageError):
                desk.limits.note_use(time.monotonic() - begun)
            if desk.level() in (None, Level.NO_AI):  # gone down to while the model was loading
                desk.engine.close()
        if held.reason:
            self._answer = answer.withhold(replace(mark, reasons=(held.reason,)))
            return events.Answered(self._answer)
        assert done
        assert self._answer
        return events.Answered(self._answer, Speed(done.tokens, done.ttft_ms, done.tokens_per_s))

    def _keep_so_far(self, answer: KeptAnswer) -> None:
        """Of an answer that broke off; a whole one is kept already. Raises StorageError."""
        if self._answer is None and (answer.text or self._stopped.is_set()):
            self._answer = answer.keep(partial=True)

    def _show(self, words: str, answer: KeptAnswer) -> None:
        if words:
            answer.add(words)
            self._tell(events.Words(words))
