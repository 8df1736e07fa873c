# SPDX-License-Identifier: AGPL-3.0-or-later
"""A command that is told to end ends in good order: what it began is put right first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The system ends, or the terminal is gone."""


def heeded() -> list[signal.Signals]:
    """Those of them that end us: `nohup` has us live on without a terminal."""
    return [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def in_good_order() -> Iterator[None]:
    """Have these signals interrupt what runs here, as Ctrl+C does. On the main thread."""

    def interrupt(_signal: int, _frame: object) -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)  # once is enough
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in heeded()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
