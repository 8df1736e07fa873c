# SPDX-License-Identifier: AGPL-3.0-or-later
"""A limits document: what was agreed for one space, signed by its guardian. Pure.

    {"adult": …, "ends": …, "format": "safespace-limits/1", "guardian": …, "key": …, …}
    the signature of that line in hex

The first line is canonical JSON (sorted keys, no spaces, UTF-8); the signature is Ed25519
(RFC 8032) by the key that stands in it. Who reads one compares that key with the one it knows,
and with those of the heirs that the document it knows names.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safespace.domain import Level, Limits, Topic

FORMAT: Final = "safespace-limits/1"
HOUSEHOLD: Final = "household"
"""What stands for a space where limits are for every space that is begun on this computer."""
LARGEST: Final = 16 << 10
_DAY: Final = 24 * 60


class Unreadable(ValueError):
    """No limits document, or not as its guardian signed it."""


@dataclass(frozen=True, slots=True)
class Heir:
    """Who may take over from the guardian. `name` is empty for whoever holds the paper."""

    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Handed:
    """That the heir with the key `by` handed the limits to the key that stands in the document."""

    by: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """The limits of one space. `adult`: its member may end them alone. `ends`: gone from that day.

    `today` holds instead of `limits` up to `until`: what was granted once. `keeper` keeps the
    recovery sheet, as was agreed; empty if nothing was. After a take-over, `before` is what the
    guardian before signed last, for who has not seen that.
    """

    space: str
    version: int
    guardian: str
    key: bytes
    adult: bool
    ends: date | None
    limits: Limits
    today: Limits | None = None
    until: datetime | None = None
    keeper: str = ""
    heirs: tuple[Heir, ...] = ()
    handed: Handed | None = None
    before: bytes = b""

    def at(self, now: datetime) -> Limits:
        """What holds at a moment, in local time with its zone."""
        return self.today if self.today and self.until and now < self.until else self.limits


def sign(document: Document, key: Ed25519PrivateKey) -> bytes:
    """The document as bytes. `document.key` is the public part of `key`."""
    line = _canonical(
        {
            "format": FORMAT,
            "space": document.space,
            "version": document.version,
            "guardian": document.guardian,
            "key": document.key.hex(),
            "adult": document.adult,
            "ends": document.ends and document.ends.isoformat(),
            "limits": _limits_to_json(document.limits),
            "today": document.today and _limits_to_json(document.today),
            "until": document.until and document.until.isoformat(),
            "keeper": document.keeper,
            "heirs": [[heir.name, heir.key.hex()] for heir in document.heirs],
            "handed": document.handed
            and [document.handed.by.hex(), document.handed.signature.hex()],
            "before": document.before.decode("utf-8", "surrogatepass"),
        }
    )
    return line + b"\n" + key.sign(line).hex().encode() + b"\n"


def read(untrusted: bytes) -> Document:
    """The document in `untrusted`, its signature checked. Raises Unreadable."""
    fields, signature, line = _parts(untrusted)
    try:
        document = _document(fields)
        Ed25519PublicKey.from_public_bytes(document.key).verify(signature, line)
    except (ValueError, TypeError, KeyError, InvalidSignature):
        raise Unreadable from None
    return document


def public(key: bytes) -> bytes:
    """The public part of a key, both as raw bytes (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


def several(untrusted: bytes) -> list[tuple[Document, bytes]]:
    """The documents that lie one after the other in `untrusted`, each with its bytes."""
    lines = untrusted.splitlines(keepends=True)
    found = []
    for line, signature in zip(lines[::2], lines[1::2], strict=False):
        with suppress(Unreadable):
            found.append((read(line + signature), line + signature))
    return found


def follows(offered: Document, kept: Document) -> bool:
    """Whether a document may take the place of another: a newer one, by who may sign it."""
    return offered.version > kept.version and may_follow(offered, kept)


def may_follow(offered: Document, kept: Document) -> bool:
    """Whether its guardian is that of `kept`, or took over as `kept` provides, or a later one
    of the same guardian.
    """
    if offered.key == kept.key or _is_heir(offered, kept):
        return True
    with suppress(Unreadable):
        before = read(offered.before)
        seen = before.space == kept.space and before.version >= kept.version
        return seen and _is_heir(offered, before) and may_follow(before, kept)
    return False


def _is_heir(offered: Document, kept: Document) -> bool:
    heirs = {heir.key for heir in kept.heirs}
    handed = offered.handed
    return offered.key in heirs or (
        handed is not None and handed.by in heirs and _was_handed(offered, handed)
    )


def hand(document: Document, heir: Ed25519PrivateKey) -> Handed:
    """The word of an heir that whoever has the key in `document` is the guardian from now on."""
    by = heir.public_key().public_bytes_raw()
    return Handed(by, heir.sign(_handing(document)))


def _was_handed(document: Document, handed: Handed) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(handed.by)
        key.verify(handed.signature, _handing(document))
    except (ValueError, InvalidSignature):
        return False
    return True


def _handing(document: Document) -> bytes:
    return b"safespace limits are handed over/1\n" + document.key + document.space.encode()


def sign_note(fields: Mapping[str, object], key: Ed25519PrivateKey) -> bytes:
    """A small note of a member to their guardian, signed."""
    line = _canonical(fields)
    return line + b"\n" + key.sign(line).hex().encode() + b"\n"


def read_note(untrusted: bytes, key: bytes | None) -> Mapping[str, Any]:
    """What a note says, by `key` or, where none is known yet, by the one in it.

    Raises Unreadable.
    """
    fields, signature, line = _parts(untrusted)
    try:
        known = key or bytes.fromhex(fields["key"])
        Ed25519PublicKey.from_public_bytes(known).verify(signature, line)
    except (ValueError, TypeError, KeyError, InvalidSignature):
        raise Unreadable from None
    return fields


def _parts(untrusted: bytes) -> tuple[Mapping[str, Any], bytes, bytes]:
    line, _, rest = untrusted[:LARGEST].partition(b"\n")
    try:
        fields = json.loads(line)
        signature = bytes.fromhex(rest.decode("ascii").strip())
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(fields, dict) or _canonical(fields) != line:
        raise Unreadable
    return fields, signature, line


def _document(fields: Mapping[str, Any]) -> Document:
    match fields:
        case {
            "format": str(format_),
            "space": str(space),
            "version": int(version),
            "guardian": str(guardian),
            "key": str(key),
            "adult": bool(adult),
            "ends": ends,
            "limits": limits,
            "today": today,
            "until": until,
        } if format_ == FORMAT and version > 0:
            handed = fields.get("handed")
            return Document(
                space,
                version,
                guardian,
                bytes.fromhex(key),
                adult,
                None if ends is None else date.fromisoformat(ends),
                _limits(limits),
                None if today is None else _limits(today),
                None if until is None else datetime.fromisoformat(until),
                str(fields.get("keeper", "")),
                tuple(Heir(str(name), bytes.fromhex(of)) for name, of in fields.get("heirs", ())),
                None if handed is None else Handed(*map(bytes.fromhex, handed)),
                str(fields.get("before", "")).encode("utf-8", "surrogatepass"),
            )
    raise Unreadable


def _limits_to_json(limits: Limits) -> dict[str, object]:
    return {
        "highest": limits.highest.value,
        "topics": sorted(topic.value for topic in limits.topics),
        "hours": [list(window) for window in limits.hours],
        "minutes": limits.minutes,
        "models": None if limits.models is None else sorted(limits.models),
        "cooperative": limits.cooperative,
        "override": limits.override,
    }


def _limits(fields: Mapping[str, Any]) -> Limits:
    """Limits from JSON. Raises ValueError, TypeError, KeyError."""
    hours = tuple((int(begin), int(end)) for begin, end in fields["hours"])
    minutes, models = fields["minutes"], fields["models"]
    if not all(0 <= begin < end <= _DAY for begin, end in hours):
        raise ValueError("hours")
    if minutes is not None and not (type(minutes) is int and 0 <= minutes <= _DAY):
        raise ValueError("minutes")
    if not (type(fields["cooperative"]) is bool and type(fields["override"]) is bool):
        raise TypeError
    return Limits(
        Level(fields["highest"]),
        frozenset(map(Topic, fields["topics"])),
        hours,
        minutes,
        None if models is None else frozenset(map(str, models)),
        fields["cooperative"],
        fields["override"],
    )


def _canonical(fields: Mapping[str, Any]) -> bytes:
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")
