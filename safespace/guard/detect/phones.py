# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone numbers: by how they are written, and bare digits by the numbering plans."""

import re
from collections.abc import Iterator
from typing import Final

from safespace.guard.detect.dates import YMD
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, near

REGIONS: Final = ("US", "GB", "DE", "FR", "ES")
"""Whose numbering plans bare digits are held against beside that of the member's region."""

_NUMBER: Final = re.compile(
    r"(?P<it>[+(\d](?<![\w+].)(?<!\w[.:/-].)(?<![$€£#%=&?_@].)"
    r"(?:(?<=\d)|(?<=\()\d|(?<=\+)\(?\d)(?:\)?[ .\-/(]{0,3}\d){5,16}"
    r"(?: {0,2}(?:x|ext\.?|#) {0,2}\d{1,6})?)"
    r"(?![\d%€$£]|[.,:]\d|[^\W\d_]{2}|\w?\w?@)"
)
_WORDS: Final = re.compile(
    r"p(?:hone|ortable)|c(?:all|ontact|(?<!\wc)ell)|t(?:el[eé]fon|(?<!\wt)(?:el|ext me))|"
    r"f(?<!\wf)ax|d(?:ial|urchwahl|(?<!\wd)esk\b)|o(?<!\wo)ffice\b|r(?:ing|each|uf |egistered)|"
    r"s(?:ms|ignal)|a(?:nswering|nruf|ppel)|m(?:obile|essages? to|[oó]vil)|n(?:ummer|[uú]mero)|"
    r"whatsapp|handy|ll[aá]ma|joindre"
)
"""Each by its first letter, so that the search leaps from one to the next."""
_YEARS: Final = re.compile(r"(?:1[5-9]|20)\d\d(?: ?[-/. ] ?(?:1[5-9]|20)\d\d)+\Z")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?P<gap>[ .])\d{3}(?:(?P=gap)\d{3})*\Z")
_STREET: Final = re.compile(r"(?:,? [^\W\d_]{2}|,? \d)")
"""What goes on after two numbers of an address: a word, or one more number."""
_POST_CODE: Final = re.compile(r"\d{4,5}-\d{3,4}\Z|\d{2,3} \d{4,5}\Z")
_PAIR: Final = 2
_DIGITS: Final = re.compile(r"\d+")
_FEWEST: Final = 7
_MOST: Final = 16


def phones(text: str, region: str | None) -> Iterator[Mark]:
    """`region`: ISO 3166 code of where a number without a country's prefix is read first."""
    for found in _NUMBER.finditer(text):
        written = found["it"]
        groups = _DIGITS.findall(re.split("x|ext|#", written, maxsplit=1)[0])
        digits = "".join(groups)
        if not _FEWEST <= len(digits) <= _MOST or len(set(digits)) == 1:
            continue
        if detector := _seen_as(written, groups, text, found.start("it"), found.end("it"), region):
            yield Mark(found.start("it"), found.end("it"), Kind.PHONE, detector)


def _seen_as(
    written: str, groups: list[str], text: str, start: int, end: int, region: str | None
) -> str | None:
    if written.startswith("+"):
        return "phone.prefix"
    if _YEARS.match(written) or any(len(group) > 12 for group in groups):
        return None
    if near(_WORDS, text, start, end):
        return "phone.word"
    if YMD.match(written):
        return None
    if _THOUSANDS.match(written) and (groups[-1] == "000" or "." in written):
        return None
    bare_pair = len(groups) == _PAIR and not written.startswith(("(", "0"))
    if bare_pair and (_STREET.match(text, end) or _POST_CODE.match(written)):
        return None
    if len(groups) > 1 and (written.startswith(("(", "0")) or 2 <= len(groups) <= 6):
        return "phone.written" if max(map(len, groups)) > 1 else None
    return "phone.plan" if _in_some_plan("".join(groups), region) else None


def _in_some_plan(digits: str, region: str | None) -> bool:
    """Whether bare digits are a number in use, by libphonenumber's plans (no network)."""
    # Imported where it is first needed: it costs more than all of the guard.
    import phonenumbers

    for one in dict.fromkeys((region, *REGIONS)):
        try:
            if one and phonenumbers.is_valid_number(phonenumbers.parse(digits, one)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
