# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules: each is a pure function from facts to a cap, a reason and obligations.

A rule can only lower: the decision takes the minimum of all caps and the union of all
obligations, so their order does not matter and none can widen what another allows.
An unknown fact counts as the strictest thing it could be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from safespace.domain import (
    Condition,
    Level,
    LimitsTime,
    Reason,
    Route,
    Sensitivity,
    Subject,
    Topic,
)
from safespace.guard.deciding.facts import PROTECTED, Facts


class Obligation(StrEnum):
    """What must be done beside an answer, wherever it comes from."""

    DEMONSTRATION = "demonstration"
    """Say that this model shows how it works and makes things up."""
    CAUTION = "caution"
    """Say that this question lies outside what is known of the model."""
    REDACT = "redact"
    """Send placeholders in the place of what identifies somebody."""
    PREVIEW = "preview"
    """Show exactly what would be sent."""
    ASK = "ask"
    """Send nothing without a yes to this one."""


SENDING: Final = frozenset(
    {Obligation.REDACT.value, Obligation.PREVIEW.value, Obligation.ASK.value}
)
"""Obligations of sending: where nothing is sent, they are met."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says: no further than `cap`, because of `reason`, and not without these."""

    cap: Route
    reason: Reason | None = None
    obligations: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.cap < Route.COOP and self.reason is None:
            raise ValueError("a rule that caps says why")


Rule = Callable[[Facts], Ruling]


# What is said again and again is made once: rulings are values, and deciding is to take no time.
@lru_cache(512)
def _human(code: str, *values: tuple[str, str]) -> Ruling:
    return Ruling(Route.HUMAN, Reason(code, values))


@lru_cache(512)
def _local(code: str, *values: tuple[str, str]) -> Ruling:
    return Ruling(Route.LOCAL, Reason(code, values))


@lru_cache(512)
def _anyway(code: str, *values: tuple[str, str], cap: Route) -> Ruling:
    return Ruling(cap, Reason(code, values), frozenset({Obligation.CAUTION.value}))


@lru_cache(512)
def listed(topics: frozenset[Topic]) -> str:
    """Topics as one value of a reason."""
    return ",".join(sorted(topic.value for topic in topics))


OPEN: Final = Ruling(Route.COOP)
"""What a rule says that has nothing against it."""
_ASKED: Final = Ruling(Route.COOP, obligations=frozenset({Obligation.ASK.value}))
_SHOWN_AND_ASKED: Final = Ruling(
    Route.COOP, obligations=frozenset({Obligation.PREVIEW.value, Obligation.ASK.value})
)
_A_DEMONSTRATION: Final = Ruling(
    Route.COOP, obligations=frozenset({Obligation.DEMONSTRATION.value})
)
_LEFT_OUT: Final = Ruling(
    Route.COOP_REDACTED,
    Reason("sensitivity.redacted"),
    frozenset({Obligation.REDACT.value, Obligation.PREVIEW.value}),
)
_NO_TOPIC: Final = frozenset[Topic]()

_BY_LEVEL: Final = {
    None: _human("level.unknown"),
    Level.NO_AI: _human("level.no_ai"),
    Level.WHEN_I_ASK: _local("level.here", ("level", "1")),
    Level.AT_MY_SIDE: _local("level.here", ("level", "2")),
    Level.ASK_EACH_TIME: _SHOWN_AND_ASKED,
    Level.COOPERATIVE: OPEN,
}
_BY_HIGHEST: Final = {
    Level.NO_AI: _human("limits.level", ("level", "0")),
    Level.WHEN_I_ASK: _local("limits.level", ("level", "1")),
    Level.AT_MY_SIDE: _local("limits.level", ("level", "2")),
    Level.ASK_EACH_TIME: OPEN,
    Level.COOPERATIVE: OPEN,
}
_BY_TIME: Final = {
    time: OPEN if time is LimitsTime.OPEN else _human(f"limits.time_{time.value}")
    for time in LimitsTime
}
_BY_PIN: Final[dict[Route | None, Ruling]] = {
    None: _human("pin.unknown"),
    **{pin: Ruling(pin, Reason(f"pin.{pin.key}")) for pin in Route if pin < Route.COOP},
    Route.COOP: OPEN,
}
_BY_SUBJECT: Final = {
    None: _local("subject.unknown"),
    Subject.MINOR: _local("subject.minor"),
    Subject.OTHER_ADULT: _SHOWN_AND_ASKED,
    Subject.OWN: _SHOWN_AND_ASKED,
    Subject.NOBODY: OPEN,
}
_BY_SENSITIVITY: Final = {
    None: _local("sensitivity.unknown"),
    Sensitivity.SECRET: _local("sensitivity.secret"),
    Sensitivity.PROTECTED: _local("sensitivity.protected"),
    Sensitivity.IDENTIFYING: _local("sensitivity.identifying"),
    Sensitivity.LIGHT: OPEN,
    Sensitivity.NEUTRAL: OPEN,
}
_BY_CONDITION: Final = {one: _local(f"condition.{one.value}") for one in Condition}
_FIRST_CONDITION: Final = min(Condition)
_IDENTIFYING: Final = Sensitivity.IDENTIFYING
_WHEN_I_ASK: Final = Level.WHEN_I_ASK
_HUMAN: Final = Route.HUMAN
_COOP: Final = Route.COOP
"""Members of enumerations cost more to look up than a rule may cost."""


