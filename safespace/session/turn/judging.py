# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gathering a question's facts for the guard, and explaining what it decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from safespace.coop.site import Site
from safespace.domain import Condition, Limits, Mark, Message, Role, Route, TaskKind, Topic
from safespace.errors import EngineError, StorageError
from safespace.guard import wording
from safespace.guard.deciding.decision import decide, what_would_change
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import Obligation
from safespace.guard.reading.answers import Judge, judge_of
from safespace.guard.reading.windows import NOTHING, Seen, raised
from safespace.guard.weighing.lighter import leaving_out
from safespace.guard.weighing.weigh import weigh
from safespace.i18n import _
from safespace.local_ai.engine import ChatTurn
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.documents import Quoted
from safespace.session.turn import history, sources
from safespace.session.turn.desk import Desk
from safespace.session.turn.recording import Judged

MOST_WAYS: Final = 4
"""So many ways further are told, those with the fewest changes."""


@dataclass(frozen=True, slots=True)
class Staying:
    """Why a task of a member who has joined stays here, beside what lies in the task itself.

    `unmet` are conditions of sending that do not hold, `seen` is what a model saw in its words.
    """

    unmet: frozenset[Condition]
    seen: Seen = NOTHING


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an answer came as it did: in one sentence, and by every reason that decided.

    `could` says what would take the same question further now; `memory` are the lines that the
    model read, as they stand now, `forgotten` counts those that are no longer there, and
    `instructed` says whether it read the member's instructions. `sources` are the places in
    documents that it read, `erased` counts those that are no longer there, and `sought` says
    whether documents were looked through.
    """

    sentence: str
    sentences: tuple[str, ...]
    ways_on: tuple[str, ...]
    could: tuple[str, ...]
    recorded: bool
    memory: tuple[str, ...] = ()
    forgotten: int = 0
    instructed: bool = False
    sources: tuple[Quoted, ...] = ()
    erased: int = 0
    sought: bool = False


def judge(
    desk: Desk,
    path: Sequence[Message],
    model: ShelfModel | None,
    *,
    overridden: bool,
    site: Site | None = None,
) -> Judged:
    """The question that ends `path`, read together with what goes along with it.

    For `model`, which would answer it here, or for that of a `site`.
    """
    pin = desk.space.conversation(path[-1].conversation).pin
    if pin is not None and sources.keep_here(desk, path, desk.level()):
        pin = min(pin, Route.LOCAL)
    own = desk.computer
    carried = history.carried(path)[:-1]
    seen = weigh(
        path[-1].text,
        [turn.text for turn in carried if turn.role == "user"],
        own.reader,
        own.scanner,
        answers=[turn.text for turn in carried if turn.role != "user"],
    )
    reserved = desk.reserved_tasks()
    distress = bool(own.distress.seen_in(path[-1].text))
    topics = seen.topics
    if distress and topics is not None:
        topics |= {Topic.HEALTH}
    facts = Facts(
        level=desk.level(),
        kind=_kind(path[-1].task, seen.kind, reserved),
        explicit=True,
        topics=topics,
        subject=seen.subject,
        language=seen.language,
        model=site.card.file if site else model.path.name if model else None,
        card=site.card if site else model.card if model else None,
        overridden=overridden,
        distress=distress,
        reserved=reserved,
        topics_without_ai=desk.topics_without_ai(),
        topics_here=desk.topics_here(),
        resting=desk.resting(),
        pin=pin,
        limits=desk.limits.in_force(),
        limits_time=desk.limits.time(),
        before=seen.all.before,
        after=seen.all.after,
        names_possible=seen.all.names_possible,
        unmet=site.unmet if site else None,
        agreed=desk.consents.agreed(),
        cooperative=site is not None,
    )
    return Judged(facts, seen)


def _kind(
    chosen: TaskKind | None, read: TaskKind | None, reserved: frozenset[TaskKind] | None
) -> TaskKind | None:
    """What the member chose, save where the words ask for what they keep to themselves."""
    return read if chosen is None or (reserved and read in reserved) else chosen


def judge_here(
    desk: Desk,
    path: Sequence[Message],
    model: ShelfModel | None,
    *,
    overridden: bool,
    staying: Staying | None,
) -> Judged:
    """The same for what is answered on this computer, whoever else could; `staying`: why it is.

    A member who has joined a cooperative is not told that they have joined none.
    """
    judged = judge(desk, path, model, overridden=overridden)
    if staying is None:
        return judged
    joined = replace(judged.facts, cooperative=True, unmet=staying.unmet)
    facts = raised(joined, staying.seen)
    if decide(facts).route > Route.LOCAL:  # what kept it here lies with the cooperative
        facts = replace(facts, unmet=staying.unmet | {Condition.UNFIT})
    return replace(judged, facts=facts)


def judge_of_answers(
    desk: Desk, turns: Sequence[ChatTurn], limits: Limits | None, beside: str = ""
) -> Judge | None:
    """How what a model says to `turns`, and to what it read `beside` the last of them, is judged
    before it is shown; None: not at all.
    """
    own = desk.computer
    asked = "\n".join((*(turn.text for turn in turns), beside))
    return judge_of(limits, asked, own.reader, own.distress, own.scanner)


def model_of(desk: Desk) -> ShelfModel | None:
    """The model that would answer now; None if the shelf has none that can."""
    try:
        return desk.model()
    except (EngineError, StorageError):
        return None


def explain(desk: Desk, answer: Message, quoted: Sequence[Quoted]) -> Explanation:
    """Why `answer` came as it did, in sentences; it drew on what is `quoted`."""
    mark = answer.mark
    assert mark is not None  # every answer has one
    lines = {line.id: line.text for line in desk.space.memory.every()} if mark.memory else {}
    memory = tuple(lines[number] for number in mark.memory if number in lines)
    by_a_page = answer.role is Role.SAFESPACE and bool(answer.text)
    return Explanation(
        sentence=wording.plain(mark.route, mark.reasons),
        sentences=tuple(map(wording.sentence, mark.reasons)),
        ways_on=tuple(filter(None, map(wording.way_on, mark.reasons))),
        could=() if by_a_page else tuple(_could(desk, answer, mark)),
        recorded=mark.recorded,
        memory=memory,
        forgotten=len(mark.memory) - len(memory),
        instructed=mark.instructed,
        sources=tuple(quoted),
        erased=len(mark.sources) - len(quoted),
        sought=mark.sought,
    )


def _could(desk: Desk, answer: Message, mark: Mark) -> Iterator[str]:
    """What would take its question further, if it were asked again now."""
    if mark.route is Route.COOP:
        return
    own, path = desk.computer, desk.space.path(answer.id)[:-1]
    overridden = Obligation.CAUTION.value in mark.obligations
    if mark.route is not Route.HUMAN and own.site:  # further is only the cooperative
        judged = judge(desk, path, None, overridden=overridden, site=own.site)
    else:
        judged = judge(desk, path, model_of(desk), overridden=overridden)
    facts = judged.facts
    if (route := decide(facts).route) > mark.route:
        yield _("Asked again now: {route}").format(route=wording.route_name(route))
    steps = leaving_out(facts, judged.seen, own.reader, own.scanner)
    yield from map(wording.way, what_would_change(facts, leaving_out=steps)[:MOST_WAYS])
