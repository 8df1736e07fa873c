# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses: streets with numbers, flats, post boxes, post codes before or after a place."""

import re
from collections.abc import Iterator, Set
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, marks

_WORD: Final = r"[^\W\d_][\w'’.-]{0,30}"
_ENGLISH: Final = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|"
    r"terrace|close|crescent|way|parkway|pkwy|highway|hwy|circle|cir|trail|row|gardens|grove|mews|"
    r"alley|bypass|causeway|crossing|esplanade|expressway|freeway|loop|promenade|turnpike|viaduct"
)
_KIND_FIRST: Final = (
    r"calle|rue|avenida|avda\.?|plaza|paseo|camino|carretera|rua|via|viale|piazza|corso|ul\.|ulica|"
    r"aleja|borgo|canale|contrada|strada|vicolo|rotonda|largo|travessa|alameda|estrada|praça|"
    r"recanto|residencial|callejón|callejon|pasaje|pasadizo|glorieta|ronda|privada|cerrada|calzada|"
    r"circuito|prolongación|ampliación|bulevardul|aleea|cesta|sokak|chemin"
)
_FRENCH: Final = "rue|avenue|boulevard|chemin|impasse|allée|place|quai|route"
_STREETS: Final = (
    (
        re.compile(rf"\d(?<![\w.,-]\d)\d{{0,4}}[a-z]?,? (?:{_WORD} ){{1,3}}(?:{_ENGLISH})\b\.?"),
        frozenset(_ENGLISH.split("|")),
    ),
    (
        re.compile(
            rf"\b(?:{_KIND_FIRST})(?: (?:de|del|la|las|los|da|do|dos|das|della|na))*"
            rf"(?: {_WORD}){{1,3}},? (?:n[º°o.] ?)?\d{{1,4}}\b",
        ),
        frozenset(re.sub(r"\\.\??", "", _KIND_FIRST).split("|")),
    ),
    (
        re.compile(
            rf"\d(?<!\w\d)\d{{0,3}}(?: ?bis| ?ter)?,? (?:{_FRENCH})"
            rf"(?: (?:de|du|des|la|le|les|d'|de l'))*(?: ?{_WORD}){{1,3}}",
        ),
        frozenset(_FRENCH.split("|")),
    ),
)
"""Each with words of which it holds one, asked for first, since that is quick."""
_KIND_BEHIND: Final = re.compile(
    rf"\b(?:{_WORD} ){{1,2}}(?:útja|út|utca|utcája|körút|tér|ulica|ulice|cesta|iela|gatve|gatvė|"
    rf"sokağı|sokak|caddesi|katu|tänav|puiestee),? \d{{1,4}} ?[a-z]?\b"
)
"""Where the word for a street stands behind its name."""
_KINDS_BEHIND: Final = frozenset((
    "útja", "út", "utca", "utcája", "körút", "tér", "ulica", "ulice", "cesta", "iela", "gatve",
    "gatvė", "sokağı", "sokak", "caddesi", "katu", "tänav", "puiestee",
))  # fmt: skip
_ENDINGS: Final = (
    "straße", "strasse", "str.", "gasse", "weg", "allee", "platz", "ufer", "ring", "damm", "gata",
    "gatan", "vägen", "vegen", "vej", "gade", "straat", "laan", "plein", "katu", "tie", "utca",
    "brücke", "bruecke", "vollen", "svingen", "bakken", "stien", "veien", "gränd", "stigen",
    "polku", "kuja", "holtet", "vænget", "parken", "toften", "stræde", "torvet", "kroken", "hagen",
    "haugen", "tunet", "åsen", "singel", "dreef", "gracht", "plantsoen", "steeg", "dijk", "kade",
)  # fmt: skip
"""How street names of one word end, with the number of the house."""
_HOUSE: Final = re.compile(r" \d{1,4}(?: ?[a-z])?(?!\w)")
_BEFORE: Final = re.compile(r"[^\W\d_][\w.-]{0,30}\Z")
_NO_STREET: Final = frozenset({"du", "sp", "st", "b", "w", "offe", "engineer"})
_LONGEST: Final = 32
_CODE_HEADS: Final = (
    re.compile(r"(?<!\w)[a-z]{1,2}\d[a-z\d]?\Z"),
    re.compile(r"(?<!\w)[a-z]\d[a-z]\Z"),
)
_CODE_TAIL: Final = re.compile(r" \d[a-z](?:[a-z]|\d)(?!\w)")
"""The two halves of a post code such as "SW1A 1AA" or "K1A 0B1"; the second tells where to look."""
_LONGEST_HEAD: Final = 6
_PART_SIGNS: Final = frozenset((
    "apt", "apartment", "suite", "unit", "flat", "room", "wohnung", "piso", "appartement",
    "box", "postfach", "apartado", "postale", "psc", "apo", "fpo", "dpo",
))  # fmt: skip
_PARTS: Final = re.compile(
    r"\b(?:apt|apartment|suite|unit|flat|room|wohnung|piso|appartement)\b\.? ?#?\d{1,5}[a-z]?\b|"
    r"\b(?:p\.? ?o\.? ?box|postfach|apartado|boîte postale|psc|box) \d{1,6}\b|"
    r"\b(?:apo|fpo|dpo),? [a-z]{2},? \d{5}\b"
)
_LONG_CODE: Final = re.compile(r"\d(?<![\w-]\d)\d{4}-\d{3,4}(?![\w-])")
_TOWN_CODE: Final = re.compile(r"-(?<=[^\W\d_]{4}-)\d{6}(?!\w)")
"""Behind the name of a town: "Nashik-108436"."""
_CODE_NAMED: Final = re.compile(
    r"\b(?:zip|zip ?code|postal ?code|post ?code|plz|postleitzahl|code postal|código postal|cap)"
    r"(?: (?:is|ist|es|est))?\s{0,2}:? ?(?P<it>(?:[a-z]{1,2}-?)?\d{3,6}(?:[ -]\d{2,4})?"
    r"(?: ?[a-z]{2}\b)?)"
)
"""A post code by itself, where a word names it."""
_CODE_SIGNS: Final = frozenset((
    "zip", "zipcode", "code", "postal", "postalcode", "post", "postcode", "plz", "postleitzahl",
    "cap",
))  # fmt: skip
_COUNTRY: Final = re.compile(r"(?<![\w.,+-])[A-Z]{1,2}-\Z")
_POST_CODE: Final = re.compile(
    r"\d(?<![\w.,+]\d)\d{3}(?:\d(?:-\d{4})?|(?: ?[A-Z]{2}\b)?)"
    r"(?: {1,2}|(?<=[A-Z])\n)[A-ZÀ-ÞŁŚŠŽČ][\w-]{2,30}"
)
_CAPITAL: Final = r"[A-ZÀ-ÞĀ-Ž][\w'’-]{2,30}"
_HOUSE_FIRST: Final = re.compile(
    rf"\d(?<= \d)\d{{0,4}}[a-z]?,? {_CAPITAL}(?: (?:de|del|do|da|of|na))?(?: {_CAPITAL}){{0,3}}"
)
_WHERE: Final = re.compile(
    r"\b(?:at|to|on|near|from|of|is|lives|live|lived|stop) \Z|address: \Z", re.I
)
"""A number and capitals where a place is told, in a street that no list knows."""
_ADDRESS_TOLD: Final = re.compile(
    r"\b(?:address|adresse|anschrift|wohnhaft|domicilio|dirección|domicile)\b"
    r"[^\n.!\d]{0,24}?(?::|\b(?:is|ist|es|est|to|à|in|en)\b)[\s:]{1,3}"
    r"(?P<it>(?:[^\W\d_][\w'’.-]{0,30} ){0,4}\d{1,5}[a-z]?\b(?:,? [^\W\d_][\w'’-]{2,30}){0,3})"
)
"""What is said to be one."""
_TOLD_SIGNS: Final = frozenset(
    ("address", "adresse", "anschrift", "wohnhaft", "domicilio", "dirección", "domicile")
)
_NAMED_SIGNS: Final = frozenset(
    ("street", "st", "road", "rd", "avenue", "ave", "boulevard", "blvd", "lane")
)
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
_STATE_CODE: Final = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z],? {1,2}\d{5}(?:-\d{4})?(?!\w)")
_BACK: Final = 8
_YEAR: Final = re.compile(r"(?:19|20)\d\d ")


