# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file is by its first bytes, whatever it is called, and its text if it is plain."""

import codecs
import re
import unicodedata
from typing import Final

TEXT: Final = "text/plain"
MAIL: Final = "message/rfc822"
UNKNOWN: Final = "application/octet-stream"

# https://www.garykessler.net/library/file_sigs.html; of containers, what stands inside
_BEGINNINGS: Final = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"{\\rtf", "application/rtf"),
    (30, b"mimetypeapplication/vnd.oasis.opendocument.text",
     "application/vnd.oasis.opendocument.text"),
    (30, b"mimetypeapplication/epub+zip", "application/epub+zip"),
)  # fmt: skip
_ZIP: Final = b"PK\x03\x04"
_IN_ZIP: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_HTML: Final = (b"<!doctype html", b"<html")
_HEADER: Final = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|From|To|Date|Subject|Message-ID|MIME-Version"
    rb"|Content-Type|Reply-To|DKIM-Signature|X-[\w-]+):[ \t]",
    re.IGNORECASE,
)
"""A line that a letter's head has, RFC 5322; a letter begins with several."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SOME: Final = 8192
"""So many bytes are looked at."""


def type_of(start: bytes) -> str:
    """The media type (RFC 6838) of a file that begins with `start`."""
    for place, sign, type_ in _BEGINNINGS:
        if start.startswith(sign, place):
            return type_
    if start.startswith(_ZIP):
        inside = (type_ for sign, type_ in _IN_ZIP if sign in start[:_SOME])
        return next(inside, "application/zip")
    if start[:_SOME].lstrip().lower().startswith(_HTML):
        return "text/html"
    if not encoding(start):
        return UNKNOWN
    return MAIL if _is_mail(start[:_SOME]) else TEXT


def _is_mail(some: bytes) -> bool:
    head = re.split(rb"\r?\n\r?\n", some, maxsplit=1)[0]
    lines = [line for line in head.splitlines() if line[:1] not in (b" ", b"\t")]
    named = {match[0].lower() for line in lines if (match := _HEADER.match(line))}
    return bool(lines) and bool(_HEADER.match(lines[0])) and b"from: " in named and len(named) > 2


def encoding(start: bytes) -> str | None:
    """How the text of a file that begins with `start` is encoded; None if it is no plain text."""
    some = start[:_SOME]
    for bom, name in _BOMS:
        if some.startswith(bom):
            return name
    for name in ("utf-8", "cp1252"):
        try:
            text = codecs.getincrementaldecoder(name)().decode(some)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text):
            return name
    return None
