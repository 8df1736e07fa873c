# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines typed at a terminal: edited, of any length, and known before they are sent."""

import sys
from collections.abc import Callable
from importlib.util import find_spec

_typing = False


def begin() -> Callable[[], None]:
    """Let lines be edited and be of any length; returns what undoes that.

    By itself a terminal cuts a line at 4095 bytes, and says nothing.
    """
    if not _at_a_terminal() or find_spec("readline") is None:  # Windows has its own way
        return lambda: None
    import readline  # noqa: F401 - `input` uses it from now on; history stays in memory
    import termios

    before = termios.tcgetattr(sys.stdin)
    return lambda: termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def ask(prompt: str, begun: str = "") -> str:
    """A line, which may go on from one that was `begun` before. Raises as `input` does."""
    global _typing
    readline = sys.modules.get("readline")
    if readline and begun:
        readline.set_startup_hook(lambda: readline.insert_text(begun))
    _typing = readline is not None
    try:
        return input(prompt)
    finally:
        _typing = False
        if readline:
            readline.set_startup_hook()


def typed() -> str | None:
    """What stands in the line that is being typed; None while there is none. Any thread."""
    readline = sys.modules.get("readline")
    return readline.get_line_buffer() if readline and _typing else None


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
