# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plain sentence for every reason, and what to do about it."""

from collections.abc import Sequence
from typing import Final

from safespace.domain import Reason, Route
from safespace.guard.wording.names import filled, route_name
from safespace.i18n import N_, _

_LEVEL_UP: Final = N_("You can choose another level at any time.")
_ASK_SOMEBODY_ELSE: Final = N_("Choose a bigger model, or ask a person who knows.")

REASONS: Final = {
    "level.unknown": (N_("Your level could not be read, so no model was asked."), _LEVEL_UP),
    "level.no_ai": (N_("You are at level 0, No AI: no model was asked."), _LEVEL_UP),
    "level.here": (
        N_("At level {level}, {level_name}, your words stay on this computer."),
        _LEVEL_UP,
    ),
    "request.not_explicit": (
        N_("Nobody asked for this, and at level 1 a model only answers when you ask."),
        N_("Ask for it yourself, or choose level 2."),
    ),
    "reserved.unknown": (
        N_("It could not be read which tasks you do yourself, so no model was asked."),
        N_("Look at “I do these myself” on the page “How far AI goes”."),
    ),
    "kind.unknown": (
        N_("This may be one of the tasks you do yourself, so no model was asked."),
        N_("Look at “I do these myself” on the page “How far AI goes”."),
    ),
    "kind.reserved": (
        N_("This looks like {kind}, and you do those yourself."),
        N_("Look at “I do these myself” on the page “How far AI goes”."),
    ),
    "kept.unknown": (
        N_("It could not be read which topics you keep from AI, so no model was asked."),
        N_("Look at “Topics without AI” on the page “How far AI goes”."),
    ),
    "topic.unknown": (
        N_("This may be about a topic that you keep from AI, so no model was asked."),
        N_("Look at “Topics without AI” on the page “How far AI goes”."),
    ),
    "topic.kept": (
        N_("This is about {topics}, which you keep from AI."),
        N_("Look at “Topics without AI” on the page “How far AI goes”."),
    ),
    "topic.protected": (
        N_("What you write about {topics} never leaves this computer."),
        "",
    ),
    "topic.maybe_protected": (
        N_("It could not be told what this is about, so it does not leave this computer."),
        "",
    ),
    "subject.unknown": (
        N_("It could not be told whom this is about, so it does not leave this computer."),
        "",
    ),
    "subject.minor": (
        N_("This is about a child, and that never leaves this computer."),
        "",
    ),
    "here.unknown": (
        N_("It could not be read which topics you keep on this computer, so this stays here."),
        N_("Look at “Topics that stay here” in the settings."),
    ),
    "here.topic_unknown": (
        N_("This may be about a topic that you keep on this computer, so it stays here."),
        N_("Look at “Topics that stay here” in the settings."),
    ),
    "here.topic": (
        N_("This is about {topics}, which you keep on this computer."),
        N_("Look at “Topics that stay here” in the settings."),
    ),
    "hours.resting": (
        N_("These are your hours without AI, or it could not be read whether they are."),
        N_("Look at “Hours without AI” on the page “How far AI goes”."),
    ),
    "pin.unknown": (
        N_("It could not be read how far this conversation may go, so no model was asked."),
        N_("Lock the space and unlock it again."),
    ),
    "pin.human": (
        N_("You keep this conversation without AI."),
        N_("Change that above the conversation."),
    ),
    "pin.local": (
        N_("You keep this conversation on this computer."),
        N_("Change that above the conversation."),
    ),
    "pin.coop_redacted": (
        N_("You let nothing of this conversation go without names and numbers left out."),
        N_("Change that above the conversation."),
    ),
    "sensitivity.unknown": (
        N_("It could not be told what this gives away, so it does not leave this computer."),
        "",
    ),
    "sensitivity.secret": (
        N_("There is a password or a key in this, and those never leave this computer."),
        N_("Leave it out."),
    ),
    "sensitivity.protected": (
        N_("This is about a child, and that never leaves this computer."),
        "",
    ),
    "sensitivity.identifying": (
        N_("This shows who somebody is even after names and numbers are left out."),
        N_("Leave out what identifies somebody."),
    ),
    "sensitivity.redacted": (
        N_("There are names or numbers in this that identify somebody: they would be left out."),
        "",
    ),
    "condition.consent": (
        N_("You have not agreed that the cooperative may help with this, so it stays here."),
        "",
    ),
    "condition.budget": (
        N_("What you set aside for the cooperative's computers is used up, so it stays here."),
        "",
    ),
    "condition.network": (
        N_("It is not certain that the network can be trusted, so it stays here."),
        "",
    ),
    "condition.site": (
        N_("It is not certain that the cooperative's computer can be trusted, so it stays here."),
        "",
    ),
    "condition.stages": (
        N_("A part of the guard did not work, so this stays here."),
        "",
    ),
    "condition.record": (
        N_("The activity record cannot be written, so nothing is sent."),
        "",
    ),
    "condition.declined": (
        N_("You saw what would be sent and kept it here."),
        N_("Have it answered again, and you are asked again."),
    ),
    "condition.unfit": (
        N_("The cooperative's computers are not fit for this one, so it stays here."),
        "",
    ),
    "model.none": (
        N_("There is no model on this computer yet."),
        N_("Put one on the model shelf, or ask a person."),
    ),
    "model.unknown": (
        N_("Nothing is known about the model {model}: it may make things up."),
        N_("Choose a model that is known, or ask a person."),
    ),
    "model.topic": (
        N_("{model} is not made for questions about {topics}: it would invent an answer."),
        _ASK_SOMEBODY_ELSE,
    ),
    "model.topic_unknown": (
        N_("{model} is not made for {topics}, and it could not be told what this is about."),
        _ASK_SOMEBODY_ELSE,
    ),
    "model.language": (
        N_("{model} does not know {language}: it would invent an answer."),
        _ASK_SOMEBODY_ELSE,
    ),
    "model.language_unknown": (
        N_("It could not be told which language this is, so {model} may not know it."),
        N_("Write a little more, or choose a model that knows many languages."),
    ),
    "limits.unknown": (
        N_("The limits of this space could not be read, so no model was asked."),
        N_("Lock the space and unlock it again. If that does not help, restore a backup."),
    ),
    "limits.level": (
        N_("Your limits go up to level {level}, {level_name}."),
        N_("You can ask your guardian for more."),
    ),
    "limits.not_explicit": (
        N_("Nobody asked for this, and by your limits a model only answers when you ask."),
        N_("Ask for it yourself."),
    ),
    "limits.time_unknown": (
        N_("It could not be read whether your limits allow AI now, so no model was asked."),
        N_("Lock the space and unlock it again."),
    ),
    "limits.time_clock": (
        N_("The clock of this computer was set back, so your hours with AI are closed."),
        N_("Set the clock right, or wait until it is as late again."),
    ),
    "limits.time_hours": (
        N_("By your limits, AI rests at this hour."),
        N_("You can ask your guardian for more."),
    ),
    "limits.time_minutes": (
        N_("Your minutes with AI for today are used up."),
        N_("You can ask your guardian for more."),
    ),
    "limits.topic": (
        N_("This is about {topics}, which your limits leave to people."),
        N_("Talk to somebody you trust."),
    ),
    "limits.topic_unknown": (
        N_("This may be about a topic that your limits leave to people."),
        N_("Talk to somebody you trust."),
    ),
    "limits.model": (
        N_("{model} is not among the models of your limits."),
        N_("Choose another model, or ask your guardian for this one."),
    ),
    "limits.cooperative": (
        N_("By your limits, nothing goes further than this computer."),
        "",
    ),
    "cooperative.none": (
        N_("You have joined no cooperative, so nothing goes further than this computer."),
        "",
    ),
    "answer.topic": (
        N_("The answer came to {topics}, which your limits leave to people: the rest is left out."),
        N_("Talk to somebody you trust."),
    ),
    "answer.contact": (
        N_("The answer made up an address or a number: from there on it is left out."),
        N_("Ask in other words, or ask a person."),
    ),
    "answer.distress": (
        N_("The answer came to something that is for people to talk about: it is left out."),
        N_("Talk to somebody you trust."),
    ),
    "answer.unread": (
        N_("It could not be told what the answer is about, so it is left out."),
        N_("Ask in other words, or ask a person."),
    ),
    "help.page": (
        N_("This is from the help page “{page}”: no model was asked."),
        "",
    ),
    "rule.failed": (
        N_("A rule of the guard failed ({rule}), so no model was asked."),
        N_("This is a mistake of Safe Space. Please report it."),
    ),
}
"""Per code of a reason: the sentence, and what to do about it."""


_OTHERS: Final = (
    N_("Another version of Safe Space decided this, by a rule unknown to this one."),
    "",
)
"""Of a mark that was kept under a code that this version has no words for."""


def sentence(reason: Reason) -> str:
    """Why, in one sentence."""
    return filled(REASONS.get(reason.code, _OTHERS)[0], reason.values)


def plain(route: Route, decisive: Sequence[Reason]) -> str:
    """Where a task goes, and the first reason why, in one sentence."""
    where = route_name(route)
    why = sentence(decisive[0]) if decisive else _("Nothing in it has to stay here.")
    return f"{where[:1].upper()}{where[1:]}: {why}"


def way_on(reason: Reason) -> str:
    """What to do about it; empty where there is nothing to do."""
    text = REASONS.get(reason.code, _OTHERS)[1]
    return filled(text, reason.values) if text else ""