def addresses(lower: str, said: Set[str]) -> Iterator[Mark]:
    """Each part of an address by itself; together they make one. `said`: the words of the text."""
    for street, signs in _STREETS:
        if not said.isdisjoint(signs):
            yield from marks(street, lower, Kind.ADDRESS, "address.street")
    if not said.isdisjoint(_KINDS_BEHIND):
        yield from marks(_KIND_BEHIND, lower, Kind.ADDRESS, "address.street")
    yield from _one_word(lower)
    if not said.isdisjoint(_PART_SIGNS):
        yield from marks(_PARTS, lower, Kind.ADDRESS, "address.part")
    for tail in _CODE_TAIL.finditer(lower):
        at = tail.start()
        heads = _CODE_HEADS[tail.group()[-1].isdigit()]
        if head := heads.search(lower, max(0, at - _LONGEST_HEAD), at):
            yield Mark(head.start(), tail.end(), Kind.ADDRESS, "address.part")
    yield from marks(_LONG_CODE, lower, Kind.ADDRESS, "address.part")
    for code in _TOWN_CODE.finditer(lower):
        if town := _BEFORE.search(lower, max(0, code.start() - _LONGEST), code.start()):
            yield Mark(town.start(), code.end(), Kind.ADDRESS, "address.part")
    if not said.isdisjoint(_CODE_SIGNS):
        yield from marks(_CODE_NAMED, lower, Kind.ADDRESS, "address.code")
    if not said.isdisjoint(_TOLD_SIGNS):
        yield from marks(_ADDRESS_TOLD, lower, Kind.ADDRESS, "address.told")


