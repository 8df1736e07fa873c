# SPDX-License-Identifier: AGPL-3.0-or-later
"""One task that goes to the cooperative: seen and agreed to where it must be, then answered."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue

from safespace.domain import Mark, Message
from safespace.door.door import Answer
from safespace.errors import Known, SafeSpaceError
from safespace.guard.leaving.clearance import Shown
from safespace.guard.reading.answers import Judge
from safespace.session.turn import events
from safespace.session.turn.held_back import HeldBack
from safespace.session.turn.kept_answer import KeptAnswer
from safespace.session.turn.sending import Outward, Sending, words_of
from safespace.store.space import Space


class Sent:
    """For the thread of its turn, save `stop`. `kept` is what came of an answer that failed."""

    def __init__(
        self, space: Space, sending: Sending, outward: Outward, tell: Callable[[events.Event], None]
    ) -> None:
        self._space = space
        self._sending = sending
        self._outward = outward
        self._tell = tell
        self._stopped = threading.Event()
        self._yes: SimpleQueue[bool] = SimpleQueue()
        self._line: Answer | None = None
        self.kept: Message | None = None

    def stop(self) -> None:
        """Send nothing more, and take nothing more back. Any thread."""
        self._stopped.set()
        self._yes.put(False)
        if self._line:
            self._line.close()

    def answer(self, asked: Message, judge: Judge | None) -> events.Event | None:
        """The answer; None where its member wants none from there. Raises Known."""
        outward, site = self._outward, self._outward.site
        place = site.destination.site or site.destination.url
        yes: Shown | None = None
        if outward.to_be_seen:
            yes = self._sending.show(outward)
            self._tell(
                events.Outgoing(
                    place=place,
                    model=site.card.name,
                    turns=outward.turns,
                    body=yes.errand.body,
                    left_out=outward.left_out,
                    decide=self._yes.put,
                )
            )
            if not self._yes.get():
                self._sending.declined(outward)
                return None
        self._tell(events.Sending(place))
        return self._receive(asked, yes, HeldBack(judge))

    def _receive(self, asked: Message, yes: Shown | None, held: HeldBack) -> events.Event:
        outward = self._outward
        decision = outward.decision
        mark = Mark(
            decision.route,
            outward.site.card.name,
            decision.decisive,
            recorded=True,
            obligations=tuple(sorted(decision.obligations)),
        )
        answer = KeptAnswer(self._space, asked, mark)
        try:
            with self._sending.send(outward, yes) as self._line:
                for words in words_of(self._line, outward.placeholders):
                    self._show(held.add(words), answer)
                    if held.reason:
                        break
            self._show(held.end(), answer)
        except Known:
            if answer.text or self._stopped.is_set():
                self.kept = answer.keep(partial=True)
            if self._stopped.is_set() and self.kept:  # a line that was cut is no failure then
                return events.Answered(self.kept)
            raise
        except Exception:  # a defect of ours costs nobody what was on their screen
            with suppress(SafeSpaceError):
                if answer.text:
                    self.kept = answer.keep(partial=True)
            raise
        if held.reason:
            return events.Answered(answer.withhold(replace(mark, reasons=(held.reason,))))
        return events.Answered(answer.keep(partial=False))

    def _show(self, words: str, answer: KeptAnswer) -> None:
        if words:
            answer.add(words)
            self._tell(events.Words(words))
