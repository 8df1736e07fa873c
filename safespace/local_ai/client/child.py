# SPDX-License-Identifier: AGPL-3.0-or-later
"""One worker process seen from its parent: started walled off, listened to, ended, explained."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from safespace.errors import EngineError, ModelDamaged, WorkerDied
from safespace.i18n import _
from safespace.local_ai.client.patience import Patience
from safespace.local_ai.graphics import CARDS
from safespace.local_ai.protocol import (
    MAX_REPLY,
    BadFrame,
    Cancel,
    Embedded,
    Frame,
    Kept,
    Load,
    Loaded,
    Reply,
    encode,
    read_reply,
)
from safespace.local_ai.walls import outside

_PASSED_ON: Final = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR")
"""All that a worker gets of our environment: what Windows cannot start without, and where
temporary files may lie. No LD_*, PYTHON*, QT_*, no language, no home."""
_QUIET_WAITS: Final = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}
"""OpenMP's threads (GNU's and LLVM's) sleep while they wait for each other: by spinning they
would burn a processor, and be many times slower where another program wants it too."""
_PATIENCE_S: Final = 1.0
"""How long a process may take to end by itself before it is killed."""
_LOOK_S: Final = 1.0
"""How often a silent process is looked at."""

_FAULTS: Final = frozenset(
    getattr(signal, name) for name in ("SIGABRT", "SIGSEGV", "SIGFPE") if hasattr(signal, name)
)
"""Ways in which a program ends that was led astray by what it read."""


def worker_command(*models: Path, cards: bool = False) -> tuple[str, ...]:
    """How the worker starts that reads the folders `models` and nothing else of a person's, and
    may use graphics `cards`.

    Beside a frozen program that is one of its own, otherwise this Python.
    """
    told = (*([CARDS] if cards else []), *map(str, models))
    if getattr(sys, "frozen", False):
        name = "safespace-worker.exe" if sys.platform == "win32" else "safespace-worker"
        return (str(Path(sys.executable).with_name(name)), *told)
    return (outside.PYTHON, "-I", "-m", "safespace.local_ai.worker.worker", *told)


class Child:
    """A started process. `receive` belongs to one thread; the rest may be called by any."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises WorkerDied if the system cannot."""
        try:
            self._process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_QUIET_WAITS
                | outside.ENVIRONMENT
                | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,  # Ctrl-C is for us, and its whole group can be ended
                creationflags=outside.FLAGS,
            )
        except OSError as problem:
            raise WorkerDied(
                _("The program that runs models could not be started."),
                _("“safespace doctor” says what is missing."),
            ) from problem
        self._hold = outside.Hold(self._process)
        self._replies: queue.SimpleQueue[tuple[int, Reply] | None] = queue.SimpleQueue()
        self.behind = b""
        """What stood behind the last `Kept` or `Embedded` that was received."""
        self._writing = threading.Lock()
        self._last_words: deque[bytes] = deque(maxlen=20)
        self._babbled = False
        self._patience = Patience()
        self._given_up = False
        self._loading = False
        self._ears = [
            threading.Thread(target=work, name="worker ears", daemon=True)
            for work in (self._listen, self._drain)
        ]
        for ear in self._ears:
            ear.start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def faulted(self) -> bool:
        """Whether it ended as a program does that was led astray."""
        return -(self._process.returncode or 0) in _FAULTS

    def allow_memory(self, most: int, mapped: int = 0) -> None:
        """Have it end rather than take more than so many bytes of its own, beside `mapped` bytes
        of files. How soon it is noticed, `Hold` says.
        """
        self._hold.allow_memory(most, mapped)

    def send(self, frame: Frame, behind: bytes = b"") -> None:
        """Hand it a frame, and what stands behind it. Blocks while it does not read; a dead one
        is noticed by `receive`.
        """
        assert self._process.stdin is not None
        if not isinstance(frame.body, Cancel | Reply):
            self._patience.asked(frame.body)
            self._loading = isinstance(frame.body, Load)
        with self._writing, contextlib.suppress(OSError, ValueError):  # dead, or ended by us
            for part in (encode(frame), behind):
                rest = memoryview(part)
                while rest:
                    rest = rest[self._process.stdin.write(rest) or 0 :]

    def receive(self) -> tuple[int, Reply] | None:
        """Its next reply and the id of the request; None, now and ever after, once it is dead.

        One that neither answers nor gets on (`patience`) is ended.
        """
        while True:
            try:
                reply = self._replies.get(timeout=_LOOK_S)
            except queue.Empty:
                self._look()
                continue
            if reply is None:
                self._replies.put(None)
            else:
                self._patience.heard(reply[1])
                self._loading = self._loading and not isinstance(reply[1], Loaded)
            return reply

    def end(self) -> None:
        """End it: asked, then forced, with all it started."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        self._hold.let_go()
        for ear in self._ears:
            ear.join(_PATIENCE_S)
        with self._writing:
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                assert pipe is not None
                pipe.close()

    def explain(self) -> EngineError:
        """Why it died, for a person; also clears up after it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_S)  # its pipes close a moment before it is gone
        self.end()
        code = self._process.returncode
        if self._loading and (self._given_up or self.faulted):
            return ModelDamaged(
                _("The model file cannot be loaded: what reads it broke off."),
                _("Get it again from a maker you trust, or choose another model."),
            )
        return WorkerDied(self._cause(code), _("What came until then is kept. Ask again."))

    def _look(self) -> None:
        import psutil  # loaded already by whoever looks whether a model fits

        try:
            spent = psutil.Process(self._process.pid).cpu_times()
        except psutil.Error:
            return
        if self._patience.over(spent.user + spent.system):
            self._given_up = True
            self._kill()

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
        elif self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _cause(self, code: int) -> str:
        if self._babbled:
            return _("The program that runs models sent something that makes no sense.")
        if self._given_up:
            return _("The model stopped answering.")
        spoken = b"".join(self._last_words).lower()
        if self._hold.took_too_much or b"memoryerror" in spoken or b"bad_alloc" in spoken:
            return _("The model ran out of memory.")
        if code == -signal.SIGTERM:
            return _("The program that runs models was asked to end by another program.")
        if sys.platform != "win32" and code == -signal.SIGKILL:
            return _("The model was ended by the system, most likely because memory ran out.")
        if sys.platform != "win32" and code == -signal.SIGBUS:
            return _("The model file can no longer be read: was its disk taken away?")
        if sys.platform != "win32" and code == -signal.SIGILL:
            return _("The program that runs models was built for another processor.")
        if code < 0:
            return _(
                "The program that runs models broke off by a fault of its own ({name})."
            ).format(name=signal.Signals(-code).name)
        return _("The program that runs models ended unexpectedly (code {code}).").format(code=code)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with open(self._process.stdout.fileno(), "rb", closefd=False) as untrusted:
            try:
                while untrusted_line := untrusted.readline(MAX_REPLY + 1):
                    number, reply = read_reply(untrusted_line)
                    if isinstance(reply, Kept | Embedded):
                        self.behind = untrusted.read(reply.size)
                    self._replies.put((number, reply))
            except BadFrame:
                self._babbled = True
                self._kill()
        self._replies.put(None)

    def _drain(self) -> None:
        """Read all it says on stderr, else it would block; keep the end, show nobody."""
        assert self._process.stderr is not None
        while said := self._process.stderr.read(4096):
            self._last_words.append(said)
