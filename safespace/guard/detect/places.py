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
    r"terrace|close|crescent|way|parkway|pkwy|highway|hwy|circle|cir|trail|row|gardens|grove|mews|"
    r"alley|bypass|causeway|crossing|esplanade|expressway|freeway|loop|promenade|turnpike|viaduct"
)
_STREETS: Final = (
    re.compile(rf"(?<![\w.,-])\d{{1,5}}[a-z]?,? (?:{_WORD} ){{1,3}}(?:{_ENGLISH})\b\.?"),
    re.compile(
        rf"\b(?:calle|rue|avenida|avda\.?|plaza|paseo|camino|carretera|rua|via|viale|piazza|corso|ul\.|"
        rf"ulica|aleja|borgo|canale|contrada|strada|vicolo|rotonda|largo|travessa|alameda|estrada|"
        rf"praça|recanto|residencial|callejón|callejon|pasaje|pasadizo|glorieta|ronda|privada|"
        rf"cerrada|calzada|circuito|prolongación|ampliación|bulevardul|aleea|cesta|sokak|chemin)"
        rf"(?: (?:de|del|la|las|los|da|do|dos|das|della|na))*(?: {_WORD}){{1,3}},? "
        r"(?:n[º°o.] ?)?\d{1,4}\b",
    ),
    re.compile(
        rf"\b\d{{1,4}}(?: ?bis| ?ter)?,? "
        rf"(?:rue|avenue|boulevard|chemin|impasse|allée|place|quai|route)"
        rf"(?: (?:de|du|des|la|le|les|d'|de l'))*(?: ?{_WORD}){{1,3}}",
    ),
)
_KIND_BEHIND: Final = re.compile(
    rf"\b(?:{_WORD} ){{1,2}}(?:útja|út|utca|utcája|körút|tér|ulica|ulice|cesta|iela|gatve|gatvė|"
    rf"sokağı|sokak|caddesi|katu|tänav|puiestee),? \d{{1,4}} ?[a-z]?\b"
)
"""Where the word for a street stands behind its name."""
_KINDS_BEHIND: Final = (
    " út", " utc", " körút", " tér", " ulic", " cesta", " iela", " gatv", " soka", " cadd", " katu",
    " tänav", " puie",
)  # fmt: skip
_ENDING: Final = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|gasse|weg|allee|platz|ufer|ring|damm|gata|gatan|vägen|vegen|vej|gade|"
    r"straat|laan|plein|katu|tie|utca|brücke|bruecke|vollen|svingen|bakken|"
    r"stien|veien|gränd|stigen|polku|kuja|holtet|vænget|parken|toften|stræde|torvet|kroken|hagen|"
    r"haugen|tunet|åsen|singel|dreef|gracht|plantsoen|steeg|dijk|kade)"
    r" {1,2}\d{1,4}(?: ?[a-z])?(?!\w)"
)
"""How street names of one word end, with the number of the house."""
_BEFORE: Final = re.compile(r"[^\W\d_][\w.-]{0,30}\Z")
_NO_STREET: Final = frozenset({"du", "sp", "st", "b", "w", "offe", "engineer"})
_LONGEST: Final = 32
_PARTS: Final = re.compile(
    r"\b(?:apt|apartment|suite|unit|flat|room|wohnung|piso|appartement)\b\.? ?#?\d{1,5}[a-z]?\b|"
    r"\b(?:p\.? ?o\.? ?box|postfach|apartado|boîte postale|psc|box) \d{1,6}\b|"
    r"\b(?:apo|fpo|dpo),? [a-z]{2},? \d{5}\b|"
    r"(?<![\w-])\d{5}-\d{3,4}(?![\w-])|"
    r"(?<!\w)[^\W\d_]{4,20}-\d{6}\b|"
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
    r"(?<![\w.,+-])(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{4})?|\d{4}(?: ?[A-Z]{2}\b)?)"
    r"(?: {1,2}|(?<=[A-Z])\n)[A-ZÀ-ÞŁŚŠŽČ][\w-]{2,30}"
)
_CAPITAL: Final = r"[A-ZÀ-ÞĀ-Ž][\w'’-]{2,30}"
_HOUSE_FIRST: Final = re.compile(
    rf"\b(?:at|to|on|near|from|of|address is|address:|lives|live|lived|stop) "
    rf"(?P<it>\d{{1,5}}[a-z]?,? {_CAPITAL}(?: (?:de|del|do|da|of|na))?(?: {_CAPITAL}){{0,3}})"
)
"""A number and capitals where a place is told, in a street that no list knows."""
_ADDRESS_TOLD: Final = re.compile(
    r"\b(?:address|adresse|anschrift|wohnhaft|domicilio|dirección|domicile)\b"
    r"[^\n.!\d]{0,24}?(?::|\b(?:is|ist|es|est|to|à|in|en)\b)[\s:]{1,3}"
    r"(?P<it>(?:[^\W\d_][\w'’.-]{0,30} ){0,4}\d{1,5}[a-z]?\b(?:,? [^\W\d_][\w'’-]{2,30}){0,3})"
)
"""What is said to be one."""
_STREET_NAMED: Final = re.compile(
    rf"\b(?:on|at|in|to|of|off|along|from) (?P<it>(?:{_WORD} ){{1,3}}(?:street|st\.|road|rd\.|"
    r"avenue|ave\.|boulevard|blvd\.?|lane))(?!\w)"
)
"""A street without a house: too little to tell who, enough to ask."""
_ANY_STREET: Final = re.compile(
    r"\b(?:the|an?|this|that|my|our|your|his|her|their|its|main|same|each|every|any|some|one|two|"
    r"both|no|and|or|of|in|on|at|to|for|with|is|was|busy|quiet|long|wide|narrow|high|open|dirt|"
    r"wrong|right|next|other|fast|back|side|memory|silk|abbey|wall|sesame) \w"
)
_STATE_CODE: Final = re.compile(r"\b[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?(?!\w)")
_YEAR: Final = re.compile(r"(?:19|20)\d\d ")


