# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a text gives away, by what was found in it."""

from typing import Final

from safespace.domain import Sensitivity, Topic
from safespace.guard.deciding.facts import PROTECTED
from safespace.guard.detect.finding import Finding, Kind
from safespace.guard.detect.scan import Findings

_BY_KIND: Final = {
    Kind.EMAIL: Sensitivity.IDENTIFYING,
    Kind.PHONE: Sensitivity.IDENTIFYING,
    Kind.CARD: Sensitivity.IDENTIFYING,
    Kind.IBAN: Sensitivity.IDENTIFYING,
    Kind.NATIONAL_ID: Sensitivity.IDENTIFYING,
    Kind.ACCOUNT: Sensitivity.IDENTIFYING,
    Kind.IP: Sensitivity.IDENTIFYING,
    Kind.URL: Sensitivity.LIGHT,
    Kind.DATE: Sensitivity.LIGHT,
    Kind.AGE: Sensitivity.LIGHT,
    Kind.ADDRESS: Sensitivity.IDENTIFYING,
    Kind.PERSON: Sensitivity.IDENTIFYING,
    Kind.NAME: Sensitivity.LIGHT,
    Kind.PLACE: Sensitivity.LIGHT,
    Kind.MINOR: Sensitivity.PROTECTED,
    Kind.SECRET: Sensitivity.SECRET,
}
_BY_DETECTOR: Final = {
    "date.birth": Sensitivity.IDENTIFYING,
    "person.first": Sensitivity.LIGHT,
}
"""Detectors that say more, or less, than the kind alone."""


def of_finding(found: Finding) -> Sensitivity:
    """The class of one finding."""
    return _BY_DETECTOR.get(found.detector, _BY_KIND[found.kind])


def of_findings(found: Findings) -> Sensitivity | None:
    """The highest class of all that was found; None where the text was not read."""
    if not found.whole:
        return None
    return max(map(of_finding, found.all), default=Sensitivity.NEUTRAL)


def with_topics(found: Sensitivity | None, topics: frozenset[Topic] | None) -> Sensitivity | None:
    """The class of a text that is about `topics`."""
    if found is None or found is Sensitivity.SECRET:
        return found
    if topics is None:
        return None
    return max(found, Sensitivity.PROTECTED) if topics & PROTECTED else found
