# SPDX-License-Identifier: AGPL-3.0-or-later
"""A long act that Ctrl+C calls off, instead of tearing it apart."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Final, TypeVar

T = TypeVar("T")
_LOOK_EVERY_S: Final = 0.5


def unless_called_off(act: Callable[[], T], call_off: Callable[[], object]) -> T:
    """Do `act` on another thread. An interrupt calls it off, and waits until it has ended.

    Raises what `act` raises.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(act())
        except BaseException as problem:  # noqa: BLE001 - raised again where it was asked for
            done.set_exception(problem)

    threading.Thread(target=run, name="act", daemon=True).start()
    while not done.done():
        try:
            wait([done], _LOOK_EVERY_S)
        except KeyboardInterrupt:
            call_off()
    return done.result()
