# SPDX-License-Identifier: AGPL-3.0-or-later
"""The header: what opens it, what does not, and that no damage passes for either."""

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.errors import NewerSpace, NoKeyring, WrongPassphrase
from safespace.store.keys import header, wraps
from safespace.store.keys.header import Header, Unreadable
from safespace.store.keys.wraps import STANDARD, Cost, fresh_key, fresh_recovery_code
from tests.unit.store.conftest import CHEAP, PASSPHRASE

KEY = fresh_key()
CODE = fresh_recovery_code()
SEALED = header.seal("Ada", KEY, PASSPHRASE, CODE, CHEAP)
DATA = header.encode(SEALED)


def rewritten(**changes: object) -> bytes:
    """The header with other fields and a checksum that fits them, as an attacker would."""
    return header._canonical({**json.loads(DATA), **changes})


def test_decode_reads_what_encode_wrote() -> None:
    assert header.decode(DATA) == SEALED


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.text(min_size=1), st.text(min_size=1))
def test_a_passphrase_opens_its_wrap_and_no_other_does(passphrase: str, other: str) -> None:
    sealed = header.seal("Ada", KEY, passphrase, CODE, CHEAP)
    assert sealed.unlock(passphrase).key == KEY.key
    if unicodedata.normalize("NFKC", passphrase) != unicodedata.normalize("NFKC", other):
        with pytest.raises(WrongPassphrase):
            sealed.unlock(other)


@pytest.mark.parametrize("typed", ["Ame\u0301lie \ufb01n", "Am\u00e9lie fin"])
def test_a_passphrase_is_the_same_however_a_keyboard_spells_it(typed: str) -> None:
    sealed = header.seal("Ada", KEY, "Am\u00e9lie \ufb01n", CODE, CHEAP)
    assert sealed.unlock(typed).key == KEY.key


def test_the_recovery_code_opens_the_same_key() -> None:
    opened = SEALED.unlock_with_recovery(f"  {CODE.upper().replace(' ', '  ')}\n")
    assert (opened.key, opened.salt) == (KEY.key, KEY.salt)
    assert len(CODE.split()) == 12


def test_a_slip_in_the_recovery_code_is_told_from_another_code() -> None:
    first, second, *rest = CODE.split()
    for slip in ("", "safe space", " ".join([first, *rest]), " ".join(["qqq", second, *rest])):
        with pytest.raises(WrongPassphrase, match="not a recovery code"):
            SEALED.unlock_with_recovery(slip)
    with pytest.raises(WrongPassphrase, match="another space"):
        SEALED.unlock_with_recovery(fresh_recovery_code())


def test_every_damaged_byte_is_seen() -> None:
    for position, byte in enumerate(DATA):
        for damage in (byte ^ 1, byte ^ 0x20, 0, ord("\n")):
            damaged = DATA[:position] + bytes([damage]) + DATA[position + 1 :]
            if damaged != DATA:
                with pytest.raises(Unreadable):
                    header.decode(damaged)


@settings(max_examples=200, derandomize=True)
@given(st.binary() | st.text().map(str.encode) | st.just(b"[" * 60_000))
def test_anything_else_is_no_header(data: bytes) -> None:
    with pytest.raises(Unreadable):
        header.decode(data)


@pytest.mark.parametrize("length", range(0, len(DATA), 40))
def test_a_truncated_header_is_damaged(length: int) -> None:
    with pytest.raises(Unreadable):
        header.decode(DATA[:length])


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 1 << 30},
        {"memory_kib": 0},
        {"memory_kib": True},
        {"memory_kib": 64.0},
        {"passes": 1 << 20},
        {"lanes": 0},
        {"kdf": "none"},
        {"salt": "00"},
        {"sealed": None},
    ],
)
def test_a_hostile_header_sets_no_price_of_its_own(cost: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        header.decode(rewritten(passphrase={**json.loads(DATA)["passphrase"], **cost}))


def test_a_header_with_control_characters_in_its_name_is_refused() -> None:
    assert header.decode(rewritten(name="Bo")).name == "Bo"
    with pytest.raises(Unreadable):
        header.decode(rewritten(name="\x1b[2J"))


def test_a_wrap_opens_only_where_it_was_made() -> None:
    elsewhere = replace(SEALED, id="0123456789abcdef")
    with pytest.raises(WrongPassphrase):
        elsewhere.unlock(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        elsewhere.unlock_with_recovery(CODE)


def test_a_later_format_is_newer_not_damaged() -> None:
    with pytest.raises(NewerSpace):
        header.decode(rewritten(format=header.FORMAT + 1, something="new"))


def test_nothing_secret_is_readable() -> None:
    shown = (DATA.decode() + repr(SEALED.unlock(PASSPHRASE))).lower()
    assert SEALED.passphrase.salt.hex() in shown  # the search does find what is there
    assert KEY.salt.hex() in shown  # no secret: the database begins with it
    for secret in (KEY.key.hex(), repr(KEY.key), PASSPHRASE, CODE):
        assert secret.lower() not in shown


def test_the_standard_cost_is_the_one_promised() -> None:
    assert Cost(256 * 1024, 3, 2) == STANDARD
    key = wraps.wrap_by_passphrase(KEY, PASSPHRASE, STANDARD, b"here")
    assert wraps.open_by_passphrase(key, PASSPHRASE, STANDARD, b"here").derivation_ms > 0


def test_two_spaces_share_nothing() -> None:
    one, two = (
        header.seal("Ada", fresh_key(), PASSPHRASE, fresh_recovery_code(), CHEAP) for _ in range(2)
    )

    def parts(sealed: Header) -> set[object]:
        return {sealed.id, *_fields(sealed.passphrase), *_fields(sealed.recovery)}

    assert not parts(one) & parts(two)
    assert len(parts(one)) == 7


def _fields(wrap: wraps.Wrap) -> tuple[bytes, bytes, bytes]:
    return wrap.salt, wrap.nonce, wrap.sealed


def test_what_a_keyring_keeps_opens_the_same_key_and_nothing_else_does() -> None:
    secret = "5" * 64
    opened_too = header.with_keyring(SEALED, KEY, secret)
    assert header.decode(header.encode(opened_too)) == opened_too
    assert opened_too.unlock_with_keyring(secret).key == KEY.key
    assert opened_too.unlock(PASSPHRASE).key == KEY.key
    for other in ("", "4" * 64, secret * 2):
        with pytest.raises(NoKeyring):
            opened_too.unlock_with_keyring(other)
    for without in (SEALED, header.without_keyring(opened_too)):
        assert header.encode(without) == DATA
        with pytest.raises(NoKeyring):
            without.unlock_with_keyring(secret)


def test_a_part_that_a_later_program_added_is_passed_over() -> None:
    """As a program of before the keyring reads a header with one."""
    assert header.decode(rewritten(later={"kdf": "unheard of"})) == SEALED
