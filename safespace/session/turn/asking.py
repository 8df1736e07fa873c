# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ask and wait: one question with its whole outcome, for the terminal and for knocks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from safespace.domain import Route
from safespace.errors import Known, SafeSpaceError, Usage
from safespace.guard import wording
from safespace.guard.deciding.rules import Obligation
from safespace.i18n import _
from safespace.session import suitability
from safespace.session.documents import Taken, here_already, said_of
from safespace.session.leaving.origin import by
from safespace.session.session import Session
from safespace.session.turn import events, history
from safespace.session.turn.tasks import Task

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer and how it came about: the stable keys of `ask --json`."""

    answer: str
    route: str
    reasons: tuple[str, ...]
    model: str | None
    tokens: int | None
    ttft_ms: float | None
    tokens_per_s: float | None
    partial: bool
    at: str
    """When the answer began, ISO 8601."""
    recorded: bool
    demonstration: bool
    overridable: bool
    turns_left_out: int = 0
    crowded: str = ""
    """A sentence, when a graphics card had less room than it said."""
    memory: int = 0
    """So many lines of memory the model read."""
    sources: tuple[Mapping[str, Any], ...] = ()
    """The places in documents that it read."""
    sought: bool = False
    """Whether the documents were looked through."""
    ways_on: tuple[str, ...] = ()
    """What to do about the reasons, in sentences."""


def about(session: Session, text: str, file: Path) -> tuple[int, Taken]:
    """Begin a conversation about `file`, which is taken in and attached to it.

    Raises Usage where documents do not go along, and what taking it in raises.
    """
    if not session.documents_go_along():
        raise Usage(
            _("Documents go along with a question from level 2 up, once you say so."),
            _("Go to level 2, then: safespace config assistant.documents on"),
        )
    return session.documents.begin_about(file, history.title(text))


def never(_outgoing: events.Outgoing) -> bool:
    """Nobody is there to look at it: it is answered here."""
    return False


def ask(
    session: Session,
    text: str,
    *,
    conversation: int | None = None,
    document: Path | None = None,
    overridden: bool = False,
    pin: Route = Route.COOP,
    task: Task | None = None,
    agree: Callable[[events.Outgoing], bool] = never,
) -> Iterator[Part]:
    """Ask, and yield `{"conversation": its id}` once the question is saved, `{"help": card}` if
    one is due, `{"waiting": True}` if another member's assistant is at work,
    `{"passing_by": True}` if it was for too long, `{"words": more}`…, `{"outcome": whole}`.
    A `document` begins a conversation about it; what is to be said of it comes first, as
    `{"noted": sentence}`.

    The parts are JSON-ready, so that they can cross a socket as they are. `agree` says whether
    what it is shown may leave. Leaving the iterator early stops the answer. Raises as `about`
    does, and what the turn failed with.
    """
    if document:
        conversation, taken = about(session, text, document)
        if taken.already:
            yield {"noted": here_already(taken)}
        if said := said_of(taken.document):
            yield {"noted": said}
    heard: SimpleQueue[events.Event] = SimpleQueue()
    try:
        turn = session.ask(conversation, text, heard.put, overridden=overridden, pin=pin, task=task)
    except Known:
        if document and conversation is not None:  # begun for a question that is not asked
            with suppress(SafeSpaceError):
                session.delete_conversation(conversation)
        raise
    left_out, crowded = 0, ""
    try:
        while True:
            match heard.get():
                case events.Asked(message):
                    yield {"conversation": message.conversation}
                case events.HelpLines(card):
                    yield {"help": asdict(card)}
                case events.Outgoing(decide=decide) as outgoing:
                    decide(agree(outgoing))
                case events.Waiting():
                    yield {"waiting": True}
                case events.PassingBy():
                    yield {"passing_by": True}
                case events.Words(words):
                    yield {"words": words}
                case events.LeftOut(turns):
                    left_out = turns
                case events.Crowded(on_card, layers):
                    crowded = suitability.crowded(on_card, layers)
                case events.Answered(message, speed):
                    mark = message.mark
                    assert mark is not None  # every answer has one
                    outcome = Outcome(
                        answer=message.text,
                        route=mark.route.key,
                        reasons=tuple(map(wording.sentence, mark.reasons)),
                        model=by(mark) or None,
                        tokens=speed.tokens if speed else None,
                        ttft_ms=speed.ttft_ms if speed else None,
                        tokens_per_s=speed.tokens_per_s if speed else None,
                        partial=message.partial,
                        at=message.at.isoformat(timespec="seconds"),
                        recorded=mark.recorded,
                        demonstration=Obligation.DEMONSTRATION in mark.obligations,
                        overridable=mark.overridable,
                        turns_left_out=left_out,
                        crowded=crowded,
                        memory=len(mark.memory),
                        sources=tuple(map(asdict, session.documents.quoted(mark))),
                        sought=mark.sought,
                        ways_on=tuple(filter(None, map(wording.way_on, mark.reasons))),
                    )
                    yield {"outcome": asdict(outcome)}
                    return
                case events.Failed(error):
                    raise error
                case _:
                    pass
    finally:
        turn.stop()
