# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates, years and days of the week; dates of birth; ages."""

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, marks

_MONTHS: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|"
    "januar|jänner|februar|märz|maerz|mai|juni|juli|oktober|dezember|mär|okt|dez|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|"
    "diciembre|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|"
    "novembre|décembre|decembre"
)
_MONTH_WORDS: Final = frozenset(_MONTHS.split("|"))
_TIME: Final = (
    r"(?:[ t]{0,2},?(?: at| um| à| a las)? ?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?"
    r"(?:z\b|[+-]\d\d:?\d\d\b)?)?"
)
_MONTH_AND_DAY: Final = (r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])")
_YMD: Final = "-".join((r"[12]\d{3}", *_MONTH_AND_DAY))
"""As ISO 8601 writes it; what looks so is no telephone number."""
YMD: Final = re.compile(f"{_YMD}|(?:19|20)\\d\\d{''.join(_MONTH_AND_DAY)}\\Z")
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:1[6-9]|20)\d{2}"
_RUN: Final = re.compile(r"\d(?<![\w/.-]\d)")
"""Where a number begins: no date begins or goes on elsewhere, and few texts hold many."""
_NUMBERED: Final = re.compile(
    rf"(?:{_YMD}(?:/{_YMD}|{_TIME})|{_YEAR}(?P<g> ?[-/.] ?)(?:0?[1-9]|1[0-2])(?P=g){_DAY}"
    rf"(?:(?!\d){_TIME}|(?=\d\d:\d\d){_TIME})|"
    rf"{_DAY}(?P<h> ?[-/.] ?){_DAY}(?P=h)(?:{_YEAR}|\d{{2}})(?!\d){_TIME}"
    rf"(?: ?- ?{_DAY}(?P=h){_DAY}(?P=h)(?:{_YEAR}|\d{{2}})(?!\d))?|"
    rf"{_DAY}(?:st|nd|rd|th|\.|er|º)? (?:of |de )?(?:{_MONTHS})\b\.?,?"
    rf"(?: (?:of |de |del )?{_YEAR})?)"
    r"(?![\w-]|[./]\d)"
)
_MONTH_FIRST: Final = re.compile(
    rf"\b(?:{_MONTHS})\b(?:\.? {_DAY}(?:st|nd|rd|th)?\b(?:,? {_YEAR})?|,? (?:of |de )?{_YEAR})"
    r"(?![\w-]|[./]\d)"
)
_MONTH_BEFORE: Final = re.compile(rf"\b(?:{_MONTHS})\b[.,]? (?:of |de )?\Z")
_MONTH_BACK: Final = 16
_WEEKDAYS: Final = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays",
    "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "montag",
    "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "lunes",
    "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "lundi", "mardi",
    "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
))  # fmt: skip
_LONE_YEAR: Final = re.compile(
    r"[12](?<![\w.,:/+#$€£-][12])(?:(?<=1)9|(?<=2)0)\d{2}(?![\w%€$£]|[.,:/-]\d| ?[%€$£])"
)
_DECADE: Final = re.compile(r"[12](?<![\w.,:/+#$€£-][12])(?:(?<=1)9|(?<=2)0)\d0s\b")
_UNSPACED: Final = re.compile(
    rf"[12](?<!\d[12])(?:\d{{3}}-{'-'.join(_MONTH_AND_DAY)}(?!\d)|"
    rf"(?<![\w.,:/+#$€£-][12])(?:(?<=1)9|(?<=2)0)\d{{2}}{''.join(_MONTH_AND_DAY)}"
    r"(?:t\d{4,6}z?)?(?![\w%€$£]|[.,:/-]\d| ?[%€$£]))"
)
"""Days inside the name of a file, and without lines; read where nothing else was seen."""
_LAST: Final = ((_LONE_YEAR, "date.year"), (_DECADE, "date.year"), (_UNSPACED, "date"))
_BORN: Final = re.compile(
    r"b(?:(?<!\wb)orn\b|irth)|d(?<!\wd)(?:ob\b|\.o\.b)|ge(?:boren|burt|(?<!\wge)b\.)|\*|"
    r"n(?:aci|aissance|(?<!\wn)ée?\b)|cumplea|anniversaire"
)
_BEFORE: Final = 32
_AGE: Final = re.compile(
    r"(?P<it>\d(?<!\w\d)\d{0,2})[ -]?"
    r"(?:years?[ -]old|yrs?[ -]old|y/o|yo\b|jahre alt|jährige?[rsnm]?\b|años|ans\b)"
)
_AGE_TOLD: Final = re.compile(r"(?P<it>\d(?<=[ :]\d)\d{0,2})\b(?![.,:/]?\d| ?[%€$£]|-\d)")
_AGE_HEAD: Final = re.compile(
    r"\b(?:i'?m|i am|aged?|he is|she is|he's|she's|turn(?:s|ed|ing)?)[ :]{1,2}\Z"
)
_AGE_SIGNS: Final = frozenset((
    "i", "im", "m", "am", "age", "aged", "he", "she", "s", "turn", "turns", "turned", "turning",
))  # fmt: skip
_HEAD_BACK: Final = 12
_OLDEST: Final = 120


def dates(text: str, said: Set[str]) -> Iterator[Mark]:
    """Dates that say a day or a month; one of birth is told apart by the words before it.

    `said`: the words of the text.
    """
    starts = [run.start() for run in _RUN.finditer(text)]
    done = 0
    for start in starts:
        found = _NUMBERED.match(text, start) if start >= done else None
        if found:
            done = found.end()
            yield Mark(start, done, Kind.DATE, _detector(text, found, "date"))
    for start in starts if not said.isdisjoint(_MONTH_WORDS) else ():
        month = _MONTH_BEFORE.search(text, max(0, start - _MONTH_BACK), start)
        if month and (found := _MONTH_FIRST.match(text, month.start())):
            yield Mark(*found.span(), Kind.DATE, _detector(text, found, "date"))
    for day in _WEEKDAYS & said:
        yield from marks(_alone(day), text, Kind.DATE, "date.weekday")


@lru_cache
def _alone(word: str) -> re.Pattern[str]:
    """A word by itself, sought by its letters."""
    return re.compile(rf"{word}(?<!\w{word})\b")


def years(text: str) -> Iterator[Mark]:
    """Years that stand alone, and days that something stands next to."""
    for pattern, otherwise in _LAST:
        for found in pattern.finditer(text):
            yield Mark(found.start(), found.end(), Kind.DATE, _detector(text, found, otherwise))


def ages(text: str, said: Set[str]) -> Iterator[Mark]:
    """How old somebody is."""
    for found in _AGE.finditer(text):
        if 0 < int(found["it"]) <= _OLDEST:
            yield Mark(found.start("it"), found.end("it"), Kind.AGE, "age")
    for found in _AGE_TOLD.finditer(text) if not said.isdisjoint(_AGE_SIGNS) else ():
        start = found.start()
        told = _AGE_HEAD.search(text, max(0, start - _HEAD_BACK), start)
        if told and 0 < int(found["it"]) <= _OLDEST:
            yield Mark(*found.span(), Kind.AGE, "age")


def _detector(text: str, found: re.Match[str], otherwise: str) -> str:
    """ "date.birth" where a word of birth stands before a date with a year."""
    with_year = re.search(r"\d{4}|\d\D\d{1,2}\D\d\d", found.group())
    start = found.start()
    return (
        "date.birth"
        if with_year and _BORN.search(text, max(0, start - _BEFORE), start)
        else otherwise
    )
