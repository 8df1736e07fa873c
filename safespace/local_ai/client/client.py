# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parent's side: an Engine whose model runs in a worker process."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from safespace import paths
from safespace.errors import EngineError
from safespace.local_ai import graphics
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.client.child import Child, worker_command
from safespace.local_ai.client.faults import explain, unloaded
from safespace.local_ai.engine import Adapter, Begun, ChatTurn, Done, Event, Generation, Text
from safespace.local_ai.machine import Card, Machine, this_machine
from safespace.local_ai.protocol import (
    MAX_CHARACTERS,
    Cancel,
    Describe,
    Described,
    Failed,
    Frame,
    Keep,
    Kept,
    Load,
    Loaded,
    Piece,
    Recall,
    Recalled,
    Reply,
    Request,
)
from safespace.local_ai.shelf.fit import check_fits, most

Answer = TypeVar("Answer", Described, Kept, Recalled)

_GRACE_S: Final = 2.0
"""How long a stopped generation may go on before its process is ended."""


@dataclass(slots=True)
class _Job:
    """A generation on its way, from the call to its last event."""

    number: int
    stopping: bool = False
    settled: threading.Event = field(default_factory=threading.Event)


class WorkerEngine:
    """An `Engine` over a child process, which is started when needed and again after it died.

    Models are read from the folder `models` alone; None: the shelves of this computer. `threads` 0
    means as many as turn out best for the model while it answers (`pace`); `calibration` keeps
    that for the next start. `cards`: graphics cards may be used, where llama.cpp can.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        threads: int = 0,
        models: Path | None = None,
        machine: Callable[[], Machine] = this_machine,
        calibration: Calibration | None = None,
        *,
        cards: bool = False,
    ) -> None:
        self._shelves = (models,) if models else (paths.shelf(), paths.shared_shelf())
        self._command = tuple(command or ())
        self._cards = cards and bool(graphics.built_for())
        self._seen: tuple[Card, ...] | None = None  # by the child, before it loaded anything
        self._crowded = False  # and nobody was told yet
        self._threads = threads
        self._calibration = calibration
        self._machine = machine
        self._numbers = count(1)
        self._lock = threading.Lock()  # guards all below; never held while waiting
        self._child: Child | None = None
        self._in_child: Path | None = None
        self._model: Path | None = None
        self._adapter: Adapter | None = None
        self._worn: Adapter | None = None  # by what is in the child
        self._job: _Job | None = None
        self._life = 0
        self._build = ""

    def start(self) -> None:
        """Start the process ahead of its first use; loads no model, waits for nothing."""
        with self._lock:
            self._started()

    def about(self) -> Described:
        """What computes, between which walls, from a worker that starts. Raises WorkerDied."""
        with self._lock:
            child = self._started()
        return self._asked(child, Describe(), Described)

    def load(self, model: Path, adapter: Adapter | None = None) -> None:
        """Make `model` the one that answers, changed by `adapter`; nothing to do if it already is.

        Raises ModelDamaged, ModelTooBig, StorageError, WorkerDied.
        """
        with self._lock:
            loaded = model == self._model == self._in_child and adapter == self._worn
            if loaded and self._child and self._child.alive:
                return
        check_fits(model, replace(self._machine(), cards=self._cards_seen()))
        with self._lock:
            self._model, self._adapter = model, adapter
        try:
            self._ready(model, next(self._numbers))
        except EngineError:
            with self._lock:
                self._model = None
            raise

    def generate(self, request: Generation) -> Iterator[Event]:
        """Answer `request`: Begun, any number of Text, Done.

        Leaving the iterator early stops the generation. Raises NoModel where none is loaded,
        MessageTooLong before the first Text, WorkerDied at any time (the next call works again).
        """
        job = _Job(next(self._numbers))
        begun = Begun(0, 0)
        with self._lock:
            model, self._job = self._model, job
        try:
            if model is None:
                raise unloaded()
            child = self._ready(model, job.number)
            if job.stopping:
                yield _stopped(0)
                return
            turns, dropped, scale = _sendable(request.turns, len(request.beside))
            child.send(Frame(job.number, replace(request, turns=turns)))
            with closing(self._replies(child, job)) as replies:
                for event in replies:
                    if isinstance(event, Begun):
                        begun = replace(
                            event,
                            turns_left_out=event.turns_left_out + dropped,
                            crowded=event.crowded or self._crowded,
                        )
                        self._crowded = False
                        yield begun
                    elif isinstance(event, Failed):
                        raise explain(event, request.turns[-1].text, scale)
                    else:
                        if isinstance(event, Done):
                            self._learn(model, begun, event)
                        yield event
        finally:
            with self._lock:
                self._job = None
            job.settled.set()

    @property
    def build(self) -> str:
        """What computes. Raises WorkerDied."""
        if not self._build:
            self._build = self.about().backend
        return self._build

    @property
    def life(self) -> int:
        """Another number when what it had read of conversations is gone."""
        with self._lock:
            alive = self._child is not None and self._child.alive and self._in_child is not None
            return self._life if alive else -1

    def keep(self) -> tuple[int, bytes]:
        """What was made of the conversation answered last, and of how many tokens."""
        with self._lock:
            child, model = self._child, self._in_child
        if child is None or model is None:
            return 0, b""
        kept = self._asked(child, Keep(), Kept)
        state, child.behind = child.behind, b""
        return (kept.tokens, state) if kept.size == len(state) else (0, b"")

    def recall(self, state: bytes) -> int:
        """Have what `keep` gave back serve again: the tokens that need not be read anew."""
        with self._lock:
            model = self._model
        if model is None:
            raise unloaded()
        child = self._ready(model, next(self._numbers))
        return self._asked(child, Recall(len(state)), Recalled, state).tokens

    def stop(self) -> None:
        """End the running generation soon; its iterator still yields Done. Any thread."""
        with self._lock:
            child, job = self._child, self._job
            if job is None or job.stopping:
                return
            job.stopping = True
        if child is not None:
            threading.Thread(target=_end_in_stages, args=(child, job), daemon=True).start()

    def close(self) -> None:
        """Unload the model and end whatever computes. Any thread; may be called twice."""
        with self._lock:
            child, self._child = self._child, None
            self._model = self._in_child = None
            if self._job is not None:
                self._job.stopping = True
        if child is not None:
            child.end()

    def _started(self) -> Child:
        """The living child; with the lock held."""
        if self._child is not None and not self._child.alive:
            self._child.end()
            self._child = None
        if self._child is None:
            command = self._command or worker_command(*self._shelves, cards=self._cards)
            self._child, self._in_child, self._seen = Child(command), None, None
        return self._child

    def _ready(self, model: Path, number: int, *, fresh: bool = False) -> Child:
        """The child, with `model` loaded in it.

        One that cannot read the file may be older than the shelf, or than the disk it lies on:
        its walls let it read what was there when it began. So a `fresh` one tries.
        """
        with self._lock:
            if self._model != model:
                raise unloaded()
            child = self._started()
            adapter = self._adapter
            if self._in_child == model and self._worn == adapter:
                return child
            self._in_child = None
        known = self._calibration.of(model) if self._calibration else None
        begin = known.threads if known else 0
        worn = (str(adapter.file), adapter.strength) if adapter else ()
        child.allow_memory(most(model) + (_size(adapter.file) if adapter else 0), _size(model))
        child.send(Frame(number, Load(str(model), self._threads, begin, *worn)))
        while (received := child.receive()) is not None:
            of, reply = received
            if of == number and isinstance(reply, Failed):
                if reply.fault == "unreadable" and not fresh:
                    child.end()  # and `_started` makes another
                    return self._ready(model, number, fresh=True)
                raise explain(reply)
            if of == number and isinstance(reply, Loaded):
                with self._lock:
                    self._in_child, self._worn = model, adapter
                    self._life += 1
                return child
        with_cards, problem = self._cards, self._mourn(child)
        if with_cards and not self._cards:
            return self._ready(model, number)
        raise problem

    def _cards_seen(self) -> tuple[Card, ...]:
        """The graphics cards that models are put on, as they were before one was. Raises
        WorkerDied.
        """
        if not self._cards:
            return ()
        with self._lock:
            child = self._started()
        if self._seen is None:
            self._seen = self._asked(child, Describe(), Described).cards
        return self._seen

    def _asked(
        self, child: Child, request: Request, kind: type[Answer], behind: bytes = b""
    ) -> Answer:
        """The one reply to a request that has no other. Raises WorkerDied."""
        number = next(self._numbers)
        child.send(Frame(number, request), behind)
        while (received := child.receive()) is not None:
            if received[0] == number and isinstance(received[1], kind):
                return received[1]
        raise self._mourn(child)

    def _replies(self, child: Child, job: _Job) -> Generator[Event | Failed, None, None]:
        """What the child answers to `job`, to its end: left early, it is stopped and waited for."""
        tokens = 0
        running = True
        try:
            while running:
                received = child.receive()
                if received is None:
                    running = False
                    problem = self._mourn(child)
                    if not job.stopping:
                        raise problem
                    yield _stopped(tokens)
                    return
                number, reply = received
                if number != job.number:
                    continue
                running = not isinstance(reply, Done | Failed)
                if isinstance(reply, Piece):
                    tokens = reply.tokens
                    yield Text(reply.text)
                elif isinstance(reply, Begun | Done | Failed):
                    yield reply
        finally:
            if running:
                self.stop()
                while running:
                    received = child.receive()
                    running = received is not None and not _ends(received, job.number)

    def _learn(self, model: Path, begun: Begun, done: Done) -> None:
        if self._calibration and not self._threads and done.threads and done.tokens_per_s:
            self._calibration.note(
                *(model, done.threads, done.tokens_per_s, begun.on_card),
                whole=begun.on_card > begun.layers,
            )

    def _mourn(self, child: Child) -> EngineError:
        """Let go of a dead child; why it died, or that it was unloaded."""
        with self._lock:
            closed = self._child is not child
            if not closed:
                self._child = self._in_child = None
        if closed:
            return unloaded()
        problem = child.explain()
        if self._cards and child.faulted:  # perhaps by a card's driver: it does without from now on
            self._cards, self._crowded = False, True
        return problem


def found_cards(*, wanted: bool) -> tuple[Card, ...]:
    """The graphics cards that a worker finds; none where they are not wanted, or llama.cpp was
    not built for any, or where its start fails, which is another's to report.
    """
    if not wanted or not graphics.built_for():
        return ()
    engine = WorkerEngine(cards=True)
    try:
        return engine.about().cards
    except EngineError:
        return ()
    finally:
        engine.close()


def _end_in_stages(child: Child, job: _Job) -> None:
    """Ask the child to stop; one that does not listen is ended, in the end by force."""
    last_resort = threading.Timer(_GRACE_S, child.end)
    last_resort.daemon = True
    last_resort.start()
    child.send(Frame(job.number, Cancel()))  # blocks if it does not even read
    job.settled.wait()
    last_resort.cancel()


def _ends(received: tuple[int, Reply], number: int) -> bool:
    return received[0] == number and isinstance(received[1], Done | Failed)


def _stopped(tokens: int) -> Done:
    return Done(tokens, 0.0, 0.0, "stopped")


def _sendable(turns: Sequence[ChatTurn], beside: int) -> tuple[tuple[ChatTurn, ...], int, float]:
    """The turns cut to what a frame holds `beside` so many other characters: with how many of
    the oldest dropped, and by what factor the last was cut. No context holds as much: this only
    keeps giants off the pipe.
    """
    last = turns[-1]
    kept = turns[-1].text[: MAX_CHARACTERS // 2]
    scale = len(last.text) / len(kept) if kept else 1.0
    system = tuple(turn for turn in turns[:1] if turn.role == "system" and turn is not last)
    history = list(turns[len(system) : -1])
    room = MAX_CHARACTERS - beside - len(kept) - sum(len(turn.text) for turn in system)
    while history and sum(len(turn.text) for turn in history) > room:
        del history[0]
    dropped = len(turns) - 1 - len(system) - len(history)
    return (*system, *history, replace(last, text=kept)), dropped, scale


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # the worker says that it is gone
