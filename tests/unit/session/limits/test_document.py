# SPDX-License-Identifier: AGPL-3.0-or-later
"""A document says what was signed, or nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.domain import NO_LIMITS, Level, Limits, Topic
from safespace.session.limits.document import (
    Document,
    Handed,
    Heir,
    Unreadable,
    follows,
    hand,
    read,
    read_note,
    several,
    sign,
    sign_note,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))

_MINUTES = st.integers(0, 1440)
LIMITS = st.builds(
    Limits,
    st.sampled_from(Level),
    st.frozensets(st.sampled_from(Topic)),
    st.lists(
        st.tuples(_MINUTES, _MINUTES).filter(lambda window: window[0] < window[1]), max_size=3
    ).map(tuple),
    st.none() | _MINUTES,
    st.none() | st.frozensets(st.text(max_size=20), max_size=3),
    st.booleans(),
    st.booleans(),
)
DOCUMENTS = st.builds(
    Document,
    st.text(max_size=20),
    st.integers(1, 1 << 40),
    st.text(max_size=40),
    st.just(KEY.public_key().public_bytes_raw()),
    st.booleans(),
    st.none() | st.dates(),
    LIMITS,
    st.none() | LIMITS,
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.text(max_size=20),
    st.lists(st.builds(Heir, st.text(max_size=20), st.binary(max_size=32)), max_size=3).map(tuple),
    st.none() | st.builds(Handed, st.binary(max_size=32), st.binary(max_size=64)),
    st.just(b"") | st.text(max_size=40).map(str.encode),
)
SIGNED = sign(
    Document("space", 1, "Mum", KEY.public_key().public_bytes_raw(), False, None, NO_LIMITS), KEY
)


@given(DOCUMENTS)
@settings(max_examples=200, derandomize=True)
def test_what_was_signed_is_read(document: Document) -> None:
    assert read(sign(document, KEY)) == document


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.just(b"[" * 5000 + b"\n00\n"))
@settings(max_examples=200, derandomize=True)
def test_garbage_is_no_document(untrusted: bytes) -> None:
    with pytest.raises(Unreadable):
        read(untrusted)


@given(st.integers(0, len(SIGNED) - 2), st.integers(0, 7))
@settings(max_examples=300, derandomize=True)
def test_one_changed_bit_is_noticed(at: int, bit: int) -> None:
    changed = bytearray(SIGNED)
    changed[at] ^= 1 << bit
    try:
        found = read(bytes(changed))
    except Unreadable:
        return
    assert found == read(SIGNED)  # a letter of the signature in hex may be written large


def test_only_the_key_that_stands_in_it_signs_it() -> None:
    document = read(SIGNED)
    with pytest.raises(Unreadable):
        read(sign(document, OTHER))


@pytest.mark.parametrize(
    "limits",
    [
        Limits(hours=((60, 60),)),
        Limits(hours=((-1, 60),)),
        Limits(hours=((0, 1441),)),
        Limits(minutes=-1),
        Limits(minutes=1441),
    ],
)
def test_limits_that_make_no_sense_are_no_document(limits: Limits) -> None:
    document = read(SIGNED)
    signed = sign(
        Document(document.space, 1, "Mum", document.key, True, date(2030, 1, 1), limits), KEY
    )
    with pytest.raises(Unreadable):
        read(signed)


def test_what_was_granted_once_holds_up_to_its_moment() -> None:
    until = datetime(2026, 5, 1, tzinfo=UTC)
    tight = Limits(Level.NO_AI)
    document = Document("s", 2, "Mum", b"", False, None, tight, NO_LIMITS, until)
    assert document.at(datetime(2026, 4, 30, 23, 59, tzinfo=UTC)) == NO_LIMITS
    assert document.at(until) == tight


def test_a_note_is_read_by_the_key_that_is_known() -> None:
    note = {"space": "s", "key": OTHER.public_key().public_bytes_raw().hex()}
    signed = sign_note(note, OTHER)
    assert read_note(signed, None) == note
    assert read_note(signed, OTHER.public_key().public_bytes_raw()) == note
    with pytest.raises(Unreadable):
        read_note(signed, KEY.public_key().public_bytes_raw())


def test_documents_in_a_row_are_read_and_junk_between_them_is_not() -> None:
    second = sign(replace(read(SIGNED), version=2), KEY)
    found = several(SIGNED + b"junk\nmore\n" + second + b"rest")
    assert [(one.version, data) for one, data in found] == [(1, SIGNED), (2, second)]
    assert several(b"junk\n" + SIGNED) == [], "what is out of step is no document"


def heir_of(document: Document, *keys: Ed25519PrivateKey) -> Document:
    heirs = (Heir("", key.public_key().public_bytes_raw()) for key in keys)
    return replace(document, heirs=tuple(heirs))


def by(document: Document, key: Ed25519PrivateKey, **changed: Any) -> Document:
    fields: dict[str, Any] = {
        "version": document.version + 1,
        "key": key.public_key().public_bytes_raw(),
    }
    return replace(document, **(fields | changed))


def test_only_a_newer_one_by_who_may_sign_follows() -> None:
    third = Ed25519PrivateKey.generate()
    kept = read(SIGNED)
    assert follows(by(kept, KEY), kept)
    assert not follows(by(kept, KEY, version=1), kept)
    assert not follows(by(kept, OTHER), kept)
    assert follows(by(kept, OTHER), heir_of(kept, OTHER))
    assert not follows(by(kept, third), heir_of(kept, OTHER))
    handed = by(kept, third)
    handed = replace(handed, handed=hand(handed, OTHER))
    assert follows(handed, heir_of(kept, OTHER))
    assert not follows(handed, kept)
    assert not follows(replace(handed, key=kept.key[::-1]), heir_of(kept, OTHER))
    assert not follows(replace(handed, space="another"), heir_of(kept, OTHER))


def test_who_missed_the_last_word_of_a_guardian_reads_it_in_the_next_ones() -> None:
    kept = read(SIGNED)
    named = sign(heir_of(replace(kept, version=5), OTHER), KEY)
    taken = by(read(named), OTHER, before=named)
    assert follows(taken, kept)
    assert not follows(by(read(named), OTHER), kept), "without it nobody can tell"
    dropped = replace(kept, version=6)
    assert not follows(replace(taken, version=9), dropped), "they were named before, not now"
    own = sign(heir_of(by(kept, OTHER, version=5), OTHER), OTHER)
    assert not follows(by(read(own), OTHER, before=own), kept), "nobody names themselves"
    elsewhere = sign(heir_of(replace(kept, version=5, space="another"), OTHER), KEY)
    assert not follows(by(kept, OTHER, version=6, before=elsewhere), kept)