def level(facts: Facts) -> Ruling:
    """0: no AI. 1 and 2: this computer. 3 and 4: the cooperative too."""
    return _BY_LEVEL[facts.level]


def explicit_request(facts: Facts) -> Ruling:
    """Up to level 1, AI speaks only when asked."""
    if facts.explicit or (facts.level is not None and facts.level > _WHEN_I_ASK):
        return OPEN
    return _human("request.not_explicit")


def limited_level(facts: Facts) -> Ruling:
    """No level goes beyond the highest one that was agreed with a guardian."""
    if facts.limits is None:
        return _human("limits.unknown")
    return _BY_HIGHEST[facts.limits.highest]


def limited_request(facts: Facts) -> Ruling:
    """Who may have AI only when asking gets none unasked."""
    if not facts.explicit and facts.limits and facts.limits.highest <= _WHEN_I_ASK:
        return _human("limits.not_explicit")
    return OPEN


def limited_time(facts: Facts) -> Ruling:
    """AI rests outside the hours and beyond the minutes that were agreed."""
    return _BY_TIME[facts.limits_time]


def limited_topics(facts: Facts) -> Ruling:
    """Topics that were agreed to be left to people."""
    if facts.limits is None or not facts.limits.topics:
        return OPEN  # what is not known, `limited_level` closes
    if facts.topics is None:
        return _human("limits.topic_unknown")
    if touched := facts.topics & facts.limits.topics:
        return _human("limits.topic", ("topics", listed(touched)))
    return OPEN


def limited_models(facts: Facts) -> Ruling:
    """Only the models that were agreed on."""
    if facts.limits is None or facts.limits.models is None or facts.model in facts.limits.models:
        return OPEN
    name = facts.model_name
    return OPEN if name is None else _human("limits.model", ("model", name))


def limited_cooperative(facts: Facts) -> Ruling:
    """Whether the cooperative's computers may help was agreed too."""
    if facts.limits and not facts.limits.cooperative:
        return _local("limits.cooperative")
    return OPEN


def cooperative(facts: Facts) -> Ruling:
    """Who has joined no cooperative sends nothing."""
    return OPEN if facts.cooperative else _local("cooperative.none")


def protected_topics(facts: Facts) -> Ruling:
    """What is protected never leaves this computer, nor does what may be."""
    if facts.topics is None:
        return _local("topic.maybe_protected")
    if touched := facts.topics & PROTECTED:
        return _local("topic.protected", ("topics", listed(touched)))
    return OPEN


def delicate_topics(facts: Facts) -> Ruling:
    """Faith, politics and work leave only where the member agreed: to the topic, or to this."""
    if facts.topics is None or facts.topics - PROTECTED - (facts.agreed or _NO_TOPIC):
        return _SHOWN_AND_ASKED
    return OPEN


def subject(facts: Facts) -> Ruling:
    """What is about a child never leaves; about somebody else's or one's own case, when shown."""
    return _BY_SUBJECT[facts.subject]


def sensitivity(facts: Facts) -> Ruling:
    """Secrets and children never leave; what identifies somebody leaves only as a placeholder."""
    if facts.before is _IDENTIFYING and facts.after is not None and facts.after < _IDENTIFYING:
        return _LEFT_OUT
    return _BY_SENSITIVITY[facts.before]


