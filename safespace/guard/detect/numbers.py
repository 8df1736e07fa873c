# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers that stand for a person or an account, told from others by their check digits."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from stdnum import luhn
from stdnum.at import vnr
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.pt import cc
from stdnum.ro import cnp
from stdnum.se import personnummer

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, holds, marks, near

_CARD: Final = re.compile(r"\d(?<![\w+]\d)(?<!\d[.,/-]\d)(?:[ -]{0,2}\d){11,18}(?![ -]?\d|\w)")
_CARD_WORDS: Final = re.compile(
    r"card|karte|visa|master|amex|american express|tarjeta|carte|\bcc\b|cvv|cvc"
)
_CARD_LENGTHS: Final = range(12, 20)

_IBAN_DIGITS: Final = re.compile(r"\d(?<=[a-z ]\d) ?\d(?=[ -]?[a-z\d])")
_IBAN_HEAD: Final = re.compile(r"(?<![^\W_])[a-z]{2} ?\Z")
"""The digits tell where to look for the country before them."""
_LENGTHS_WRITTEN: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 "
    "DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 "
    "HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 "
    "LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 "
    "QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 "
    "VA22 VG24 XK20"
)
_LENGTHS: Final = {entry[:2]: int(entry[2:]) for entry in _LENGTHS_WRITTEN.split()}
"""Characters of an IBAN by country (ISO 13616 registry)."""
_GAPS: Final = re.compile("[ -]")
_IBAN_WORDS: Final = re.compile(r"iban|account|konto|cuenta|compte|bank")

_SSN: Final = re.compile(
    r"\d(?<![\w-]\d)(?<!0(?=00))(?<!6(?=66))\d\d(?P<gap> ?- ?| )(?!00)\d{2}(?P=gap)"
    r"(?!0000)\d{4}(?![\w-])"
)
_ID_NUMBER: Final = re.compile(r"(?<![\w])(?=[a-z-]{0,4}\d)[a-z\d](?:[ .-]?[a-z\d]){4,17}(?!\w)")
_ID_WORDS: Final = re.compile(
    r"ssn|social security|sozialversicherung|versicherungsnummer|steuer-?id|steueridentifikation|"
    r"identifikationsnummer|passport|reisepass|passnummer|pasaporte|passeport|personalausweis|"
    r"ausweisnummer|driver'?s?.{0,2}licen[cs]e|driving licen[cs]e|licen[cs]e number|"
    r"f\S{1,2}hrerschein|"
    r"permiso de conducir|permis de conduire|carn[eé] de conducir|national id|identity card|"
    r"id number|id card|\bdni\b|\bnie\b|\bnif\b|num[eé]ro de s[eé]curit[eé]|s[eé]curit[eé] sociale|"
    r"seguridad social|tax id|taxpayer|\bnino\b|national insurance|\bnhs\b|\bbsn\b|\bpesel\b|"
    r"\bcpf\b|"
    r"codice fiscale|personnummer|\bcpr\b|aadhaar|\bitin\b"
)
_ID_SIGNS: Final = (
    "ssn", "social", "sozialv", "rungsnummer", "steuer", "identi", "passport", "passnummer",
    "reisepass", "pasaporte", "passeport", "ausweis", "licen", "hrerschein", "conducir",
    "conduire", "national", "id number", "id card", "dni", "nie", "nif", "curit", "segurid", "tax",
    "nino", "nhs", "bsn", "pesel", "cpf", "codice", "personnummer", "cpr", "aadhaar", "itin",
)  # fmt: skip
"""What one of these words holds: looked for first, since it is quick."""
_FEWEST_DIGITS: Final = 5
_HEAD: Final = 4
"""Letters before digits, a gap, and what stands before them."""
_BEFORE: Final = 48
_NINO_HEAD: Final = re.compile(r"(?<!\w)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z] ?\Z")
_NINO_DIGITS: Final = re.compile(r"\d(?<=[a-z ]\d)\d ?\d\d ?\d\d ?[a-d](?!\w)")

