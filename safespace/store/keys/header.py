# SPDX-License-Identifier: AGPL-3.0-or-later
"""The header of a space: what it shows while locked, and its wrapped key, as a JSON file's bytes.

A header carries a SHA-256 of everything else in it, so that damage and a wrong passphrase
can be told apart. The checksum finds accidents; what keeps a stranger out is the wraps.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from safespace.errors import NewerSpace, NoKeyring
from safespace.i18n import _
from safespace.store.keys import veil, wraps
from safespace.store.keys.veil import Veil
from safespace.store.keys.wraps import Cost, SpaceKey, Wrap

FORMAT: Final = 1
LARGEST: Final = 64 * 1024
"""Bytes; no header comes near it."""
LARGEST_PICTURE: Final = 32 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"

# A hostile header must not be able to ask for a terabyte, or for a week.
_MEMORY_KIB: Final = range(8, 1024 * 1024 + 1)
_PASSES: Final = range(1, wraps.MOST_PASSES + 1)
_LANES: Final = range(1, 17)


class Unreadable(ValueError):
    """These bytes are no header, or one that was damaged."""


@dataclass(frozen=True, slots=True)
class Header:
    """What lies readable beside the database: nothing of the member's but name and picture.

    A veiled space shows neither: `name` is empty then, and who types it is recognised by `veil`.
    `database` is the salt that the database begins with, so that it can be told which header
    belongs to it; None in headers of before there was a change of keys. `guessable`: the
    passphrase is one that somebody who uses this account could guess. `keyring`: what lies in
    the operating system's keyring opens the space too, if its member asked for that.
    """

    id: str
    name: str
    created: datetime
    cost: Cost
    passphrase: Wrap
    recovery: Wrap
    database: bytes | None = None
    guessable: bool = False
    keyring: Wrap | None = None
    veil: Veil | None = None
    picture: bytes = b""

    def unlock(self, passphrase: str) -> SpaceKey:
        """The space's key. Raises WrongPassphrase, SpaceError for want of memory."""
        return wraps.open_by_passphrase(
            self.passphrase, passphrase, self.cost, _bound_to(self.id, "passphrase")
        )

    def unlock_with_recovery(self, code: str) -> SpaceKey:
        """The space's key by its recovery code. Raises WrongPassphrase."""
        return wraps.open_by_recovery_code(self.recovery, code, _bound_to(self.id, "recovery"))

    def unlock_with_keyring(self, secret: str) -> SpaceKey:
        """The space's key by what a keyring kept. Raises NoKeyring."""
        if self.keyring is None:
            raise NoKeyring(
                _("This space does not open by a keyring."), _("Open it with the passphrase.")
            )
        return wraps.open_by_secret(self.keyring, secret, _bound_to(self.id, "keyring"))


def seal(
    name: str, key: SpaceKey, passphrase: str, code: str, cost: Cost, *, guessable: bool = False
) -> Header:
    """A new header whose two wraps both open to `key`."""
    id_ = secrets.token_hex(8)
    return Header(
        id=id_,
        name=name,
        created=datetime.now(UTC),
        cost=cost,
        passphrase=wraps.wrap_by_passphrase(key, passphrase, cost, _bound_to(id_, "passphrase")),
        recovery=wraps.wrap_by_recovery_code(key, code, _bound_to(id_, "recovery")),
        database=key.salt,
        guessable=guessable,
    )


def with_passphrase(
    header: Header, key: SpaceKey, passphrase: str, cost: Cost, *, guessable: bool
) -> Header:
    """`header`, opened to `key` by another passphrase."""
    bound_to = _bound_to(header.id, "passphrase")
    return replace(
        header,
        cost=cost,
        passphrase=wraps.wrap_by_passphrase(key, passphrase, cost, bound_to),
        database=key.salt,
        guessable=guessable,
    )


def with_recovery_code(header: Header, key: SpaceKey, code: str) -> Header:
    """`header`, opened to `key` by another recovery code."""
    recovery = wraps.wrap_by_recovery_code(key, code, _bound_to(header.id, "recovery"))
    return replace(header, recovery=recovery, database=key.salt)


def with_keyring(header: Header, key: SpaceKey, secret: str) -> Header:
    """`header`, opened to `key` by what a keyring keeps as well."""
    wrap = wraps.wrap_by_secret(key, secret, _bound_to(header.id, "keyring"))
    return replace(header, keyring=wrap, database=key.salt)


def without_keyring(header: Header) -> Header:
    """`header`, which no keyring opens."""
    return replace(header, keyring=None)


def veiled(header: Header, name: str) -> Header:
    """`header` of the space called `name`, showing neither name nor picture."""
    return replace(header, name="", veil=veil.over(name, header.cost), picture=b"")


def shown(header: Header, name: str, picture: bytes) -> Header:
    """`header` showing a name, and a picture if it is not empty. Raises Unreadable for no PNG."""
    return replace(header, name=name, veil=None, picture=_picture(picture) if picture else b"")