def conditions(facts: Facts) -> Ruling:
    """Nothing is sent without consent, budget, a trusted site, or a record that can be written."""
    if not facts.cooperative:
        return OPEN  # `cooperative` closes
    if facts.unmet is None:
        return _BY_CONDITION[_FIRST_CONDITION]
    return _BY_CONDITION[min(facts.unmet)] if facts.unmet else OPEN


def possible_names(facts: Facts) -> Ruling:
    """What may be a name is looked at by the member before it leaves."""
    return _ASKED if facts.names_possible else OPEN


def reserved_kinds(facts: Facts) -> Ruling:
    """What a member does without AI, no AI does."""
    if facts.reserved is None:
        return _human("reserved.unknown")
    if facts.kind is None:
        return _human("kind.unknown") if facts.reserved else OPEN
    if facts.kind in facts.reserved:
        return _human("kind.reserved", ("kind", facts.kind.value))
    return OPEN


def kept_topics(facts: Facts) -> Ruling:
    """What a member keeps from AI, no AI sees."""
    kept = facts.topics_without_ai
    if kept is None:
        return _human("kept.unknown")
    if facts.topics is None:
        return _human("topic.unknown") if kept else OPEN
    if touched := facts.topics & kept:
        return _human("topic.kept", ("topics", listed(touched)))
    return OPEN


def topics_kept_here(facts: Facts) -> Ruling:
    """What a member keeps on this computer does not leave it."""
    kept = facts.topics_here
    if kept is None:
        return _local("here.unknown")
    if kept and facts.topics is None:
        return _local("here.topic_unknown")
    if touched := (facts.topics or _NO_TOPIC) & kept:
        return _local("here.topic", ("topics", listed(touched)))
    return OPEN


def hours_without_ai(facts: Facts) -> Ruling:
    """At the hours that a member keeps free of AI, no model is asked."""
    return _human("hours.resting") if facts.resting else OPEN


def pinned(facts: Facts) -> Ruling:
    """A conversation goes no further than its member lets it."""
    return _BY_PIN[facts.pin]


def some_model(facts: Facts) -> Ruling:
    """Without a model there is nobody to ask."""
    return _human("model.none") if facts.model_name is None else OPEN


def known_model(facts: Facts) -> Ruling:
    """A model that nobody described may be fit for nothing; a demonstration says that it is one."""
    if facts.card is None:
        return OPEN if facts.model is None else _unfit(facts, "model.unknown")
    return _A_DEMONSTRATION if facts.card.demonstration else OPEN


def model_fits_topic(facts: Facts) -> Ruling:
    """A model is not asked about what its card rules out."""
    if facts.card is None or not facts.card.not_for:
        return OPEN
    if facts.topics is None:
        return _unfit(facts, "model.topic_unknown", ("topics", listed(facts.card.not_for)))
    if uncovered := facts.topics & facts.card.not_for:
        return _unfit(facts, "model.topic", ("topics", listed(uncovered)))
    return OPEN


def model_fits_language(facts: Facts) -> Ruling:
    """A model is not asked in a language that its card does not list."""
    if facts.card is None:
        return OPEN
    if facts.language is None:
        return _unfit(facts, "model.language_unknown")
    if facts.language not in facts.card.languages:
        return _unfit(facts, "model.language", ("language", facts.language))
    return OPEN


RULES: Final[tuple[Rule, ...]] = (
    level,
    explicit_request,
    reserved_kinds,
    kept_topics,
    topics_kept_here,
    hours_without_ai,
    pinned,
    some_model,
    known_model,
    model_fits_topic,
    model_fits_language,
    protected_topics,
    delicate_topics,
    subject,
    limited_level,
    limited_request,
    limited_time,
    limited_topics,
    limited_models,
    limited_cooperative,
    sensitivity,
    possible_names,
    conditions,
    cooperative,
)


def _unfit(facts: Facts, code: str, *values: tuple[str, str]) -> Ruling:
    """Handed back, unless somebody who may asks it anyway: this cap is about quality alone.

    In distress nobody can: that is when an invented answer does harm.
    """
    assert facts.model_name is not None
    may = facts.overridden and not facts.distress and facts.limits and facts.limits.override
    return _anyway(code, ("model", facts.model_name), *values, cap=_COOP if may else _HUMAN)
