# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work in the background: the interface thread starts it, never waits, and gets the result.

    ops.run(widget, lambda: session.transcript(7), then=widget.show_messages)

`work` runs on another thread and must touch no widget. `then` and `failed` run on the
interface thread, and not at all if `owner` was deleted meanwhile. Whatever fails without a
`failed` of its own goes to the one place that `on_failure` named.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from safespace.errors import SafeSpaceError
from safespace.session.checks import bugs

T = TypeVar("T")
Failure = Callable[[SafeSpaceError], None]


class Ops(QObject):
    """The window's background. Made, used and closed on the interface thread.

    Two lanes: what has an order runs one after the other in it (a draft saved before the
    question is asked); `aside` runs what takes long, or must not queue, on its own.
    """

    _done = Signal(object)

    def __init__(self, on_failure: Failure) -> None:
        super().__init__()
        self.say = on_failure
        """Says what failed, in the one place, for who has more to do about it than that."""
        self._open = True
        self._in_order = ThreadPoolExecutor(1, "in-order")
        self._aside = ThreadPoolExecutor(4, "aside")
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        then: Callable[[T], Any] | None = None,
        failed: Failure | None = None,
        *,
        aside: bool = False,
    ) -> None:
        """Do `work` in the background, then `then` with what it returned; nothing once closed."""
        if not self._open:
            return
        lane = self._aside if aside else self._in_order
        lane.submit(self._work, owner, work, then, failed or self.say)

    def close(self) -> None:
        """Finish what has an order, deliver nothing more. Blocks: call it when the window is gone.

        What runs aside is not waited for: locking must not wait for a model being copied.
        """
        self._open = False
        self._in_order.shutdown()
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _work(
        self,
        owner: QObject,
        work: Callable[[], T],
        then: Callable[[T], Any] | None,
        failed: Failure,
    ) -> None:
        call: Callable[[], Any] | None
        try:
            result = work()
        except SafeSpaceError as problem:
            call = _bound(failed, problem)
        except Exception as defect:  # noqa: BLE001 - the one place where background bugs end
            call = _bound(failed, bugs.keep(defect))
        else:
            call = _bound(then, result) if then else None
        if call and shiboken6.isValid(self):
            self._done.emit((owner, call))

    @Slot(object)
    def _deliver(self, delivery: tuple[QObject, Callable[[], Any]]) -> None:
        owner, call = delivery
        if self._open and shiboken6.isValid(owner):
            call()


def _bound(call: Callable[[T], Any], value: T) -> Callable[[], Any]:
    return lambda: call(value)
