# SPDX-License-Identifier: AGPL-3.0-or-later
"""A space's key, and how a passphrase, a recovery code or a keyring's secret wraps it.

The key is random; what a member types only wraps it. The passphrase goes through Argon2id
(RFC 9106), the recovery code (BIP-39, 12 words, 128 bits) and what lies in the keyring (256
random bits) through HKDF-SHA256 (RFC 5869); either result seals the key with
ChaCha20-Poly1305 (RFC 8439).
"""

import secrets
import time
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic

from safespace.errors import NoKeyring, SpaceError, WrongPassphrase
from safespace.i18n import _

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
SEALED_BYTES: Final = KEY_BYTES + SALT_BYTES + TAG_BYTES
_RECOVERY_BITS: Final = 128
_RECOVERY: Final = b"safespace recovery code"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of the passphrase costs: Argon2id's memory in KiB, passes and lanes."""

    memory_kib: int
    passes: int
    lanes: int


STANDARD: Final = Cost(memory_kib=256 * 1024, passes=3, lanes=2)
"""No passphrase that a person chooses costs less; `price` adds passes on a fast computer."""
MOST_PASSES: Final = 64


@dataclass(frozen=True, slots=True)
class SpaceKey:
    """The 256-bit key of a space's database and its 128-bit salt, as SQLCipher takes them.

    `derivation_ms` is what unwrapping took. `mended` names a damaged copy of the header that
    was written anew from the intact one at this unlocking.
    """

    key: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    derivation_ms: float = 0.0
    mended: str | None = None


@dataclass(frozen=True, slots=True)
class Wrap:
    """A sealed key: the salt of the derivation, the nonce, and the ciphertext with its tag."""

    salt: bytes
    nonce: bytes
    sealed: bytes


def fresh_key() -> SpaceKey:
    """A key that never existed before."""
    return SpaceKey(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(SALT_BYTES))


def fresh_recovery_code() -> str:
    """Twelve English words that carry 128 random bits and a checksum (BIP-39)."""
    return Mnemonic("english").generate(_RECOVERY_BITS)


def wrap_by_passphrase(key: SpaceKey, passphrase: str, cost: Cost, bound_to: bytes) -> Wrap:
    """Seal `key` so that `passphrase` opens it. Takes as long as `cost` says.

    `bound_to` says which space and which wrap this is; another one's cannot be put in its
    place. Raises SpaceError when there is not enough memory.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    return _seal(key, derive(passphrase, salt, cost), salt, bound_to)


def wrap_by_recovery_code(key: SpaceKey, code: str, bound_to: bytes) -> Wrap:
    """Seal `key` so that the recovery code opens it."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _seal(key, from_words(code, _RECOVERY, salt), salt, bound_to)


def wrap_by_secret(key: SpaceKey, secret: str, bound_to: bytes) -> Wrap:
    """Seal `key` so that the 256 random bits of `secret`, which a keyring keeps, open it."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _seal(key, _from_secret(secret, salt), salt, bound_to)


def open_by_passphrase(wrap: Wrap, passphrase: str, cost: Cost, bound_to: bytes) -> SpaceKey:
    """The key inside `wrap`. Raises WrongPassphrase, and SpaceError for want of memory."""
    begun = time.perf_counter()
    try:
        return _open(wrap, derive(passphrase, wrap.salt, cost), bound_to, begun)
    except InvalidTag:
        raise WrongPassphrase(
            _("That is not the passphrase of this space."),
            _("Try again, or use the recovery code that you wrote down."),
        ) from None


def open_by_recovery_code(wrap: Wrap, code: str, bound_to: bytes) -> SpaceKey:
    """The key inside `wrap`. Raises WrongPassphrase for another code or a slip in this one."""
    begun = time.perf_counter()
    try:
        return _open(wrap, from_words(code, _RECOVERY, wrap.salt), bound_to, begun)
    except InvalidTag:
        raise WrongPassphrase(
            _("That recovery code belongs to another space."),
            _("Look for the one that was shown when this space was made."),
        ) from None


def open_by_secret(wrap: Wrap, secret: str, bound_to: bytes) -> SpaceKey:
    """The key inside `wrap`. Raises NoKeyring if it is not this secret that opens it."""
    begun = time.perf_counter()
    try:
        return _open(wrap, _from_secret(secret, wrap.salt), bound_to, begun)
    except InvalidTag:
        raise NoKeyring(
            _("What lies in this computer's keyring does not open this space."),
            _("The passphrase and the recovery code open the space as always."),
        ) from None


def derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """What seals a key, from a passphrase. Raises SpaceError when there is not enough memory."""
    # NFKC, so that the same passphrase typed on another keyboard is the same bytes.
    typed = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(
            typed, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
        )
    except HashingError:
        raise SpaceError(
            _(
                "There is too little free memory to check the passphrase: it takes {size} MB."
            ).format(size=cost.memory_kib // 1024),
            _("Close other programs and try again."),
        ) from None


def _seal(key: SpaceKey, by: bytes, salt: bytes, bound_to: bytes) -> Wrap:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Wrap(salt, nonce, ChaCha20Poly1305(by).encrypt(nonce, key.key + key.salt, bound_to))


def _open(wrap: Wrap, by: bytes, bound_to: bytes, begun: float) -> SpaceKey:
    opened = ChaCha20Poly1305(by).decrypt(wrap.nonce, wrap.sealed, bound_to)
    milliseconds = (time.perf_counter() - begun) * 1000
    return SpaceKey(opened[:KEY_BYTES], opened[KEY_BYTES:], milliseconds)


def from_words(code: str, purpose: bytes, salt: bytes | None = None) -> bytes:
    """A key for one purpose, out of twelve words. Raises WrongPassphrase for a slip in them."""
    words = " ".join(unicodedata.normalize("NFKC", code).lower().split())
    try:
        entropy = bytes(Mnemonic("english").to_entropy(words))
    except (ValueError, LookupError):
        raise WrongPassphrase(
            _("That is not a recovery code."),
            _("It is twelve words; check their spelling and their order."),
        ) from None
    return HKDF(SHA256(), KEY_BYTES, salt, purpose).derive(entropy)


def _from_secret(secret: str, salt: bytes) -> bytes:
    given = secret.encode("utf-8", "surrogatepass")
    return HKDF(SHA256(), KEY_BYTES, salt, b"safespace keyring").derive(given)
