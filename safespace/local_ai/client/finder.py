# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model that makes vectors of texts, in a worker process of its own beside the one that answers.

One text or batch at a time; what is asked for a question has those that are made in the
background broken off.
"""

import threading
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from safespace import paths
from safespace.local_ai.client.child import Child, worker_command
from safespace.local_ai.client.faults import explain
from safespace.local_ai.machine import Machine, this_machine
from safespace.local_ai.protocol import Cancel, Embed, Embedded, Failed, Frame, Load, Reply
from safespace.local_ai.shelf.fit import check_fits, most


class Finder:
    """Any thread. Models are read from the folder `models` alone; None: the shelves here."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        threads: int = 0,
        models: Path | None = None,
        machine: Callable[[], Machine] = this_machine,
    ) -> None:
        shelves = (models,) if models else (paths.shelf(), paths.shared_shelf())
        self._command = tuple(command or worker_command(*shelves))
        self._threads = threads
        self._machine = machine
        self._numbers = count(1)
        self._asking = threading.Lock()  # one at a time talks with the child
        self._lock = threading.Lock()  # guards all below; never held while waiting
        self._child: Child | None = None
        self._model: Path | None = None
        self._running: int | None = None
        self._urgent = 0
        self._closed = 0

    @property
    def closed(self) -> int:
        """How often it was closed: who asked before whether a model may be loaded asks anew."""
        return self._closed

    def vectors(
        self,
        model: Path,
        texts: Sequence[str],
        *,
        urgent: bool = False,
        closed: int | None = None,
    ) -> list[bytes] | None:
        """One for each text, as `protocol.Embedded` has them. None if it was broken off: by
        `hush` or `close`, or by what is urgent where this is not; or if it was closed more often
        than `closed`, where that is given: then nothing is loaded.

        Raises ModelDamaged, ModelTooBig, StorageError, WorkerDied.
        """
        if urgent:
            with self._lock:
                self._urgent += 1
            self.hush()
        try:
            with self._asking:
                return self._vectors(model, texts, closed, urgent=urgent)
        finally:
            if urgent:
                with self._lock:
                    self._urgent -= 1

    def hush(self) -> None:
        """Break off what is being computed."""
        with self._lock:
            child, number = self._child, self._running
        if child and number is not None:
            child.send(Frame(number, Cancel()))

    def close(self) -> None:
        """Put the model out of memory, and end what computes. May be called twice."""
        with self._lock:
            self._closed += 1
            child, self._child = self._child, None
        if child:
            child.end()

    def _vectors(
        self, model: Path, texts: Sequence[str], closed: int | None, *, urgent: bool
    ) -> list[bytes] | None:
        child = self._ready(model, closed)
        if child is None:
            return None
        number = next(self._numbers)
        with self._lock:
            if self._child is not child or (self._urgent and not urgent):
                return None
            self._running = number
        try:
            child.send(Frame(number, Embed(tuple(texts))))
            reply = self._reply(child, number)
        finally:
            with self._lock:
                self._running = None
        if not isinstance(reply, Embedded):
            return None
        made, child.behind = child.behind, b""
        if not reply.width or len(made) != reply.width * len(texts):
            return None
        return [made[start : start + reply.width] for start in range(0, len(made), reply.width)]

    def _ready(self, model: Path, closed: int | None) -> Child | None:
        """The child, with `model` loaded in it, unless it is closed meanwhile; None if it was
        closed more often than `closed`.
        """
        with self._lock:
            if closed not in (None, self._closed):
                return None
            child = self._child
            if child and child.alive and self._model == model:
                return child
            self._child = self._model = None
        if child:
            child.end()
        check_fits(model, self._machine())
        child = Child(self._command)
        with self._lock:
            late = closed not in (None, self._closed)
            self._child = None if late else child
        if late:
            child.end()
            return None
        child.allow_memory(most(model), model.stat().st_size)
        number = next(self._numbers)
        child.send(Frame(number, Load(str(model), self._threads, finds=True)))
        if self._reply(child, number):
            with self._lock:
                self._model = model
        return child

    def _reply(self, child: Child, number: int) -> Reply | None:
        """What it answers; None if it was closed meanwhile. Raises what went wrong."""
        while (received := child.receive()) is not None:
            of, reply = received
            if of == number:
                if isinstance(reply, Failed):
                    raise explain(reply)
                return reply
        with self._lock:
            if self._child is not child:
                return None
            self._child = None
        raise child.explain()
