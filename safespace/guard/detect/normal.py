# SPDX-License-Identifier: AGPL-3.0-or-later
"""One spelling for what can be written in many, with the way back to where it stood.

Compatibility forms, invisible characters, letters that look like Latin ones, all dashes and
spaces, "at" and "dot" in words, digits set apart: what is evaded by writing becomes plain.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from safespace.guard.detect.marks import holds

_LOOKALIKES: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХѴаеѕіјорсухѵԁԛԝһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυχιϲϳκɑɡıǀᎪᏴᏟᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ։׃܃∶꞉∕⁄",
    "ABESIJKMHOPCTYXVaesijopcyxvdqwhlABEZHIKMNOPTYXavopuxicjkagilABCEGHJKLMPRSTVWZ:::::" + "//",
)
"""Letters of other scripts that look like Latin ones (Unicode Technical Standard 39)."""

_WORD: Final = re.compile(r"\S+")
_LATIN: Final = re.compile(r"[A-Za-z\d]")
_LOOKALIKE: Final = re.compile("[" + "".join(map(chr, _LOOKALIKES)) + "]")
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")

_SPACED_DIGITS: Final = re.compile(
    r"\d(?<![^\W_]\d)(?<!\d[ .,-]\d)(?:(?: {1,2}| ?[./:()-]{1,2} ?)\d(?!\d)){3,60}(?!\w)|"
    r"\d(?<![^\W_]\d)(?<!\d[ .,-]\d)(?: {1,2}\d(?!\d)){2,60}(?!\w)"
)
_SPELLED_DOT: Final = re.compile(
    r"(?<=\w)(?: {1,2}(?:dot|DOT|Dot) {1,2}|"
    r" {0,2}[\[({<] {0,2}(?:dot|punkt|punto|point|ponto|\.) {0,2}[\])}>] {0,2})(?=\w)",
    re.IGNORECASE,
)
_DOT_SIGNS: Final = re.compile(r"[\[({<] {0,2}(?:dot|punkt|punto|point|ponto|\.)", re.IGNORECASE)
_AT_SIGNS: Final = re.compile(r"[\[({<] {0,2}(?:at|ät|arro|klamm|chioc|@)", re.IGNORECASE)
"""What is spelled in brackets, looked for first, since it is quick."""
_AT: Final = r"(?:at|ät|arroba|arobase|klammeraffe|chiocciola)"
_SPELLED_AT: Final = re.compile(
    rf"[ \[({{<](?<=\w.)(?:(?:(?<= ) ?[\[({{<]|(?<! )) {{0,2}}(?:{_AT}|@) {{0,2}}[\])}}>] {{0,2}}|"
    rf"(?<= ) ?{_AT} {{1,2}})"
    r"(?=[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?![\w-]))",
    re.IGNORECASE,
)
_AT_WORDS: Final = re.compile(rf" {_AT} {{1,2}}[\w-]{{1,63}}\.", re.IGNORECASE)
_DOTS: Final = (" dot ", " DOT ", " Dot ")
_ODD_NAME: Final = re.compile(r"[a-z][A-Z\d][^\W_]*\Z|\d\w*\Z|[._][^\W_]+\Z")
"""The end of a name that no sentence holds: "janeDoe7"."""
_MAIL: Final = ("mail", "correo", "courriel")
_BACK: Final = 48
_BRACKETS: Final = frozenset("[({<")


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` in one spelling; character i stands for raw[starts[i]:ends[i]]."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def lower(self) -> str:
        """The text in small letters, of the same length: only one letter's small form is longer."""
        return self.text.replace("\u0130", "I").lower()

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The place in the raw text of a place, not empty, in this one."""
        return self.starts[start], self.ends[end - 1]


def normal(raw: str) -> Normal:
    """`raw` in one spelling. Linear in its length."""
    plain = _latin(_characters(raw))
    plain = _rewritten(plain, _SPACED_DIGITS, None)
    bare = False
    if holds(plain.text, _DOTS) or _DOT_SIGNS.search(plain.text):
        bare = _SPELLED_DOT.search(plain.text) is not None
        plain = _rewritten(plain, _SPELLED_DOT, ".")
    if "." in plain.text and (_AT_WORDS.search(plain.text) or _AT_SIGNS.search(plain.text)):
        plain = _rewritten(plain, _SPELLED_AT, "@", bare=bare)
    return plain


def _characters(raw: str) -> Normal:
    places = range(len(raw))
    if raw.isascii():
        return Normal(raw, places, range(1, len(raw) + 1))
    others = {ord(one): _plain(one) for one in set(_NOT_ASCII.findall(raw))}
    if all(len(plain) == 1 for plain in others.values()):
        return Normal(raw.translate(others), places, range(1, len(raw) + 1))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in _NOT_ASCII.finditer(raw):
        at = found.start()
        if done < at:
            text.append(raw[done:at])
            starts.extend(range(done, at))
            ends.extend(range(done + 1, at + 1))
        done = at + 1
        plain = _plain(raw[at])
        text.append(plain)
        starts.extend([at] * len(plain))
        ends.extend([done] * len(plain))
        if not plain and ends:  # what cannot be seen belongs to what stands before it
            ends[-1] = done
    text.append(raw[done:])
    starts.extend(range(done, len(raw)))
    ends.extend(range(done + 1, len(raw) + 1))
    return Normal("".join(text), starts, ends)


def _latin(of: Normal) -> Normal:
    """Lookalikes made Latin, in words that hold Latin letters or digits beside them."""
    if of.text.isascii() or not _LOOKALIKE.search(of.text):
        return of
    made = _WORD.sub(
        lambda word: word[0].translate(_LOOKALIKES) if _LATIN.search(word[0]) else word[0], of.text
    )
    return Normal(made, of.starts, of.ends)


@lru_cache(4096)
def _plain(character: str) -> str:
    """One character in its plain spelling; nothing for what cannot be seen."""
    if character in _DASHES:
        return "-"
    kind = unicodedata.category(character)
    if kind in ("Cf", "Mn", "Me", "Cs"):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind in ("Zl", "Zp"):
        return "\n"
    plain = unicodedata.normalize("NFKC", character)
    if kind == "Zs":
        return " "
    return "".join("-" if one in _DASHES else one for one in plain)


def _mail_before(text: str) -> bool:
    """Whether what ends with `text` may be an address: mail is spoken of, or a name is odd."""
    return holds(text, _MAIL) or _ODD_NAME.search(text.rpartition(" ")[2]) is not None


def _rewritten(
    of: Normal, pattern: re.Pattern[str], made: str | None, *, bare: bool = False
) -> Normal:
    """`made` in the place of each match; None takes the spaces out of it.

    Without brackets "at" is an ordinary word, read as a sign only where a dot was spelled too or
    mail is spoken of.
    """
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in pattern.finditer(of.text):
        begin, end = found.span()
        signed = bare or made != "@" or not _BRACKETS.isdisjoint(found.group())
        if not signed and not _mail_before(of.text[max(0, begin - _BACK) : begin]):
            continue
        text.append(of.text[done:begin])
        starts.extend(of.starts[done:begin])
        ends.extend(of.ends[done:begin])
        if made is None:
            kept = [at for at in range(begin, end) if of.text[at] != " "]
            text.extend(of.text[at] for at in kept)
            starts.extend(of.starts[at] for at in kept)
            ends.extend(of.ends[at] for at in kept)
        else:
            text.append(made)
            starts.append(of.starts[begin])
            ends.append(of.ends[end - 1])
        done = end
    if not done:
        return of
    text.append(of.text[done:])
    starts.extend(of.starts[done:])
    ends.extend(of.ends[done:])
    return Normal("".join(text), starts, ends)
