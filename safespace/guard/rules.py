# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules: each is a pure function from facts to a cap, a reason and obligations.

A rule can only lower: the decision takes the minimum of all caps and the union of all
obligations, so their order does not matter and none can widen what another allows.
An unknown fact counts as the strictest thing it could be.
"""

from collections.abc import Callable, Iterable
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
from safespace.guard.facts import PROTECTED, Facts


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

_OPEN: Final = Ruling(Route.COOP)
_ALL_CONDITIONS: Final = frozenset(Condition)
_CAUTION: Final = frozenset({Obligation.CAUTION.value})
_SHOWN_AND_ASKED: Final = frozenset({Obligation.PREVIEW.value, Obligation.ASK.value})
_LEFT_OUT: Final = frozenset({Obligation.REDACT.value, Obligation.PREVIEW.value})
_ASKED: Final = frozenset({Obligation.ASK.value})


def level(facts: Facts) -> Ruling:
    """0: no AI. 1 and 2: this computer. 3 and 4: the cooperative too."""
    match facts.level:
        case None:
            return _human("level.unknown")
        case Level.NO_AI:
            return _human("level.no_ai")
        case Level.WHEN_I_ASK | Level.AT_MY_SIDE:
            return _local("level.here", level=str(facts.level.value))
        case Level.ASK_EACH_TIME:
            return Ruling(Route.COOP, obligations=_SHOWN_AND_ASKED)
        case Level.COOPERATIVE:
            return _OPEN


def explicit_request(facts: Facts) -> Ruling:
    """Up to level 1, AI speaks only when asked."""
    if facts.explicit or (facts.level is not None and facts.level > Level.WHEN_I_ASK):
        return _OPEN
    return _human("request.not_explicit")


def limited_level(facts: Facts) -> Ruling:
    """No level goes beyond the highest one that was agreed with a guardian."""
    match facts.limits and facts.limits.highest:
        case None:
            return _human("limits.unknown")
        case Level.NO_AI:
            return _human("limits.level", level="0")
        case Level.WHEN_I_ASK | Level.AT_MY_SIDE as highest:
            return Ruling(Route.LOCAL, _reason("limits.level", level=str(highest.value)))
        case _:
            return _OPEN


def limited_request(facts: Facts) -> Ruling:
    """Who may have AI only when asking gets none unasked."""
    if facts.limits and facts.limits.highest <= Level.WHEN_I_ASK and not facts.explicit:
        return _human("limits.not_explicit")
    return _OPEN


def limited_time(facts: Facts) -> Ruling:
    """AI rests outside the hours and beyond the minutes that were agreed."""
    if facts.limits_time is LimitsTime.OPEN:
        return _OPEN
    return _human(f"limits.time_{facts.limits_time.value}")


def limited_topics(facts: Facts) -> Ruling:
    """Topics that were agreed to be left to people."""
    if facts.limits is None or not facts.limits.topics:
        return _OPEN  # what is not known, `limited_level` closes
    if facts.topics is None:
        return _human("limits.topic_unknown")
    if touched := facts.topics & facts.limits.topics:
        return _human("limits.topic", topics=listed(touched))
    return _OPEN


def limited_models(facts: Facts) -> Ruling:
    """Only the models that were agreed on."""
    if facts.limits is None or facts.limits.models is None or facts.model_name is None:
        return _OPEN
    if facts.model in facts.limits.models:
        return _OPEN
    return _human("limits.model", model=facts.model_name)


def limited_cooperative(facts: Facts) -> Ruling:
    """Whether the cooperative's computers may help was agreed too."""
    if facts.limits and not facts.limits.cooperative:
        return Ruling(Route.LOCAL, _reason("limits.cooperative"))
    return _OPEN


def cooperative(facts: Facts) -> Ruling:
    """Who has joined no cooperative sends nothing."""
    return _OPEN if facts.cooperative else _local("cooperative.none")


def protected_topics(facts: Facts) -> Ruling:
    """What is protected never leaves this computer, nor does what may be."""
    if facts.topics is None:
        return _local("topic.maybe_protected")
    if touched := facts.topics & PROTECTED:
        return _local("topic.protected", topics=listed(touched))
    return _OPEN


def delicate_topics(facts: Facts) -> Ruling:
    """Faith, politics and work leave only where the member agreed: to the topic, or to this."""
    agreed = frozenset[Topic]() if facts.agreed is None else facts.agreed
    if facts.topics is None or facts.topics - PROTECTED - agreed:
        return Ruling(Route.COOP, obligations=_SHOWN_AND_ASKED)
    return _OPEN


def subject(facts: Facts) -> Ruling:
    """What is about a child never leaves; about somebody else's or one's own case, when shown."""
    match facts.subject:
        case None:
            return _local("subject.unknown")
        case Subject.MINOR:
            return _local("subject.minor")
        case Subject.OTHER_ADULT | Subject.OWN:
            return Ruling(Route.COOP, obligations=_SHOWN_AND_ASKED)
        case Subject.NOBODY:
            return _OPEN


