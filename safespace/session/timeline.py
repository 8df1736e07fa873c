# SPDX-License-Identifier: AGPL-3.0-or-later
"""The activity record for people: each line in a sentence, the weeks in numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from typing import Final

from safespace.domain import Reason, Route
from safespace.guard import wording
from safespace.i18n import N_, _, ngettext
from safespace.store.rooms.activity import ActivityEntry, Day, Exit, Line, Outcome, Removed, Way
from safespace.store.rooms.log import Verdict

_WAYS: Final = {
    Way.LINK: N_("You opened a link outside Safe Space."),
    Way.EXPORT: N_("You wrote everything into a folder, not encrypted."),
    Way.RECORD: N_("You wrote this record into a file, not encrypted."),
    Way.DOCUMENT: N_("You wrote a document out of the space, not encrypted."),
    Way.ANSWER: N_("You wrote an answer into a file, not encrypted."),
    Way.SHEET: N_("You printed the recovery sheet."),
}
_OUTCOMES: Final = {
    Outcome.ANSWERED: N_("It was answered."),
    Outcome.STOPPED: N_("You stopped it."),
    Outcome.FAILED: N_("It failed."),
    Outcome.HANDED_BACK: N_("It was handed back to you."),
}
FETCHED: Final = "purpose.models"
"""The reason of an entry that is no task: the file of a model is fetched."""
_FETCHINGS: Final = {
    Outcome.ANSWERED: N_("It came whole."),
    Outcome.STOPPED: N_("It was stopped before it was whole."),
    Outcome.FAILED: N_("It failed."),
}
_OBLIGATIONS: Final = {
    "demonstration": N_("It was said that the model is a demonstration."),
    "caution": N_("It was said that this lies outside what is known of the model."),
    "redact": N_("Placeholders had to stand for what identifies somebody."),
    "preview": N_("You had to be shown what would be sent."),
    "ask": N_("You had to be asked."),
}


_KINDS_OF_ROUTE: Final = (Route.LOCAL, Route.COOP, Route.HUMAN)


@dataclass(frozen=True, slots=True)
class Week:
    """How often each kind of route was taken in the week that begins on `monday`."""

    monday: date
    here: int
    cooperative: int
    human: int

    def count(self, route: Route) -> int:
        """How often this one; both of the cooperative's are one."""
        match route:
            case Route.HUMAN:
                return self.human
            case Route.LOCAL:
                return self.here
        return self.cooperative


def left(line: Line) -> bool:
    """Whether something left this computer."""
    return isinstance(line, Exit) or (isinstance(line, ActivityEntry) and line.sent > 0)


def fetched(line: Line) -> bool:
    """Whether it is no task: a file was fetched."""
    return isinstance(line, ActivityEntry) and any(one.code == FETCHED for one in line.reasons)


def kept(entry: ActivityEntry) -> bool:
    """Whether its member was asked, and kept it here: what came of it is an entry of its own."""
    return entry.route > Route.LOCAL and not entry.sent


def went(line: Line, *routes: Route) -> bool:
    """Whether a task, or one of a day's, went one of these routes."""
    match line:
        case ActivityEntry():
            return line.route in routes and not kept(line) and not fetched(line)
        case Day():
            return any(route in routes and count for route, count in line.routes)
    return False


def in_order(lines: Iterable[Line]) -> list[Line]:
    """The last one first, by when things happened: days were counted, and entries go, later."""

    def moment(line: Line) -> tuple[date, float]:
        match line:
            case Day(day=day) | Removed(on=day):
                return day, inf
        local = line.at.astimezone()
        return local.date(), local.timestamp()

    return sorted(lines, key=moment, reverse=True)