_NUMBERED: Final = (
    (re.compile(r"\d(?<![\w.-]\d)(?=[\d .+/-]{4})"), 0),
    (re.compile(r"\d(?<![\w.-][a-z]{6}\d)(?<=[a-z]{6}\d)\d[a-z]\d"), 6),
    (re.compile(r"[xyz](?<![\w.-][xyz])[ -]?\d{7}"), 0),
)
"""Where some number of a state may begin: so many characters before."""

_Check = Callable[[str], bool]
_CHECKED: Final[tuple[tuple[str, re.Pattern[str], _Check, bool], ...]] = tuple(
    (name, re.compile(rf"(?:{shape})(?![\w-]|[.,]\d)"), check, sure)
    for name, shape, check, sure in (
        ("es.dni", r"\d{8}[ -]?[a-z]", dni.is_valid, True),
        ("es.nie", r"[xyz][ -]?\d{7}[ -]?[a-z]", nie.is_valid, True),
        ("fr.nir", r"[1278](?: ?\d){5}(?: ?[\dab]) ?(?:\d ?){5}\d(?: ?\d{2})", nir.is_valid, True),
        ("it.cf", r"[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]", codicefiscale.is_valid, True),
        ("ch.ahv", r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}", ahv.is_valid, True),
        ("fi.hetu", r"\d{6}[-+a-fu-y]\d{3}[\da-z]", hetu.is_valid, True),
        ("se.personnummer", r"(?:19|20)?\d{6}[-+]\d{4}", personnummer.is_valid, True),
        ("be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", nn.is_valid, True),
        ("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}", cpf.is_valid, True),
        ("cz.rc", r"\d{6}/\d{3,4}", rc.is_valid, True),
        ("pt.cc", r"\d{8} ?\d ?[a-z][a-z\d]\d", cc.is_valid, True),
        ("dk.cpr", r"\d{6}-\d{4}", cpr.is_valid, True),
        ("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", idnr.is_valid, False),
        ("at.vnr", r"\d{4} ?\d{6}", vnr.is_valid, False),
        ("gb.nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", nhs.is_valid, False),
        ("nl.bsn", r"\d{9}", bsn.is_valid, False),
        ("pl.pesel", r"\d{11}", pesel.is_valid, False),
        ("ro.cnp", r"\d{13}", cnp.is_valid, False),
    )
)
"""Name, shape, check by python-stdnum, and whether the shape needs no word beside it."""
_SURE: Final = re.compile("|".join(shape.pattern for _, shape, _, sure in _CHECKED if sure))
_SOME: Final = re.compile("|".join(shape.pattern for _, shape, _, _ in _CHECKED))
"""Whether any fits, with or without a word beside it: tried first, all at once."""


_ACCOUNT_DIGITS: Final = re.compile(r"\d(?<=[a-z-]\d)\d{6,11}(?![\w-]|[.,]\d)")
_ACCOUNT_HEAD: Final = re.compile(r"(?<![\w.-])[a-z]{1,2}-?\Z")
_HANDLE: Final = re.compile(r"@(?<![\w@.]@)(?=[a-z_.]{0,30}\d)[a-z_][\w.]{3,30}(?!\w)")
"""A name with a digit in it that somebody goes by; without one it may be a word of some code."""
_FOLDER: Final = re.compile(
    r"[\\/](?:users|home|benutzer|usuarios|utilisateurs)[\\/]{1,2}"
    r"(?P<it>(?!(?:public|default|users?|user ?name|admin\w*|runner|ubuntu|root|me|name|you\w*|app|"
    r"node|vagrant|pi|shared|all users)[\\/])[^\\/\n\"'<>|:*?{}$%\[\]]{2,40})[\\/]"
)
"""Whose computer it is, in the name of a file on it."""


