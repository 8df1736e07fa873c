# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses: streets with numbers, flats, post boxes, post codes before or after a place."""

import re
from collections.abc import Iterator
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, marks

_WORD: Final = r"[^\W\d_][\w'’.-]{0,30}"
_ENGLISH: Final = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|"
    r"terrace|close|crescent|way|parkway|pkwy|highway|hwy|circle|cir|trail|row|gardens|grove|mews"
)
_STREETS: Final = (
    re.compile(rf"(?<![\w.,-])\d{{1,5}}[a-z]?,? (?:{_WORD} ){{1,3}}(?:{_ENGLISH})\b\.?"),
    re.compile(
        rf"\b(?:calle|rue|avenida|avda\.?|plaza|paseo|camino|carretera|rua|via|viale|piazza|corso|ul\.|"
        rf"ulica)(?: (?:de|del|la|las|los|da|do|dos))*(?: {_WORD}){{1,3}},? "
        r"(?:n[º°o.] ?)?\d{1,4}\b",
    ),
    re.compile(
        rf"\b\d{{1,4}}(?: ?bis| ?ter)?,? "
        rf"(?:rue|avenue|boulevard|chemin|impasse|allée|place|quai|route)"
        rf"(?: (?:de|du|des|la|le|les|d'|de l'))*(?: ?{_WORD}){{1,3}}",
    ),
)
_HUNGARIAN: Final = re.compile(
    rf"\b(?:{_WORD} ){{1,2}}(?:útja|út|utca|utcája|körút|tér),? \d{{1,4}}\b"
)
_HUNGARIAN_SIGNS: Final = (" út", " utc", " körút", " tér")
_ENDING: Final = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|gasse|weg|allee|platz|ufer|ring|damm|gata|gatan|vägen|vegen|vej|gade|"
    r"straat|laan|plein|katu|tie|utca|brücke|bruecke|vollen|svingen|bakken|"
    r"stien|veien) {1,2}\d{1,4}(?: ?[a-z])?(?!\w)"
)
"""How street names of one word end, with the number of the house."""
_BEFORE: Final = re.compile(r"[^\W\d_][\w.-]{0,30}\Z")
_NO_STREET: Final = frozenset({"du", "sp", "st", "b", "w", "offe", "engineer"})
_LONGEST: Final = 32
_PARTS: Final = re.compile(
    r"\b(?:apt|apartment|suite|unit|flat|room|wohnung|piso|appartement)\b\.? ?#?\d{1,5}[a-z]?\b|"
    r"\b(?:p\.? ?o\.? ?box|postfach|apartado|boîte postale|psc|box) \d{1,6}\b|"
    r"\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b|"
    r"\b[a-z]\d[a-z] \d[a-z]\d\b"
)
_CODE_NAMED: Final = re.compile(
    r"\b(?:zip|zip ?code|postal ?code|post ?code|plz|postleitzahl|code postal|código postal|cap)"
    r"(?: (?:is|ist|es|est))?\s{0,2}:? ?(?P<it>(?:[a-z]{1,2}-?)?\d{3,6}(?:[ -]\d{2,4})?"
    r"(?: ?[a-z]{2}\b)?)"
)
"""A post code by itself, where a word names it."""
_POST_CODE: Final = re.compile(
    r"(?<![\w.,+-])(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{4})?|\d{4} [A-Z]{2}|\d{4})"
    r" {1,2}[A-ZÀ-ÞŁŚŠŽČ][\w-]{2,30}"
)
_STATE_CODE: Final = re.compile(r"\b[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?(?!\w)")
_YEAR: Final = re.compile(r"(?:19|20)\d\d ")


def addresses(lower: str) -> Iterator[Mark]:
    """Each part of an address by itself; together they make one."""
    for street in _STREETS:
        yield from marks(street, lower, Kind.ADDRESS, "address.street")
    if any(sign in lower for sign in _HUNGARIAN_SIGNS):
        yield from marks(_HUNGARIAN, lower, Kind.ADDRESS, "address.street")
    for ending in _ENDING.finditer(lower):
        head = _BEFORE.search(lower, max(0, ending.start() - _LONGEST), ending.start())
        if head and head.group() not in _NO_STREET:
            yield Mark(head.start(), ending.end(), Kind.ADDRESS, "address.street")
    yield from marks(_PARTS, lower, Kind.ADDRESS, "address.part")
    yield from marks(_CODE_NAMED, lower, Kind.ADDRESS, "address.code")


def post_codes(text: str) -> Iterator[Mark]:
    """Post codes beside a place or a state, which only capitals tell."""
    yield from marks(_STATE_CODE, text, Kind.ADDRESS, "address.code")
    for found in _POST_CODE.finditer(text):
        if not _YEAR.match(found.group()):
            yield Mark(found.start(), found.end(), Kind.ADDRESS, "address.code")