def _one_word(lower: str) -> Iterator[Mark]:
    """A street's name of one word before the number of a house."""
    for house in _HOUSE.finditer(lower):
        end = house.start()
        if lower[end - 1 : end] == " ":
            end -= 1
        if not lower.endswith(_ENDINGS, 0, end):
            continue
        end -= max(len(ending) for ending in _ENDINGS if lower.endswith(ending, 0, end))
        head = _BEFORE.search(lower, max(0, end - _LONGEST), end)
        if head and head.group() not in _NO_STREET:
            yield Mark(head.start(), house.end(), Kind.ADDRESS, "address.street")


def post_codes(text: str) -> Iterator[Mark]:
    """Post codes beside a place or a state, and houses, which only capitals tell."""
    yield from marks(_STATE_CODE, text, Kind.ADDRESS, "address.code")
    for found in _POST_CODE.finditer(text):
        start = found.start()
        country = _COUNTRY.search(text, max(0, start - _BACK), start)
        if text[start - 1 : start] == "-" and not country:
            continue
        if country or not _YEAR.match(found.group()):
            yield Mark(
                country.start() if country else start, found.end(), Kind.ADDRESS, "address.code"
            )
    for found in _HOUSE_FIRST.finditer(text):
        if _WHERE.search(text, max(0, found.start() - 2 * _BACK), found.start()):
            yield Mark(found.start(), found.end(), Kind.ADDRESS, "address.house")


def streets(lower: str, said: Set[str]) -> Iterator[Mark]:
    """Streets that are named without a house."""
    if said.isdisjoint(_NAMED_SIGNS):
        return
    for found in _STREET_NAMED.finditer(lower):
        if not _ANY_STREET.match(found["it"]):
            yield Mark(found.start("it"), found.end("it"), Kind.NAME, "name.street")
