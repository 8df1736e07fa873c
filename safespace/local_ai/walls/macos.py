# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wall of macOS: its sandbox (sandbox(7)), told in a profile what is allowed.

The profile's language is Apple's own, and known from the profiles that ship with macOS and from
those of Chromium and Firefox. `sandbox_init` is marked as going out of use since 10.8, and is
what both of them still call. It holds until the process ends.
"""

import ctypes
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from safespace.local_ai.walls.names import SANDBOX
from safespace.local_ai.walls.places import own_program

_ALWAYS_READ: Final = (
    *("/System/Library", "/System/Volumes/Preboot/Cryptexes", "/Library/Apple", "/usr/lib"),
    *("/usr/share/zoneinfo", "/private/var/db/timezone", "/private/etc/localtime"),
    *("/dev/null", "/dev/urandom", "/dev/random"),
)
"""Libraries, the time of day, chance: what any program looks at."""
_CARD: Final = (
    '(allow iokit-open (iokit-connection "IOAccelerator")'
    ' (iokit-user-client-class "IOSurfaceRootUserClient")'
    ' (iokit-user-client-class "AGXDeviceUserClient"))',
    "(allow iokit-get-properties)",
    '(allow mach-lookup (xpc-service-name "com.apple.MTLCompilerService"))',
)
"""What Metal computes by, as Chromium's profile for its own graphics process has it."""


def raise_walls(readable: Iterable[Path], cards: Sequence[str]) -> tuple[str, ...]:
    """As `raising` says."""
    _no_larger_files()
    system = ctypes.CDLL("/usr/lib/libSystem.B.dylib")
    problem = ctypes.c_char_p()
    text = profile([*readable, *own_program()], metal="metal" in cards).encode(
        "utf-8", "surrogateescape"
    )
    return (
        () if system.sandbox_init(text, ctypes.c_uint64(0), ctypes.byref(problem)) else (SANDBOX,)
    )


def profile(readable: Iterable[Path], *, metal: bool = False) -> str:
    """What is allowed to a process that may read `readable`, folders and all that is in them,
    and compute on a graphics card by `metal`.

    Nothing else is: no network, no new program or process, no writing, no other's files. What a
    file is called and how large it is can be seen wherever it lies: Python looks for modules so.
    """
    places = " ".join(
        f"(subpath {_quoted(place)})" for place in (*_ALWAYS_READ, *_both_names(readable))
    )
    return "\n".join(
        (
            "(version 1)",
            "(deny default)",
            "(allow file-read-metadata)",
            f"(allow file-read* file-map-executable {places})",
            '(allow file-write-data (literal "/dev/null"))',
            "(allow sysctl-read)",
            "(allow process-info* (target self))",
            "(allow signal (target self))",
            *(_CARD if metal else ()),
        )
    )


def _both_names(places: Iterable[Path]) -> Iterable[str]:
    """As we call them and as the system does, which looks at paths without links alone."""
    return dict.fromkeys(
        str(one) for place in places for one in (place.absolute(), place.resolve())
    )


def _quoted(place: str) -> str:
    escaped = place.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _no_larger_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
