# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a parent does for the walls around its child: memory bounded, and on Windows the job."""

import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, Final

_DETACHED, _SUSPENDED = 0x8, 0x4
FLAGS: Final = _DETACHED | _SUSPENDED if sys.platform == "win32" else 0
"""How such a child is created, on Windows without a console, since that would be a second process
in a job of one. A `Hold` has it begin."""

_BASE: Final = getattr(sys, "_base_executable", None) or sys.executable
PYTHON: Final = _BASE if sys.platform == "win32" else sys.executable
"""The Python of a child. In Windows' virtual environments `sys.executable` starts another program,
which a job of one process refuses; the other is told by `ENVIRONMENT` where it belongs."""
ENVIRONMENT: Final = (
    {"__PYVENV_LAUNCHER__": sys.executable}
    if sys.platform == "win32" and sys.executable != PYTHON
    else {}
)

LOOK_S: Final = 1.0
"""How often the memory of a child is looked at where the system does not bound it."""


class Hold:
    """What a parent has its child by."""

    def __init__(self, process: "subprocess.Popen[Any]", *, walled: bool = True) -> None:
        """Have a child begin that was created with `FLAGS`."""
        self._process = process
        self._most = 0
        self._watch: threading.Thread | None = None
        self._gone = threading.Event()
        self.took_too_much = False
        """Whether it was ended because it held more memory than it was allowed."""
        if sys.platform == "win32":
            from safespace.local_ai.walls import windows

            handle = int(process._handle)
            self._job = windows.Job(handle) if walled else None
            windows.resume(handle)

    def allow_memory(self, most: int, mapped: int = 0) -> None:
        """Have the system refuse it more than so many bytes of its own, beside `mapped` bytes of
        files. macOS refuses nothing: there it is looked at every second, and ended.
        """
        self._most = most + mapped
        if sys.platform == "linux":
            import resource

            with suppress(OSError):  # it has ended
                _soft, hard = resource.prlimit(self._process.pid, resource.RLIMIT_DATA)
                if hard != resource.RLIM_INFINITY:  # whoever looks after this computer set one
                    most = min(most, hard)
                resource.prlimit(self._process.pid, resource.RLIMIT_DATA, (most, hard))
        elif sys.platform == "win32" and self._job:
            self._job.allow_memory(most)
        elif sys.platform == "darwin" and not self._watch:
            self._watch = threading.Thread(target=self._look, name="memory of a child", daemon=True)
            self._watch.start()

    def let_go(self) -> None:
        """Let go of a child that has ended; on Windows, one that has not ends now."""
        self._gone.set()
        if sys.platform == "win32" and self._job:
            self._job.close()

    def _look(self) -> None:
        import psutil

        while not self._gone.wait(LOOK_S):
            try:
                resident = psutil.Process(self._process.pid).memory_info().rss
            except psutil.Error:  # it has ended
                return
            if resident > self._most and self._process.poll() is None:
                self.took_too_much = True
                self._process.kill()
                return
