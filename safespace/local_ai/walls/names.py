# SPDX-License-Identifier: AGPL-3.0-or-later
"""The walls by name, as `safespace doctor` tells them, and which of them a system has."""

from typing import Final

LANDLOCK: Final = "landlock"
SECCOMP: Final = "seccomp"
SANDBOX: Final = "sandbox"
JOB: Final = "job"
LOWERED: Final = "low integrity"

COMPLETE: Final = {
    "linux": frozenset({LANDLOCK, SECCOMP}),
    "darwin": frozenset({SANDBOX}),
    "win32": frozenset({JOB, LOWERED}),
}
"""By system, the walls of which there are no more."""