def encode(header: Header) -> bytes:
    """`header` as the bytes of its file."""
    database = {} if header.database is None else {"database": header.database.hex()}
    keyring = {} if header.keyring is None else {"keyring": _by_hkdf(header.keyring)}
    picture = {"picture": base64.b64encode(header.picture).decode()} if header.picture else {}
    hidden = {"veil": _veil_fields(header.veil)} if header.veil else {}
    return _canonical(
        {
            "format": FORMAT,
            **database,
            **keyring,
            **picture,
            **hidden,
            "id": header.id,
            "name": header.name,
            "created": header.created.isoformat(),
            "passphrase": {
                "kdf": "argon2id",
                **_cost_fields(header.cost),
                "guessable": header.guessable,
                **_wrap_fields(header.passphrase),
            },
            "recovery": _by_hkdf(header.recovery),
        }
    )


def decode(data: bytes) -> Header:
    """The header in `data`. Raises Unreadable for damage, NewerSpace for a later format."""
    fields = _intact(data)
    written_as = _number(fields, "format", range(1, 1 << 31))
    if written_as > FORMAT:
        raise NewerSpace(
            _("This space was made by a newer Safe Space."),
            _("Update Safe Space to open it."),
        )
    by_passphrase, by_recovery = _part(fields, "passphrase"), _part(fields, "recovery")
    if (by_passphrase.get("kdf"), by_recovery.get("kdf")) != ("argon2id", "hkdf-sha256"):
        raise Unreadable("unknown derivation")
    try:
        created = datetime.fromisoformat(_text(fields, "created"))
    except ValueError:
        raise Unreadable("created") from None
    return Header(
        id=_text(fields, "id"),
        name=_text(fields, "name"),
        created=created,
        cost=_cost(by_passphrase),
        passphrase=_wrap(by_passphrase),
        recovery=_wrap(by_recovery),
        database=_bytes(fields, "database", wraps.SALT_BYTES) if "database" in fields else None,
        guessable=by_passphrase.get("guessable") is True,
        keyring=_wrap(_part(fields, "keyring")) if "keyring" in fields else None,
        veil=_veil(_part(fields, "veil")) if "veil" in fields else None,
        picture=_picture(_base64(fields, "picture")) if "picture" in fields else b"",
    )


def _bound_to(id_: str, which: str) -> bytes:
    return f"safespace {id_} {which}".encode()


def _canonical(fields: Mapping[str, object]) -> bytes:
    rest = {key: value for key, value in fields.items() if key != "check"}
    check = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
    return (json.dumps({**rest, "check": check}, indent=2, sort_keys=True) + "\n").encode()


def _intact(data: bytes) -> Mapping[str, object]:
    """The fields in `data`, in whatever format, if not one byte differs from what was written."""
    if len(data) > LARGEST:
        raise Unreadable("too long")
    try:
        fields = json.loads(data)
        intact = isinstance(fields, dict) and _canonical(fields) == data
    except (ValueError, RecursionError):
        intact = False
    if not intact:
        raise Unreadable("checksum")
    assert isinstance(fields, dict)
    return fields


def _by_hkdf(wrap: Wrap) -> dict[str, str]:
    return {"kdf": "hkdf-sha256", **_wrap_fields(wrap)}


def _cost_fields(cost: Cost) -> dict[str, int]:
    return {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes}


def _cost(fields: Mapping[str, object]) -> Cost:
    return Cost(
        memory_kib=_number(fields, "memory_kib", _MEMORY_KIB),
        passes=_number(fields, "passes", _PASSES),
        lanes=_number(fields, "lanes", _LANES),
    )


def _veil_fields(veil: Veil) -> dict[str, object]:
    return {"salt": veil.salt.hex(), "print": veil.print.hex(), **_cost_fields(veil.cost)}


def _veil(fields: Mapping[str, object]) -> Veil:
    return Veil(
        salt=_bytes(fields, "salt", wraps.SALT_BYTES),
        print=_bytes(fields, "print", wraps.KEY_BYTES),
        cost=_cost(fields),
    )


def _picture(data: bytes) -> bytes:
    """`data`, if it is a picture as small as they are kept."""
    if not data.startswith(_PNG) or len(data) > LARGEST_PICTURE:
        raise Unreadable("picture")
    return data


def _base64(fields: Mapping[str, object], key: str) -> bytes:
    try:
        return base64.b64decode(_text(fields, key), validate=True)
    except ValueError:
        raise Unreadable(key) from None


def _wrap_fields(wrap: Wrap) -> dict[str, str]:
    return {"salt": wrap.salt.hex(), "nonce": wrap.nonce.hex(), "sealed": wrap.sealed.hex()}


def _wrap(fields: Mapping[str, object]) -> Wrap:
    return Wrap(
        salt=_bytes(fields, "salt", wraps.SALT_BYTES),
        nonce=_bytes(fields, "nonce", wraps.NONCE_BYTES),
        sealed=_bytes(fields, "sealed", wraps.SEALED_BYTES),
    )


def _part(fields: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = fields.get(key)
    if not isinstance(value, dict):
        raise Unreadable(key)
    return value


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value.isprintable():
        raise Unreadable(key)
    return value


def _number(fields: Mapping[str, object], key: str, allowed: range) -> int:
    value = fields.get(key)
    if type(value) is not int or value not in allowed:
        raise Unreadable(key)
    return value


def _bytes(fields: Mapping[str, object], key: str, length: int) -> bytes:
    try:
        value = bytes.fromhex(_text(fields, key))
    except ValueError:
        raise Unreadable(key) from None
    if len(value) != length:
        raise Unreadable(key)
    return value
