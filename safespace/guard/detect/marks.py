# SPDX-License-Identifier: AGPL-3.0-or-later
"""A place in normalised text that a detector marked, before it is told in raw offsets."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from safespace.guard.detect.finding import Kind


class Mark(NamedTuple):
    """From `start` up to `end`, not included, in normalised text."""

    start: int
    end: int
    kind: Kind
    detector: str


def marks(pattern: re.Pattern[str], text: str, kind: Kind, detector: str) -> Iterator[Mark]:
    """One mark for each match; the group named `it`, where there is one, is the place."""
    group = "it" if "it" in pattern.groupindex else 0
    for found in pattern.finditer(text):
        yield Mark(found.start(group), found.end(group), kind, detector)


def near(words: re.Pattern[str], text: str, start: int, end: int, *, before: int = 40) -> bool:
    """Whether any of `words` stands shortly before a place, or directly after it."""
    return bool(words.search(text, max(0, start - before), min(len(text), end + 12)))


def holds(text: str, signs: Iterable[str]) -> bool:
    """Whether any of `signs` stands in `text`: quick to tell, so it is asked before a pattern."""
    for sign in signs:  # noqa: SIM110  a loop takes half the time of any()
        if sign in text:
            return True
    return False
