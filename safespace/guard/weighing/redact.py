# SPDX-License-Identifier: AGPL-3.0-or-later
"""Placeholders in the place of what identifies somebody, and the way back.

One `Placeholders` belongs to one conversation: the same words get the same placeholder in every
turn, and only here is known what it stands for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from safespace.domain import Placeholder, Sensitivity
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Findings, Scanner
from safespace.guard.weighing.sensitivity import of_finding, of_findings

_NAMES: Final = {
    Kind.EMAIL: "Email",
    Kind.PHONE: "Phone",
    Kind.CARD: "Card",
    Kind.IBAN: "IBAN",
    Kind.NATIONAL_ID: "ID",
    Kind.ACCOUNT: "Account",
    Kind.IP: "Computer",
    Kind.DATE: "Date",
    Kind.ADDRESS: "Address",
    Kind.PERSON: "Person",
    Kind.NAME: "Name",
}
_PLACEHOLDER: Final = re.compile(rf"\[(?:{'|'.join(_NAMES.values())}) [1-9]\d{{0,5}}\]")
_INNER: Final = r"(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500}"
_OURS: Final = r"\[[A-Z][A-Za-z]{1,10} \d{1,6}\]"
_PLACE: Final = re.compile(
    rf"!?\[{_INNER}\](?:\((?:[^()\n]|\([^()\n]{{0,500}}\)){{0,4000}}\)?|\[{_INNER}\])|"
    r"^ {0,3}\[[^\]\n]{1,500}\]:[^\n]{0,4000}|"
    r"<[A-Za-z/!][^<>]{0,4000}>?|"
    r"(?:[A-Za-z][A-Za-z\d+.-]{0,20}:/{1,3}|(?:mailto|tel|sms|data|file|javascript):|[Ww]{3}\.|//)"
    r"(?:\[[^\[\]\n]{0,60}\]|[^\s<>\"'\[\]]){1,4000}|"
    rf"(?:[~.]{{0,2}}|[A-Za-z]:)[/\\](?:{_OURS}|[^\s\[\]<>\"'()]){{1,400}}|"
    rf"(?:{_OURS}|[^\s\[\]<>\"'()]){{1,200}}[/\\](?:{_OURS}|[^\s\[\]<>\"'()]){{1,200}}"
    rf"[/\\](?:{_OURS}|[^\s\[\]<>\"'()]){{0,200}}|"
    rf"(?:{_OURS}|[\w-]){{1,200}}\.(?:[a-z][a-z\d]{{0,4}}|[A-Z][A-Z\d]{{1,4}})\b",
    re.MULTILINE,
)
"""Links, images, tags, addresses, paths and file names: what is put into one of these travels."""
_ROUNDS: Final = 4

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with placeholders. `after` is what it still gives away; None: that is unknown."""

    text: str
    after: Sensitivity | None


class Placeholders:
    """What each placeholder of a conversation stands for. Not safe on several threads at once."""

    def __init__(self, kept: Iterable[Placeholder] = ()) -> None:
        """Go on with those that were `kept` of earlier turns."""
        self._meant: dict[str, str] = {}
        self._made: dict[str, str] = {}
        self._kinds: dict[str, Kind] = {}
        self._typed: set[str] = set()
        for one in kept:
            self._know(one.made, one.meant, Kind(one.kind))

    def known(self) -> tuple[Placeholder, ...]:
        """All of them, the first one first."""
        kinds = self._kinds
        return tuple(
            Placeholder(made, meant, kinds.get(meant, Kind.PERSON))
            for made, meant in self._meant.items()
        )

    def redact(self, text: str, scanner: Scanner, region: str | None = None) -> Redacted:
        """`text` with a placeholder for everything that identifies somebody.

        What a person typed that looks like a placeholder gets one of its own, so that it comes
        back as it was. Scanned again until nothing changes; secrets and children are not
        replaced, since what holds them never leaves.
        """
        typed = list(_PLACEHOLDER.finditer(text))
        self._typed.update(one.group() for one in typed)
        text = self._with_placeholders(text, [(one.span(), Kind.PERSON) for one in typed])
        for _round in range(_ROUNDS):
            found = scanner.scan(text, region)
            places = [one.span() for one in _PLACEHOLDER.finditer(text)]
            replaced = self._with_placeholders(
                text, [place for place in self._identifying(text, found) if _free(place[0], places)]
            )
            if replaced == text:
                return Redacted(text, of_findings(beside(text, found)))
            text = replaced
        return Redacted(text, None)

    def restore(self, text: str) -> str:
        """`text` with what our placeholders stand for, but never inside a link or a file name."""
        kept: list[str] = []
        done = 0
        for place in _PLACE.finditer(text):
            if not _PLACEHOLDER.sub("", place.group()):
                continue  # nothing but placeholders: "[Person 1][Person 2]" is no link of ours
            kept += (self._filled(text[done : place.start()]), place.group())
            done = place.end()
        kept.append(self._filled(text[done:]))
        return "".join(kept)

    def _filled(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self._meant.get(found[0], found[0]), text)

    def _identifying(self, text: str, found: Findings) -> Iterator[tuple[Span, Kind]]:
        """What is replaced: all that identifies, first names, and what once got a placeholder."""
        for one in found.all:
            identifies = of_finding(one) is Sensitivity.IDENTIFYING
            if one.kind in _NAMES and (identifies or one.kind in (Kind.PERSON, Kind.NAME)):
                yield (one.start, one.end), one.kind
        if self._kinds:
            known = sorted(self._kinds, key=len, reverse=True)
            for seen in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", text):
                yield seen.span(), self._kinds[seen.group()]

    def _with_placeholders(self, text: str, places: Iterable[tuple[Span, Kind]]) -> str:
        kept: list[str] = []
        done = 0
        for (start, end), kind in sorted(places):
            if start >= done:
                kept += (text[done:start], self._placeholder(kind, text[start:end]))
                done = end
        return "".join((*kept, text[done:]))

    def _placeholder(self, kind: Kind, words: str) -> str:
        if words not in self._made:
            number = 1
            while (made := f"[{_NAMES[kind]} {number}]") in self._meant or made in self._typed:
                number += 1
            self._know(made, words, kind)
        return self._made[words]

    def _know(self, made: str, words: str, kind: Kind) -> None:
        self._made[words], self._meant[made] = made, words
        if _PLACEHOLDER.fullmatch(words):
            self._typed.add(words)
        else:
            self._kinds[words] = kind


def beside(text: str, found: Findings) -> Findings:
    """What was found in `text` beside its placeholders."""
    places = [one.span() for one in _PLACEHOLDER.finditer(text)]
    rest = (one for one in found.all if not _within((one.start, one.end), places))
    return Findings(tuple(rest), found.whole)


class Restoring:
    """An answer that is restored while it arrives: line by line, since no link goes over a line."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._waiting = ""

    def add(self, words: str) -> str:
        """What may be shown now that these words have come."""
        self._waiting += words
        whole, ended, rest = self._waiting.rpartition("\n")
        self._waiting = rest
        return self._placeholders.restore(whole + ended)

    def end(self) -> str:
        """The rest: no more will come."""
        rest, self._waiting = self._waiting, ""
        return self._placeholders.restore(rest)


def _free(span: Span, places: Iterable[Span]) -> bool:
    """Whether it touches none of `places`."""
    return not any(start < span[1] and span[0] < end for start, end in places)


def _within(span: Span, places: Iterable[Span]) -> bool:
    """Whether it lies in one of `places`: what stands half in one still counts."""
    return any(start <= span[0] and span[1] <= end for start, end in places)