def accounts(text: str) -> Iterator[Mark]:
    """What people are numbered or called by: many digits behind a letter, handles, own folders."""
    for digits in _ACCOUNT_DIGITS.finditer(text):
        begin = digits.start()
        if head := _ACCOUNT_HEAD.search(text, max(0, begin - _HEAD), begin):
            yield Mark(head.start(), digits.end(), Kind.ACCOUNT, "account.shape")
    if "@" in text:
        yield from marks(_HANDLE, text, Kind.ACCOUNT, "account.handle")
    yield from marks(_FOLDER, text, Kind.ACCOUNT, "account.folder")


def cards(text: str) -> Iterator[Mark]:
    """12 to 19 digits that pass Luhn (ISO/IEC 7812-1), or any 13 to 19 beside a word for a card."""
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if len(digits) not in _CARD_LENGTHS or not digits.strip("0"):
            continue
        if luhn.is_valid(digits):
            yield Mark(found.start(), found.end(), Kind.CARD, "card.luhn")
        elif near(_CARD_WORDS, text, *found.span()):
            yield Mark(found.start(), found.end(), Kind.CARD, "card.word")


def ibans(text: str) -> Iterator[Mark]:
    """As many characters as the country's IBANs have; checked, or beside a word for an account."""
    for digits in _IBAN_DIGITS.finditer(text):
        found = _IBAN_HEAD.search(text, max(0, digits.start() - _HEAD), digits.start())
        length = _LENGTHS.get(found.group()[:2].upper()) if found else None
        if not found or length is None:
            continue
        whole = _of_length(length).match(text, found.start())
        if not whole or (whole.end() < len(text) and text[whole.end()].isalnum()):
            continue
        end, compact = whole.end(), _GAPS.sub("", whole.group()).upper()
        if mod_97_10.is_valid(compact[4:] + compact[:4]):
            yield Mark(found.start(), end, Kind.IBAN, "iban.check")
        elif near(_IBAN_WORDS, text, found.start(), end):
            yield Mark(found.start(), end, Kind.IBAN, "iban.word")


@lru_cache
def _of_length(length: int) -> re.Pattern[str]:
    """So many letters and digits, over single gaps."""
    return re.compile(rf"[a-z\d](?:[ -]?[a-z\d]){{{length - 1}}}", re.ASCII)


def national_ids(text: str) -> Iterator[Mark]:
    """Numbers that a state gave a person: by shape and check, or beside a word for one."""
    for found in _SSN.finditer(text):
        if "-" in found["gap"] or near(_ID_WORDS, text, *found.span()):
            yield Mark(found.start(), found.end(), Kind.NATIONAL_ID, "id.us.ssn")
    told = holds(text, _ID_SIGNS)
    some = _SOME if told else _SURE
    for start in _numbered(text):
        if not some.match(text, start):
            continue
        for name, shape, check, sure in _CHECKED:
            fits = shape.match(text, start)
            if (
                fits
                and check(fits.group())
                and (sure or (told and near(_ID_WORDS, text, *fits.span())))
            ):
                yield Mark(fits.start(), fits.end(), Kind.NATIONAL_ID, f"id.{name}")
    for digits in _NINO_DIGITS.finditer(text):
        begin = digits.start()
        if head := _NINO_HEAD.search(text, max(0, begin - _HEAD), begin):
            yield Mark(head.start(), digits.end(), Kind.NATIONAL_ID, "id.gb.nino")
    for found in _ID_NUMBER.finditer(text) if told else ():
        enough = sum(map(str.isdigit, found.group())) >= _FEWEST_DIGITS
        if enough and _ID_WORDS.search(text, max(0, found.start() - _BEFORE), found.start()):
            yield Mark(found.start(), found.end(), Kind.NATIONAL_ID, "id.word")


def _numbered(text: str) -> Iterator[int]:
    return (one.start() - back for begins, back in _NUMBERED for one in begins.finditer(text))
