# SPDX-License-Identifier: AGPL-3.0-or-later
"""A task's way to the cooperative and back: redacted, shown, permitted, recorded, sent.

What stands in the place of names and numbers is known in the space alone, and is put back into
the answer here.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from safespace import paths
from safespace.coop.completion import Completion, Misshapen
from safespace.coop.site import Site
from safespace.domain import Clearance, Errand, Message, Route
from safespace.door.door import Answer, Door
from safespace.door.record import End, Journey
from safespace.errors import Damaged, Known, StorageError, Unanswered
from safespace.guard.deciding.decision import Decision, decide
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import Obligation
from safespace.guard.leaving.body import Turn, canonical
from safespace.guard.leaving.clearance import Clearances, Shown
from safespace.guard.reading.windows import Look, Seen, raised
from safespace.guard.weighing.redact import Placeholders, Restoring
from safespace.i18n import _
from safespace.session.limits.document import Unreadable
from safespace.session.turn import history, judging
from safespace.session.turn.desk import Desk
from safespace.session.turn.judging import Staying
from safespace.session.turn.recording import Judged, entry_of
from safespace.session.turn.second_look import look_of
from safespace.store.rooms.activity import Outcome

HEADERS: Final = (("accept", "text/event-stream"), ("content-type", "application/json"))
_SEEN: Final = frozenset({Obligation.ASK.value, Obligation.PREVIEW.value})
_PATIENCE_S: Final = 2.0
_OUTCOMES: Final = {
    End.WHOLE: Outcome.ANSWERED,
    End.CUT: Outcome.STOPPED,
    End.FAILED: Outcome.FAILED,
}


@dataclass(frozen=True, slots=True)
class Outward:
    """A task that may leave: what was judged of it, and what would leave."""

    judged: Judged
    decision: Decision
    site: Site
    errand: Errand
    turns: tuple[Turn, ...]
    placeholders: Placeholders
    left_out: int
    judge: Callable[[], Facts]
    """The facts of the task once more, as they are at that moment."""

    @property
    def to_be_seen(self) -> bool:
        """Whether its member is to see it and say yes before it leaves."""
        return bool(self.decision.obligations & _SEEN)


class Sending:
    """The way out of one open space. Thread-safe; raises what the guard and the door raise."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        own = desk.computer
        self._clearances = Clearances(own.reader, own.scanner, self._versions)
        self._door = Door(self._clearances.redeem, self)
        self._leaving: dict[str, Outward] = {}

    def outward(self, path: Sequence[Message], *, overridden: bool) -> Outward | Staying | None:
        """The task that `path` ends with, if it may go to the cooperative; None: there is none.

        Keeps what its placeholders stand for. Raises StorageError.
        """
        site = self._desk.computer.site
        if site is None:
            return None

        def judge() -> Judged:
            return judging.judge(self._desk, path, None, overridden=overridden, site=site)

        judged = judge()
        decision = decide(judged.facts)
        if decision.route <= Route.LOCAL:
            return Staying(site.unmet)
        conversation = path[-1].conversation
        known = Placeholders(self._desk.space.placeholders.of(conversation))
        turns = tuple((turn.role, turn.text) for turn in history.prompt(path))
        if Obligation.REDACT in decision.obligations:
            scanner = self._desk.computer.scanner
            turns = tuple((role, known.redact(text, scanner).text) for role, text in turns)
        words = "\n".join(text for _role, text in turns)
        if look := self._look():
            seen = look(words)
            judged, judge = _read_along(judge, seen)
            decision = decide(judged.facts)
            if decision.route <= Route.LOCAL:
                return Staying(site.unmet, seen)
        if Obligation.REDACT in decision.obligations:
            self._desk.space.placeholders.keep(conversation, known.known())
        parameters = (("max_tokens", self._desk.answer_tokens()), ("stream", True))
        errand = Errand(
            destination=site.destination,
            body=canonical(site.card.file, turns, parameters),
            model=site.card.file,
            parameters=parameters,
            headers=HEADERS,
            price=site.price,
        )
        left_out = sum(one.made in words for one in known.known())
        return Outward(
            judged, decision, site, errand, turns, known, left_out, lambda: judge().facts
        )

    def _look(self) -> Look | None:
        """How the member's own model reads along; None where it is not fit for that."""
        try:
            model = self._desk.model().path
        except Known:
            return None
        return look_of(self._desk.engine, model, paths.assets() / "guard" / "readers.toml")

    def show(self, outward: Outward) -> Shown:
        """What the member is to see, and may say yes to once."""
        return self._clearances.show(outward.errand)

    def send(self, outward: Outward, yes: Shown | None) -> Answer:
        """Have it judged again on its final bytes, recorded, and sent.

        Raises NotCleared, StorageError: then nothing left.
        """
        clearance = self._clearances.mint(outward.errand, lambda _words: outward.judge(), yes)
        self._leaving[clearance.number] = outward
        try:
            return self._door.send(clearance)
        finally:
            del self._leaving[clearance.number]

    def declined(self, outward: Outward) -> None:
        """Record that its member was asked, and kept it here."""
        entry, seen = entry_of(outward.judged, outward.decision, datetime.now(UTC))
        with suppress(StorageError):  # nothing left, so nothing must be known of it
            activity = self._desk.space.activity
            activity.end(activity.record(entry, seen), Outcome.HANDED_BACK)

    def stop(self) -> None:
        """End every permission, and cut what is under way."""
        self._clearances.revoke()
        self._door.cut()

    def close(self) -> None:
        """The same, and wait until the record says so: the space is about to close."""
        self.stop()
        self._door.wait(_PATIENCE_S)

    # As the door's record

    def leaves(self, clearance: Clearance) -> int:
        """Write down that this leaves now. Raises StorageError."""
        outward = self._leaving[clearance.number]
        entry, seen = entry_of(outward.judged, outward.decision, datetime.now(UTC))
        entry = replace(
            entry,
            destination=clearance.errand.destination.url,
            sent=len(clearance.errand.body),
        )
        return self._desk.space.activity.record(entry, seen)

    def ended(self, id_: int, journey: Journey) -> None:
        """Add how it went. Raises StorageError."""
        self._desk.space.activity.end(id_, _OUTCOMES[journey.end])

    def _versions(self) -> tuple[int, int] | None:
        try:
            _level, version = self._desk.space.level()
            document = self._desk.limits.document()
        except (Damaged, StorageError, Unreadable):
            return None
        return version, document.version if document else 0


def words_of(answer: Answer, placeholders: Placeholders) -> Iterator[str]:
    """The words that come back, restored line by line. Raises Unanswered, Cut."""
    completion, restoring = Completion(), Restoring(placeholders)
    try:
        for untrusted in answer:
            for words in completion.feed(untrusted):
                if restored := restoring.add(words):
                    yield restored
    except Misshapen:
        raise Unanswered(
            _("The cooperative's computer answered with something that is no answer."),
            _("What came until then is kept. Nothing is sent again by itself."),
        ) from None
    if rest := restoring.end():
        yield rest
    if not completion.whole:
        raise Unanswered(
            _("The answer of the cooperative's computer broke off."),
            _("What came until then is kept. Nothing is sent again by itself."),
        )


def _read_along(judge: Callable[[], Judged], seen: Seen) -> tuple[Judged, Callable[[], Judged]]:
    """What is judged, now and again later, with what a model saw in the final words."""

    def again() -> Judged:
        judged = judge()
        return replace(judged, facts=raised(judged.facts, seen))

    return again(), again
