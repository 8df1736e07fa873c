# SPDX-License-Identifier: AGPL-3.0-or-later
"""All detectors over one text: where two claim the same place, the surer one has it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from safespace.guard.detect import contact, dates, numbers, phones, places
from safespace.guard.detect.finding import Finding, Kind
from safespace.guard.detect.marks import Mark
from safespace.guard.detect.minors import Minors
from safespace.guard.detect.names import Names
from safespace.guard.detect.normal import Normal, normal
from safespace.guard.detect.secrets import secrets
from safespace.guard.detect.words import Words

LONGEST: Final = 1_000_000
"""Characters. What is longer is not read, and nothing is known of it."""
_HALVES: Final = re.compile("[\ud800-\udfff\ufffd]")
"""Halves of characters, and what is written in their place: nobody knows what stood there."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in a text, in its order. Not `whole`: it was too long or too broken to read."""

    all: tuple[Finding, ...]
    whole: bool = True

    def of(self, *kinds: Kind) -> tuple[Finding, ...]:
        """Those of some kinds."""
        return tuple(one for one in self.all if one.kind in kinds)


class Scanner:
    """Finds what is personal, with the lists in `folder`, read at the first text. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def scan(self, text: str, region: str | None = None) -> Findings:
        """Everything in `text`. `region`: where numbers without a country's prefix are read first.

        Raises OSError or ValueError when the lists cannot be read.
        """
        if len(text) > LONGEST:
            return Findings((), whole=False)
        plain = normal(text)
        words = Words(plain.text)
        found = [*_apart(self._in_turn(plain, words, region), len(plain.text))]
        found += self._minors.seen(plain.lower, words.said)
        return Findings(
            tuple(
                sorted(
                    Finding(*plain.raw(mark.start, mark.end), mark.kind, mark.detector)
                    for mark in found
                )
            ),
            whole=not _HALVES.search(text),
        )

    def _in_turn(self, plain: Normal, words: Words, region: str | None) -> Iterator[Iterable[Mark]]:
        """The surest first: of what two claim, the first has it."""
        text, lower = plain.text, plain.lower
        yield secrets(text)
        yield contact.emails(lower)
        yield contact.urls(lower)
        yield contact.computers(lower)
        yield numbers.ibans(lower)
        yield numbers.national_ids(lower)
        yield dates.dates(lower, words.said)
        yield numbers.cards(lower)
        yield dates.ages(lower, words.said)
        yield phones.phones(lower, region)
        yield numbers.accounts(lower)
        yield places.addresses(lower, words.said)
        yield places.post_codes(text)
        yield dates.years(lower)
        yield self._names.seen(text, words)
        yield places.streets(lower, words.said)

    @cached_property
    def _names(self) -> Names:
        return Names(self._folder / "names.toml")

    @cached_property
    def _minors(self) -> Minors:
        return Minors(self._folder / "minors.toml")


def _apart(detectors: Iterable[Iterable[Mark]], length: int) -> Iterator[Mark]:
    """Marks that do not overlap one another."""
    taken = bytearray(length)
    for found in detectors:
        for mark in found:
            if mark.start < mark.end and taken.find(1, mark.start, mark.end) < 0:
                taken[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
                yield mark
