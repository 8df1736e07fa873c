# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of self-harm, abuse or overdose, and people to call.

Works at every level, without a model. What it sees is recorded nowhere and told to nobody.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from safespace.guard.text.lexicon import Lexicon, listed, outside, words
from safespace.i18n import N_, _

_ORDINARY: Final = "ordinary"
_ANYWHERE: Final = "??"

_HELPS: Final = {
    "emergency": N_("When life is in danger: ambulance and police."),
    "crisis": N_("People who listen, also when you think of ending your life."),
    "crisis_some": N_("People who listen. In many countries of Europe, not in all."),
    "abuse": N_("When somebody hurts or threatens you."),
    "children": N_("For children and young people."),
    "poison": N_("When somebody swallowed something dangerous."),
}

_NO_PROPER_NAMES: Final = (
    N_("Emergency services"),
    N_("European emergency number"),
    N_("European number for emotional support"),
)
"""Names of lines that are translated; the others are called the same in every language."""

_CALLED_FOR: Final = {"abuse": "abuse", "poison": "overdose"}
"""Lines that are shown for one kind of distress only; the others are always shown."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Somebody to call. `source` says so, and was read on the day `checked` (ISO 8601)."""

    name: str
    number: str
    helps: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class HelpCard:
    """What is shown beside an answer; its texts are in the member's language."""

    sentence: str
    lines: tuple[HelpLine, ...]


class Distress:
    """Looks for the words listed in `file`, read at the first text. Any thread."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def card_for(self, text: str, country: str | None) -> HelpCard | None:
        """The card for `text`, with the lines of `country` (ISO 3166 code); None: not called for.

        In a country without checked lines the card has none, and its sentence says what to do.
        """
        kinds = self.seen_in(text)
        return self._card(kinds, country) if kinds else None

    def seen_in(self, text: str) -> frozenset[str]:
        """The kinds of distress that `text` speaks of."""
        found = list(self._lexicon.find(words(text)))
        ordinary = [one for one in found if one.label == _ORDINARY]
        return frozenset(one.label for one in outside(ordinary, found) if one.label != _ORDINARY)

    def _card(self, kinds: frozenset[str], country: str | None) -> HelpCard:
        lines = tuple(
            _help_line(line)
            for line in self._data["lines"]
            if (country or _ANYWHERE) in line["countries"]
            and _CALLED_FOR.get(line["helps"]) in (None, *kinds)
        )
        if lines:
            return HelpCard(_("If this is about you or someone near you: talk to a person."), lines)
        return HelpCard(
            _(
                "If this is about you or someone near you: talk to a person. In danger, call the "
                "emergency number of the country you are in."
            ),
            (),
        )

    @cached_property
    def _data(self) -> dict[str, Any]:
        return tomllib.loads(self._file.read_text("utf-8"))

    @cached_property
    def _lexicon(self) -> Lexicon[str]:
        return Lexicon(
            (entry, kind)
            for kind, by_language in self._data["words"].items()
            for entries in by_language.values()
            for entry in listed(entries)
        )


def _help_line(line: Mapping[str, str]) -> HelpLine:
    """A line of the file in the member's language."""
    name, helps = line["name"], line["helps"]
    return HelpLine(_(name), line["number"], _(_HELPS[helps]), line["source"], line["checked"])