def sensitivity(facts: Facts) -> Ruling:
    """Secrets and children never leave; what identifies somebody leaves only as a placeholder."""
    match facts.before:
        case None:
            return _local("sensitivity.unknown")
        case Sensitivity.SECRET:
            return _local("sensitivity.secret")
        case Sensitivity.PROTECTED:
            return _local("sensitivity.protected")
        case Sensitivity.IDENTIFYING:
            if facts.after is None or facts.after >= Sensitivity.IDENTIFYING:
                return _local("sensitivity.identifying")
            return Ruling(Route.COOP_REDACTED, _reason("sensitivity.redacted"), _LEFT_OUT)
        case Sensitivity.NEUTRAL | Sensitivity.LIGHT:
            return _OPEN


def conditions(facts: Facts) -> Ruling:
    """Nothing is sent without consent, budget, a trusted site, or a record that can be written."""
    if not facts.cooperative:
        return _OPEN  # `cooperative` closes
    unmet = _ALL_CONDITIONS if facts.unmet is None else facts.unmet
    if unmet:
        return _local(f"condition.{min(unmet).value}")
    return _OPEN


def possible_names(facts: Facts) -> Ruling:
    """What may be a name is looked at by the member before it leaves."""
    return Ruling(Route.COOP, obligations=_ASKED) if facts.names_possible else _OPEN


def reserved_kinds(facts: Facts) -> Ruling:
    """What a member does without AI, no AI does."""
    if facts.reserved is None:
        return _human("reserved.unknown")
    if facts.kind is None:
        return _human("kind.unknown") if facts.reserved else _OPEN
    if facts.kind in facts.reserved:
        return _human("kind.reserved", kind=facts.kind.value)
    return _OPEN


def kept_topics(facts: Facts) -> Ruling:
    """What a member keeps from AI, no AI sees."""
    kept = facts.topics_without_ai
    if kept is None:
        return _human("kept.unknown")
    if facts.topics is None:
        return _human("topic.unknown") if kept else _OPEN
    if touched := facts.topics & kept:
        return _human("topic.kept", topics=listed(touched))
    return _OPEN


def topics_kept_here(facts: Facts) -> Ruling:
    """What a member keeps on this computer does not leave it."""
    kept = facts.topics_here
    if kept is None:
        return _local("here.unknown")
    if kept and facts.topics is None:
        return _local("here.topic_unknown")
    if touched := (facts.topics or frozenset()) & kept:
        return _local("here.topic", topics=listed(touched))
    return _OPEN


def hours_without_ai(facts: Facts) -> Ruling:
    """At the hours that a member keeps free of AI, no model is asked."""
    return _human("hours.resting") if facts.resting else _OPEN


def pinned(facts: Facts) -> Ruling:
    """A conversation goes no further than its member lets it."""
    if facts.pin is None:
        return _human("pin.unknown")
    if facts.pin < Route.COOP:
        return Ruling(facts.pin, _reason(f"pin.{facts.pin.key}"))
    return _OPEN


def some_model(facts: Facts) -> Ruling:
    """Without a model there is nobody to ask."""
    return _human("model.none") if facts.model_name is None else _OPEN


def known_model(facts: Facts) -> Ruling:
    """A model that nobody described may be fit for nothing; a demonstration says that it is one."""
    if facts.model_name is None:
        return _OPEN
    if facts.card is None:
        return _unfit(facts, "model.unknown")
    if facts.card.demonstration:
        return Ruling(Route.COOP, obligations=frozenset({Obligation.DEMONSTRATION.value}))
    return _OPEN


def model_fits_topic(facts: Facts) -> Ruling:
    """A model is not asked about what its card rules out."""
    if facts.card is None or not facts.card.not_for:
        return _OPEN
    if facts.topics is None:
        return _unfit(facts, "model.topic_unknown", topics=listed(facts.card.not_for))
    if uncovered := facts.topics & facts.card.not_for:
        return _unfit(facts, "model.topic", topics=listed(uncovered))
    return _OPEN


def model_fits_language(facts: Facts) -> Ruling:
    """A model is not asked in a language that its card does not list."""
    if facts.card is None:
        return _OPEN
    if facts.language is None:
        return _unfit(facts, "model.language_unknown")
    if facts.language not in facts.card.languages:
        return _unfit(facts, "model.language", language=facts.language)
    return _OPEN


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


def _unfit(facts: Facts, code: str, **values: str) -> Ruling:
    """Handed back, unless somebody who may asks it anyway: this cap is about quality alone.

    In distress nobody can: that is when an invented answer does harm.
    """
    assert facts.model_name is not None
    reason = _reason(code, model=facts.model_name, **values)
    may = facts.limits is not None and facts.limits.override
    anyway = facts.overridden and may and not facts.distress
    return Ruling(Route.COOP if anyway else Route.HUMAN, reason, _CAUTION)


# What is said again and again is made once: rulings are values, and deciding is to take no time.
@lru_cache(256)
def _human(code: str, **values: str) -> Ruling:
    return Ruling(Route.HUMAN, _reason(code, **values))


@lru_cache(256)
def _local(code: str, **values: str) -> Ruling:
    return Ruling(Route.LOCAL, _reason(code, **values))


def _reason(code: str, **values: str) -> Reason:
    return Reason(code, tuple(values.items()))


def listed(members: Iterable[Topic]) -> str:
    """Topics as one value of a reason."""
    return ",".join(sorted(member.value for member in members))
