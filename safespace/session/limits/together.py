# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits of several guardians in one space: what each of them permits, and no more. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from safespace.domain import Limits
from safespace.session.limits.document import Document

Windows = tuple[tuple[int, int], ...]


def narrowest(one: Limits, other: Limits) -> Limits:
    """What both permit."""
    hours = _common(one.hours, other.hours)
    minutes = [limits.minutes for limits in (one, other) if limits.minutes is not None]
    models = [limits.models for limits in (one, other) if limits.models is not None]
    if one.hours and other.hours and not hours:
        minutes = [0]  # no hour of the day is left
    return Limits(
        min(one.highest, other.highest),
        one.topics | other.topics,
        hours,
        min(minutes, default=None),
        frozenset.intersection(*models) if models else None,
        one.cooperative and other.cooperative,
        one.override and other.override,
    )


def together(documents: Sequence[Document], now: datetime) -> Document:
    """As one document, for reading: nobody signed it. At least one is given."""
    first, *others = documents
    for other in others:
        ends = (first.ends, other.ends)
        first = replace(
            first,
            guardian=f"{first.guardian}, {other.guardian}",
            adult=first.adult and other.adult,
            ends=None if None in ends else max(filter(None, ends)),
            limits=narrowest(first.at(now), other.at(now)),
            today=None,
            until=None,
        )
    return first


def _common(one: Windows, other: Windows) -> Windows:
    """The parts of a day that lie in both; no windows are the whole day."""
    if not (one and other):
        return one or other
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted({(begin, end) for begin, end in both if begin < end}))
