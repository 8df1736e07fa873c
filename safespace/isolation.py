# SPDX-License-Identifier: AGPL-3.0-or-later
"""How our processes begin: by Python's isolated mode, in a rebuilt environment, closed to others.

What a variable can bring into a process before it asks for a passphrase (a library, a module,
a plugin, a file that notes keys) must not decide who reads that passphrase. So the program
begins again with nothing but the variables below. Only the standard library is imported here:
all of this happens before anything else is.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NoReturn

_KEPT: Final = frozenset(
    {
        # who and where; where programs and files are looked for
        *("HOME", "USER", "LOGNAME", "PATH", "TMPDIR", "TZ"),
        # the language, and what a terminal can show
        *("LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR"),
        # the screen, the session and its buses
        *("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"),
        *("XDG_RUNTIME_DIR", "XDG_SESSION_ID", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP"),
        *("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
        *("DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN", "XMODIFIERS"),
        # our own
        *("SAFESPACE_HOME", "SAFESPACE_PASSPHRASE_FD", "SAFESPACE_CURTAIN"),
        # what Windows cannot start without
        *("SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "TEMP", "TMP", "USERNAME", "USERPROFILE"),
        *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PATHEXT", "COMSPEC"),
    }
)
_OF_THESE_VALUES: Final[Mapping[str, frozenset[str]]] = {
    # Of the screens that Qt knows, one answers on the network and some write files.
    "QT_QPA_PLATFORM": frozenset({"xcb", "wayland", "offscreen"}),
    # Without the word for it, nobody types Chinese or Japanese.
    "QT_IM_MODULE": frozenset({"ibus", "compose", "xim"}),
}


def rebuilt(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of `environment` that the program runs with."""
    return {
        name: value
        for name, value in environment.items()
        if name in _KEPT
        or name.startswith("LC_")
        or value in _OF_THESE_VALUES.get(name, frozenset())
    }


def surplus(environment: Mapping[str, str]) -> list[str]:
    """The names in `environment` that the program does not run with, sorted."""
    kept = {*rebuilt(environment), *_of_the_packed_program(environment)}
    return sorted(name for name in environment if name not in kept)


def isolated() -> bool:
    """Whether this process began as every process of ours should."""
    return bool(sys.flags.isolated) and not surplus(os.environ)


def begin(arguments: Sequence[str]) -> None:
    """Go on, if this process is isolated; otherwise begin the program again, so that it is.

    `arguments` are those of the command. Either way, core dumps are off and no other process
    of this account can read our memory from now on.
    """
    if not isolated():
        begin_again(arguments)
    close_to_others()


def begin_again(arguments: Sequence[str], more: Mapping[str, str] | None = None) -> NoReturn:
    """Replace this process, with every key and word in its memory, by a fresh one.

    `more` is added to its environment.
    """
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-I", "-m", "safespace"]
    environment = {**rebuilt(os.environ), **(more or {})}
    if sys.platform == "win32":  # there, who started us would not wait for what replaces us
        import subprocess

        os._exit(subprocess.call([*program, *arguments], env=environment))
    os.execve(program[0], [*program, *arguments], environment)  # noqa: S606 - our own program


def close_to_others() -> None:
    """No core dump; and no other process of this account may read our memory (Linux)."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def closed_to_others() -> bool:
    """Whether `close_to_others` took effect here."""
    if sys.platform != "linux":
        return False
    import ctypes
    import resource

    dumpable = ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
    return bool(dumpable == 0 and resource.getrlimit(resource.RLIMIT_CORE) == (0, 0))


_PR_GET_DUMPABLE: Final = 3  # <linux/prctl.h>
_PR_SET_DUMPABLE: Final = 4


def _of_the_packed_program(environment: Mapping[str, str]) -> Iterable[str]:
    """What PyInstaller's starter, and its hooks for Qt, add: names of its own, places inside it."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is None:
        return
    for name, value in environment.items():
        inside = value == bundle or value.startswith(bundle + os.sep)
        if inside or name.startswith("_PYI_") or name == "PYSIDE6_OPTION_PYTHON_ENUM":
            yield name
