# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a parent does for the walls around its child: memory bounded, and on Windows the job."""

import subprocess
import sys
from contextlib import suppress
from typing import Any, Final

_SUSPENDED: Final = 0x4
FLAGS: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0) | (
    _SUSPENDED if sys.platform == "win32" else 0
)
"""How such a child is created. A `Hold` has it begin."""

_BASE: Final = getattr(sys, "_base_executable", None) or sys.executable
PYTHON: Final = _BASE if sys.platform == "win32" else sys.executable
"""The Python of a child. In Windows' virtual environments `sys.executable` starts another program,
which a job of one process refuses; the other is told by `ENVIRONMENT` where it belongs."""
ENVIRONMENT: Final = (
    {"__PYVENV_LAUNCHER__": sys.executable}
    if sys.platform == "win32" and sys.executable != PYTHON
    else {}
)


class Hold:
    """What a parent has its child by."""

    def __init__(self, process: "subprocess.Popen[Any]", *, walled: bool = True) -> None:
        """Have a child begin that was created with `FLAGS`."""
        self._process = process
        self._most = 0
        if sys.platform == "win32":
            from safespace.local_ai.walls import windows

            handle = int(process._handle)
            self._job = windows.Job(handle) if walled else None
            windows.resume(handle)

    def allow_memory(self, most: int, mapped: int = 0) -> None:
        """Have the system refuse it more than so many bytes of its own, beside `mapped` bytes of
        files. macOS refuses nothing; there `too_much` tells.
        """
        if sys.platform == "linux":
            import resource

            with suppress(OSError):  # it has ended
                _soft, hard = resource.prlimit(self._process.pid, resource.RLIMIT_DATA)
                if hard != resource.RLIM_INFINITY:  # whoever looks after this computer set one
                    most = min(most, hard)
                resource.prlimit(self._process.pid, resource.RLIMIT_DATA, (most, hard))
        elif sys.platform == "win32" and self._job:
            self._job.allow_memory(most)
        self._most = most + mapped

    def too_much(self, resident: int) -> bool:
        """Whether it holds more memory than allowed, where the system does not see to it."""
        return sys.platform == "darwin" and 0 < self._most < resident

    def let_go(self) -> None:
        """Let go of a child that has ended; on Windows, one that has not ends now."""
        if sys.platform == "win32" and self._job:
            self._job.close()
