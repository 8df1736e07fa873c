# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one thread that touches an open database; everyone else hands it work and waits."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Concatenate, Final, ParamSpec, TypeVar

from safespace.errors import SafeSpaceError, SpaceError
from safespace.i18n import _
from safespace.store.connection import Database

P = ParamSpec("P")
T = TypeVar("T")

QUIET_S: Final = 2.0
"""After so many seconds without work, the write-ahead log moves into the database."""
LATEST_S: Final = 30.0
"""After so many seconds it does, though there is work."""
LONGEST_LOG: Final = 4 << 20
"""And when it is longer than so many bytes."""


class OwnerThread:
    """Opens a database on a thread of its own and lets nothing else near it."""

    def __init__(self, opening: Callable[[], Database]) -> None:
        """Blocks until `opening` is done; raises what it raises, and the thread is gone."""
        self._tasks: SimpleQueue[Callable[[Database], None] | None] = SimpleQueue()
        self._closing = Lock()
        self._closed = False
        opened: Future[None] = Future()
        # A daemon, so that a fault elsewhere cannot leave the process, and its key, behind.
        self._thread = Thread(
            target=self._own, args=(opening, opened), name="space-owner", daemon=True
        )
        self._thread.start()
        try:
            opened.result()
        except BaseException:
            self.close()
            raise

    def do(self, work: Callable[Concatenate[Database, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run `work` as one transaction and return what it returns, once that is on the disk.

        Any thread. Raises what `work` raises, having changed nothing; SpaceError once closed.
        """

        def in_one(database: Database) -> T:
            with database.transaction():
                return work(database, *args, **kw)

        return self.alone(in_one)

    def alone(self, work: Callable[[Database], T]) -> T:
        """As `do`, but outside a transaction, for what SQLite does in none."""
        outcome: Future[T] = Future()

        def task(database: Database) -> None:
            try:
                result = work(database)
            except BaseException as problem:  # noqa: BLE001 - raised again where it was asked for
                outcome.set_exception(problem)
            else:
                outcome.set_result(result)

        self._put(task)
        return outcome.result()

    def settle(self) -> None:
        """Move the write-ahead log into the database now. What fails is tried again when quiet.

        Any thread. Raises SpaceError once closed.
        """
        done: Future[None] = Future()

        def task(database: Database) -> None:
            with suppress(SafeSpaceError):
                database.settle()
            done.set_result(None)

        self._put(task)
        done.result()

    def close(self) -> None:
        """Finish what was asked for, close the database and end the thread. Again: nothing."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._tasks.put(None)
        self._thread.join()

    def _put(self, task: Callable[[Database], None]) -> None:
        with self._closing:
            if self._closed:
                raise SpaceError(_("This space is locked."), _("Unlock it to go on."))
            self._tasks.put(task)

    def _own(self, opening: Callable[[], Database], opened: Future[None]) -> None:
        try:
            database = opening()
        except BaseException as problem:  # noqa: BLE001 - raised again in __init__
            opened.set_exception(problem)
            return
        opened.set_result(None)
        try:
            self._serve(database)
        finally:
            with suppress(SafeSpaceError):  # all that was acknowledged is on the disk already
                database.close()

    def _serve(self, database: Database) -> None:
        since: float | None = None
        """When the first change was made that may still be in the log."""
        while True:
            try:
                task = self._tasks.get(timeout=None if since is None else QUIET_S)
            except Empty:
                task = OwnerThread._settle
            if task is None:
                return
            task(database)
            since = since or monotonic()
            if monotonic() - since > LATEST_S or database.log_bytes() > LONGEST_LOG:
                task = OwnerThread._settle
                task(database)
            if task is OwnerThread._settle:
                since = None

    @staticmethod
    def _settle(database: Database) -> None:
        with suppress(SafeSpaceError):  # whoever asks for something next is told
            database.settle()
