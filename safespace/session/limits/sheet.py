# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheet of a space's limits, in sentences: guardian and member read the same one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from safespace.domain import Limits
from safespace.guard import wording
from safespace.i18n import N_, _, ngettext
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.limits.wards import Seen

_NAMES: Final = {
    "level": N_("a higher level"),
    "topics": N_("the topics left to people"),
    "hours": N_("other hours"),
    "minutes": N_("more minutes"),
    "models": N_("other models"),
    "cooperative": N_("the cooperative"),
}


def sheet(document: Document, name: str, now: datetime) -> tuple[str, ...]:
    """What holds for the space called `name`, who may change it, and what it does not stop."""
    return tuple(_lines(document, name, now))


def household_sheet(document: Document, now: datetime) -> tuple[str, ...]:
    """What holds for every space that is begun here without its guardian."""
    return (
        _("Limits of this household, version {version}, signed by {guardian}.").format(
            version=document.version, guardian=document.guardian
        ),
        *household_limits(document, now),
        _(
            "A space that is made or brought back on this computer begins under them, unless"
            " {guardian} is asked then. They hold in it until {guardian} signs others for it."
        ).format(guardian=document.guardian),
        *_followers(document),
        _("Spaces that were here before are left alone."),
    )


def household_limits(document: Document, now: datetime) -> tuple[str, ...]:
    """What a space is under that begins here without its guardian."""
    return (*_of(document.at(now)), *_ends(document))


def guardian_side(name: str) -> tuple[str, ...]:
    """What the guardian of the space called `name` can do, and sees."""
    return (
        _("Signs changes; they hold from the next unlock."),
        _(
            "Sees which version holds in “{name}” and which limit is asked for. Nothing of what"
            " is in it."
        ).format(name=name),
    )


def member_side(document: Document) -> tuple[str, ...]:
    """What the member of the space can do."""
    ends = (
        _("Ends these limits alone, at once.")
        if document.adult
        else _("Cannot end these limits alone.")
    )
    return (
        _("Asks for a wider limit; only its name is passed on, no topic and no text."),
        _("Can always choose less: a lower level, more topics without AI."),
        ends,
    )


def standing(ward: Seen) -> tuple[str, ...]:
    """How it stands with limits that were signed for a space, as far as their guardian can tell."""
    return tuple(_standing(ward))


def limit_name(limit: str) -> str:
    """What is asked for, as a sentence names it."""
    return _(_NAMES[limit]) if limit in _NAMES else limit


def _standing(ward: Seen) -> Iterator[str]:
    if ward.signs_now:
        yield _("{guardian} signs its limits now.").format(guardian=ward.signs_now)
    elif ward.ended:
        yield _("Its member ended them.")
    elif not ward.accepted:
        yield _("Its member has not accepted any yet.")
    elif ward.accepted < ward.document.version:
        yield _("Version {version} is in force there until it is unlocked again.").format(
            version=ward.accepted
        )
    else:
        yield _("Version {version} is in force there.").format(version=ward.accepted)
    if ward.went_back_to:
        yield _("That space went back to limits version {version}, and took these again.").format(
            version=ward.went_back_to
        )


def _lines(document: Document, name: str, now: datetime) -> Iterator[str]:
    yield _("Limits of “{name}”, version {version}, signed by {guardian}.").format(
        name=name, version=document.version, guardian=document.guardian
    )
    yield from _of(document.at(now))
    if document.at(now) != document.limits:
        yield _("This was granted for today; tomorrow the lasting limits hold again.")
    yield from _ends(document)
    if document.adult:
        yield _("{name} can end them alone, at once.").format(name=name)
    else:
        yield _("Only {guardian} can change or end them.").format(guardian=document.guardian)
    yield _("{guardian} cannot read this space; neither can anyone else without its keys.").format(
        guardian=document.guardian
    )
    yield _("An answer that comes to a topic left to people, or makes up an address, is not shown.")
    yield from _followers(document)
    if document.space == HOUSEHOLD:
        yield _(
            "They are those of the household, until {guardian} signs others for this space."
        ).format(guardian=document.guardian)
    if document.keeper:
        yield _(
            "The recovery sheet of this space is kept by {name}, who can open it with that."
        ).format(name=document.keeper)
    else:
        yield _(
            "Whoever keeps the recovery sheet of this space can open it. Nobody said who that is."
        )
    yield _(
        "They do not stop another program, another folder or another account of this computer,"
        " nor a clock set forward: an agreement, not a lock."
    )


def _ends(document: Document) -> Iterator[str]:
    if document.ends:
        yield _("They end on {day}.").format(day=document.ends.isoformat())


def _followers(document: Document) -> Iterator[str]:
    if document.heirs:
        who = (heir.name or _("whoever has the paper") for heir in document.heirs)
        yield _("May take over from {guardian}: {names}.").format(
            guardian=document.guardian, names=", ".join(who)
        )


def _of(limits: Limits) -> Iterator[str]:
    yield _("Highest level: {level}, {name}.").format(
        level=limits.highest.value, name=wording.level_name(limits.highest)
    )
    if limits.topics:
        yield _("Left to people: {topics}.").format(
            topics=", ".join(sorted(map(wording.topic_name, limits.topics)))
        )
    if limits.hours:
        windows = (f"{_clock(begin)}–{_clock(end)}" for begin, end in limits.hours)
        yield _("AI only at these hours: {hours}.").format(hours=", ".join(windows))
    if limits.minutes is not None:
        yield ngettext(
            "At most {count} minute with AI a day.",
            "At most {count} minutes with AI a day.",
            limits.minutes,
        ).format(count=limits.minutes)
    if limits.models is not None:
        yield _("Only these models: {models}.").format(models=", ".join(sorted(limits.models)))
    if not limits.cooperative:
        yield _("Nothing goes to a cooperative.")
    if not limits.override:
        yield _("What a model's card does not cover is not asked “anyway”.")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