def addresses(lower: str) -> Iterator[Mark]:
    """Each part of an address by itself; together they make one."""
    for street in _STREETS:
        yield from marks(street, lower, Kind.ADDRESS, "address.street")
    if any(sign in lower for sign in _KINDS_BEHIND):
        yield from marks(_KIND_BEHIND, lower, Kind.ADDRESS, "address.street")
    for ending in _ENDING.finditer(lower):
        head = _BEFORE.search(lower, max(0, ending.start() - _LONGEST), ending.start())
        if head and head.group() not in _NO_STREET:
            yield Mark(head.start(), ending.end(), Kind.ADDRESS, "address.street")
    yield from marks(_PARTS, lower, Kind.ADDRESS, "address.part")
    yield from marks(_CODE_NAMED, lower, Kind.ADDRESS, "address.code")
    yield from marks(_ADDRESS_TOLD, lower, Kind.ADDRESS, "address.told")


def post_codes(text: str) -> Iterator[Mark]:
    """Post codes beside a place or a state, and houses, which only capitals tell."""
    yield from marks(_STATE_CODE, text, Kind.ADDRESS, "address.code")
    for found in _POST_CODE.finditer(text):
        if not _YEAR.match(found.group()):
            yield Mark(found.start(), found.end(), Kind.ADDRESS, "address.code")
    yield from marks(_HOUSE_FIRST, text, Kind.ADDRESS, "address.house")


def streets(lower: str) -> Iterator[Mark]:
    """Streets that are named without a house."""
    for found in _STREET_NAMED.finditer(lower):
        if not _ANY_STREET.match(found["it"]):
            yield Mark(found.start("it"), found.end("it"), Kind.NAME, "name.street")
