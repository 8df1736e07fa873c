# SPDX-License-Identifier: AGPL-3.0-or-later
"""What levels, routes, topics, kinds and findings are called on the screen."""

from collections.abc import Iterable, Sequence
from typing import Final

from safespace.domain import Condition, Level, Route, TaskKind, Topic
from safespace.guard.detect.finding import Kind
from safespace.i18n import N_, _

_LEVELS: Final = {
    Level.NO_AI: (N_("No AI"), N_("You can write, read and export; no model is asked anything.")),
    Level.WHEN_I_ASK: (
        N_("When I ask"),
        N_("A model on this computer answers what you ask. Nothing is sent."),
    ),
    Level.AT_MY_SIDE: (
        N_("At my side"),
        N_("A model on this computer may also help in the background. Nothing is sent."),
    ),
    Level.ASK_EACH_TIME: (
        N_("Ask me each time"),
        N_("The cooperative's computers may help, each time after you saw the words and agreed."),
    ),
    Level.COOPERATIVE: (
        N_("Cooperative"),
        N_(
            "The cooperative's computers may help without asking each time. What is delicate leaves"
            " only after you saw it, or agreed to its topic."
        ),
    ),
}

_ROUTES: Final = {
    Route.HUMAN: N_("no AI"),
    Route.LOCAL: N_("here"),
    Route.COOP_REDACTED: N_("cooperative, shortened"),
    Route.COOP: N_("cooperative"),
}

_KINDS: Final = {
    TaskKind.CHAT: N_("a conversation"),
    TaskKind.SUMMARY: N_("a summary"),
    TaskKind.REWRITE: N_("a rewrite"),
    TaskKind.TRANSLATION: N_("a translation"),
    TaskKind.EXPLANATION: N_("an explanation"),
    TaskKind.LETTER: N_("a letter"),
}

_TOPICS: Final = {
    Topic.HEALTH: N_("health"),
    Topic.MONEY: N_("money"),
    Topic.LEGAL: N_("the law"),
    Topic.MINORS: N_("a child"),
    Topic.INTIMATE: N_("love and intimacy"),
    Topic.BELIEF: N_("faith and politics"),
    Topic.WORK: N_("what stays inside a company"),
    Topic.OTHERS: N_("what somebody told in confidence"),
}

_FOUND: Final = {
    Kind.EMAIL: N_("an e-mail address"),
    Kind.PHONE: N_("a telephone number"),
    Kind.CARD: N_("a card number"),
    Kind.IBAN: N_("an account number"),
    Kind.NATIONAL_ID: N_("an identity number"),
    Kind.ACCOUNT: N_("a customer number"),
    Kind.IP: N_("a computer's address"),
    Kind.DATE: N_("a date of birth"),
    Kind.ADDRESS: N_("an address"),
    Kind.PERSON: N_("a name"),
    Kind.MINOR: N_("something about a child"),
    Kind.SECRET: N_("a password or key"),
}

_NAMED: Final = frozenset(_TOPICS)

_LANGUAGES: Final = {
    "ar": N_("Arabic"),
    "bg": N_("Bulgarian"),
    "cs": N_("Czech"),
    "da": N_("Danish"),
    "de": N_("German"),
    "el": N_("Greek"),
    "en": N_("English"),
    "es": N_("Spanish"),
    "fa": N_("Persian"),
    "fi": N_("Finnish"),
    "fr": N_("French"),
    "he": N_("Hebrew"),
    "hi": N_("Hindi"),
    "hu": N_("Hungarian"),
    "it": N_("Italian"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "nl": N_("Dutch"),
    "no": N_("Norwegian"),
    "pl": N_("Polish"),
    "pt": N_("Portuguese"),
    "ro": N_("Romanian"),
    "ru": N_("Russian"),
    "sv": N_("Swedish"),
    "th": N_("Thai"),
    "tr": N_("Turkish"),
    "uk": N_("Ukrainian"),
    "zh": N_("Chinese"),
}

_MET: Final = {
    Condition.CONSENT: N_("you agree that the cooperative may help with this"),
    Condition.BUDGET: N_("you set more aside for the cooperative's computers"),
    Condition.NETWORK: N_("the network can be trusted"),
    Condition.SITE: N_("the cooperative's computer can be trusted"),
    Condition.STAGES: N_("all parts of the guard work"),
    Condition.RECORD: N_("the activity record can be written"),
    Condition.DECLINED: N_("you say yes to sending it"),
    Condition.UNFIT: N_("the cooperative offers a model that covers this question"),
}


def level_name(level: Level) -> str:
    return _(_LEVELS[level][0])


def level_meaning(level: Level) -> str:
    """What the level permits, in a sentence or two."""
    return _(_LEVELS[level][1])


def route_name(route: Route) -> str:
    """The word of the mark on an answer."""
    return _(_ROUTES[route])


def kind_name(kind: TaskKind) -> str:
    return _(_KINDS[kind])


def topic_name(topic: Topic) -> str:
    return _(_TOPICS[topic])


def topics_named(topics: Sequence[str]) -> str:
    """Topics by their stable names, as people list them; "unknown" is one too."""
    names = [topic_name(Topic(one)) if one in _NAMED else _("something unknown") for one in topics]
    return listed(names)


def listed(names: Sequence[str]) -> str:
    """Names as people list them: "one, two and three"."""
    return _(" and ").join(filter(None, (", ".join(names[:-1]), names[-1])))


def found_name(kind: Kind) -> str:
    """What was found, by what identifies or must never leave."""
    return _(_FOUND[kind]) if kind in _FOUND else _("something that identifies somebody")


def language_name(code: str) -> str:
    """The name of a language; its code where we have no name for it."""
    return _(_LANGUAGES[code]) if code in _LANGUAGES else code


def filled(text: str, values: Iterable[tuple[str, str]]) -> str:
    """A translated sentence with values in it, each by the name that people know it by."""
    named = {"topics": _("certain topics")}  # of which a record may not say which
    for key, value in values:
        match key:
            case "level":
                named |= {key: value, "level_name": level_name(Level(int(value)))}
            case "topics":
                named[key] = topics_named(value.split(","))
            case "kinds":
                named[key] = listed([found_name(Kind(kind)) for kind in value.split(",")])
            case "conditions":
                named[key] = listed([_(_MET[Condition(one)]) for one in value.split(",")])
            case "kind":
                named[key] = kind_name(TaskKind(value))
            case "language":
                named[key] = language_name(value)
            case _:
                named[key] = value
    return _(text).format_map(named)