def weeks(lines: Iterable[Line], today: date, most: int) -> list[Week]:
    """The last `most` weeks up to today, the first one first; from the first one with anything."""
    counts: dict[date, Counter[Route]] = {}
    for line in lines:
        for day, route, count in _tasks(line):
            counts.setdefault(_monday(day), Counter())[route] += count
    last = _monday(today)
    earliest = min((last, *counts))  # the clock may have been set back since
    first = max(earliest, last - timedelta(weeks=most - 1))
    return [
        _week(monday, counts.get(monday, Counter()))
        for monday in (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    ]


def when(line: Line) -> str:
    """The moment of a line, or its day, as people here write it."""
    match line:
        case Day(day=day) | Removed(on=day):
            return day.isoformat()
    return f"{line.at.astimezone():%Y-%m-%d %H:%M}"


def sentence(line: Line) -> str:
    """What happened, in a sentence or two."""
    match line:
        case Exit(way=way):
            return _(_WAYS[way])
        case Removed(count=count):
            return ngettext(
                "You removed {count} entry.", "You removed {count} entries.", count
            ).format(count=count)
        case Day():
            return in_numbers(dict(line.routes))
        case ActivityEntry() if fetched(line):
            file = dict(line.reasons[0].values).get("file", "")
            return _("A model's file was fetched for you: {file}.").format(file=file)
        case ActivityEntry():
            kind = wording.kind_name(line.kind) if line.kind else _("a task")
            if kept(line):
                return _("You were asked, and kept it here: {kind}.").format(kind=kind)
            route = wording.route_name(line.route)
            why = _told(line.reasons[0]) if line.reasons else ""
            return f"{route[:1].upper()}{route[1:]}: {kind}. {why}".strip()


def details(line: Line) -> Iterator[str]:
    """All else that is kept of a line, sentence by sentence."""
    if not isinstance(line, ActivityEntry):
        return
    if fetched(line):
        yield _("From {destination}.").format(destination=line.destination)
        if line.outcome:
            yield _(_FETCHINGS.get(line.outcome, _FETCHINGS[Outcome.FAILED]))
        return
    yield from map(_told, line.reasons[1:])
    if line.model:
        yield _("The model was {model}.").format(model=line.model)
    if line.overridden:
        yield _("You had the model asked although its card does not cover this.")
    yield from (_(_OBLIGATIONS[one]) for one in line.obligations if one in _OBLIGATIONS)
    if line.topics:
        yield _("About: {topics}.").format(topics=wording.topics_named(line.topics))
    if line.evidence:
        found = Counter(one.type for one in line.evidence)
        listed = ", ".join(f"{type_} × {count}" for type_, count in sorted(found.items()))
        yield _("Found in it, and not kept: {found}.").format(found=listed)
    yield _("{size} bytes were judged.").format(size=line.size)
    if line.sent:
        yield _("{sent} bytes left, to {destination}.").format(
            sent=line.sent, destination=line.destination
        )
    else:
        yield _("Nothing left this computer.")
    if line.outcome and not kept(line):
        yield _(_OUTCOMES[line.outcome])


def what_left(lines: Iterable[Line]) -> str:
    """What left this computer, in one sentence."""
    found = [line for line in lines if left(line)]
    tasks = [line for line in found if isinstance(line, ActivityEntry) and not fetched(line)]
    own = sum(isinstance(line, Exit) for line in found)
    files = len(found) - len(tasks) - own
    if not found:
        return _("Nothing left this computer.")
    sent = ngettext(
        "{count} task left this computer, {bytes} bytes in all.",
        "{count} tasks left this computer, {bytes} bytes in all.",
        len(tasks),
    ).format(count=len(tasks), bytes=sum(line.sent for line in tasks))
    hand = ngettext(
        "Something left by your own hand {count} time.",
        "Something left by your own hand {count} times.",
        own,
    ).format(count=own)
    asked = ngettext(
        "{count} file of a model was asked for.", "{count} files of models were asked for.", files
    ).format(count=files)
    told = ((sent, len(tasks)), (hand, own), (asked, files))
    return " ".join(said for said, some in told if some)


def in_numbers(routes: Mapping[Route, int]) -> str:
    """Counts of routes, in words; the cooperative's are one."""
    coop = routes.get(Route.COOP, 0) + routes.get(Route.COOP_REDACTED, 0)
    told = (
        (_("{count} here"), routes.get(Route.LOCAL, 0)),
        (_("{count} by the cooperative"), coop),
        (_("{count} without AI"), routes.get(Route.HUMAN, 0)),
    )
    return ", ".join(words.format(count=count) for words, count in told if count) or _("nothing")


def week_in_numbers(week: Week) -> str:
    """The counts of a week, in words."""
    return in_numbers({route: week.count(route) for route in _KINDS_OF_ROUTE})


def found(verdict: Verdict) -> str:
    """What checking the record found, in a sentence."""
    if not verdict.broken:
        return _("The record is whole: every entry is as it was written.")
    listed = ", ".join(map(str, verdict.broken[:_MOST_NAMED]))
    return _(
        "The record was changed or damaged: look at entries {numbers}. What was decided then is"
        " not certain."
    ).format(numbers=listed)


_MOST_NAMED: Final = 12


def _told(reason: Reason) -> str:
    if reason.code in wording.REASONS:
        return wording.sentence(reason)
    return _("The reason is one that this version does not know.")


def _tasks(line: Line) -> Iterator[tuple[date, Route, int]]:
    match line:
        case ActivityEntry() if not kept(line) and not fetched(line):
            yield line.at.astimezone().date(), line.route, 1
        case Day(day, routes, _id):
            for route, count in routes:
                yield day, route, count


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(monday: date, counts: Counter[Route]) -> Week:
    coop = counts[Route.COOP] + counts[Route.COOP_REDACTED]
    return Week(monday, counts[Route.LOCAL], coop, counts[Route.HUMAN])
