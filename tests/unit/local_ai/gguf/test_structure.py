# SPDX-License-Identifier: AGPL-3.0-or-later
"""Model files that are built as they say, and files that are not, in each way we know."""

import ctypes
import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.local_ai.gguf import reading
from safespace.local_ai.gguf.architectures import ARCHITECTURES
from safespace.local_ai.gguf.reading import Unsound
from safespace.local_ai.gguf.structure import TENSORS, check_structure

Value = int | bool | str | list[str] | list[bool]


@dataclass(frozen=True)
class Tensor:
    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


VALUES: dict[str, Value] = {
    "general.architecture": "llama",
    "general.alignment": 64,
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.tied": True,
    "tokenizer.ggml.tokens": ["a", "fox", ""],
    "tokenizer.ggml.added": [True, False],
}
TENSOR = Tensor("token_embd.weight", (64, 3), 2, 0)  # Q4_0: 6 blocks of 18 bytes
NEXT = Tensor("output.weight", (32,), 0, 128)


def model(
    values: Mapping[str, Value] = VALUES,
    tensors: tuple[Tensor, ...] = (TENSOR, NEXT),
    weights: int = 256,
    version: int = 3,
    alignment: int = 64,
) -> bytes:
    written = struct.pack("<4sIQQ", b"GGUF", version, len(tensors), len(values))
    for key, value in values.items():
        written += text(key) + entry(value)
    for tensor in tensors:
        written += text(tensor.name) + struct.pack("<I", len(tensor.shape))
        written += struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape)
        written += struct.pack("<IQ", tensor.kind, tensor.offset)
    return written + bytes(-len(written) % alignment + weights)


def text(said: str) -> bytes:
    return struct.pack("<Q", len(said.encode())) + said.encode()


def entry(value: Value) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<IB", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    if value and isinstance(value[0], bool):
        return struct.pack("<IIQ", 9, 7, len(value)) + bytes(map(int, value))
    return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, map(str, value)))


def flaw(tmp_path: Path, content: bytes) -> str:
    """In which way a file with this content is not built as it says; "": it is."""
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    try:
        check_structure(file)
    except Unsound as found:
        return found.flaw
    return ""


def with_values(**changed: Value) -> bytes:
    return model({**VALUES, **{name.replace("__", "."): value for name, value in changed.items()}})


def raw_entry(key: str, kind_and_value: bytes) -> bytes:
    """A file whose only entry, besides the architecture, is this one."""
    head = struct.pack("<4sIQQ", b"GGUF", 3, 0, 2)
    return head + text("general.architecture") + entry("llama") + text(key) + kind_and_value


def test_a_sound_file_is_sound(tmp_path: Path) -> None:
    assert flaw(tmp_path, model()) == ""
    assert flaw(tmp_path, model(version=2)) == ""
    assert flaw(tmp_path, model(tensors=(), weights=0)) == ""


def test_the_starter_model_is_sound(starter_model: Path) -> None:
    check_structure(starter_model)


SECOND = replace(NEXT, name=TENSOR.name)

BROKEN: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "foreign"),
    "another format": (b"PK\3\4" + bytes(100), "foreign"),
    "an older version": (model(version=1), "foreign"),
    "a later version": (model(version=4), "foreign"),
    "big-endian": (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "foreign"),
    "more entries than a file has": (struct.pack("<4sIQQ", b"GGUF", 3, 0, 2**63), "malformed"),
    "more tensors": (struct.pack("<4sIQQ", b"GGUF", 3, 2**63, 0), "malformed"),
    "a key without end": (struct.pack("<4sIQQQ", b"GGUF", 3, 0, 1, 2**62), "malformed"),
    "an empty key": (raw_entry("", entry(1)), "malformed"),
    "the same key twice": (raw_entry("general.architecture", entry("llama")), "malformed"),
    "an unknown type": (raw_entry("k", struct.pack("<I", 13)), "malformed"),
    "a list of lists": (raw_entry("k", struct.pack("<IIQ", 9, 9, 1)), "malformed"),
    "a list without end": (raw_entry("k", struct.pack("<IIQ", 9, 4, 2**61)), "malformed"),
    "a list past the end": (raw_entry("k", struct.pack("<IIQ", 9, 4, 2**20)), "cut_short"),
    "strings past the end": (raw_entry("k", struct.pack("<IIQ", 9, 8, 9) + text("x")), "cut_short"),
    "a string in a list without end": (
        raw_entry("k", struct.pack("<IIQQ", 9, 8, 1, 2**63)),
        "malformed",
    ),
    "neither true nor false": (raw_entry("k", struct.pack("<IB", 7, 2)), "malformed"),
    "an alignment of nothing": (with_values(general__alignment=0), "malformed"),
    "an alignment of three": (with_values(general__alignment=3), "malformed"),
    "an alignment in words": (with_values(general__alignment="64"), "malformed"),
    "an unknown architecture": (with_values(general__architecture="hal9000"), "architecture"),
    "eyes without a mouth": (with_values(general__architecture="clip"), "architecture"),
    "no architecture": (model({}), "architecture"),
    "an architecture in numbers": (with_values(general__architecture=7), "malformed"),
    "no layers": (with_values(llama__block_count=0), "malformed"),
    "millions of layers": (with_values(llama__block_count=10**7), "malformed"),
    "a width beyond all": (with_values(llama__embedding_length=2**31), "malformed"),
    "a tensor's name too long": (model(tensors=(replace(TENSOR, name="x" * 64),)), "malformed"),
    "two tensors of one name": (model(tensors=(TENSOR, SECOND)), "malformed"),
    "five dimensions": (model(tensors=(replace(TENSOR, shape=(32, 1, 1, 1, 1)),)), "malformed"),
    "no weights in a tensor": (model(tensors=(replace(TENSOR, shape=(64, 0)),)), "malformed"),
    "more weights than numbers": (
        model(tensors=(replace(TENSOR, shape=(2**40, 2**40)),)),
        "malformed",
    ),
    "half a block": (model(tensors=(replace(TENSOR, shape=(33,)),)), "malformed"),
    "a kind of tensor long gone": (model(tensors=(replace(TENSOR, kind=4),)), "malformed"),
    "a kind of tensor to come": (model(tensors=(replace(TENSOR, kind=43),)), "malformed"),
    "a tensor where another lies": (model(tensors=(TENSOR, replace(NEXT, offset=0))), "malformed"),
    "a tensor off its place": (model(tensors=(TENSOR, replace(NEXT, offset=192))), "malformed"),
    "weights beyond the end": (model(weights=255), "cut_short"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_not_built_as_it_says_is_found(tmp_path: Path, what: str) -> None:
    content, expected = BROKEN[what]
    assert flaw(tmp_path, content) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(cut=st.integers(0, len(model()) - 1))
def test_a_file_cut_off_anywhere_is_found(tmp_path: Path, cut: int) -> None:
    assert flaw(tmp_path, model()[:cut]) in ("foreign", "cut_short")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(place=st.integers(0, len(model()) - 257), value=st.binary(min_size=1, max_size=8))
def test_no_byte_leads_anywhere_but_to_an_answer(tmp_path: Path, place: int, value: bytes) -> None:
    content = bytearray(model())
    content[place : place + len(value)] = value
    assert flaw(tmp_path, bytes(content)) in (
        "",
        "foreign",
        "cut_short",
        "malformed",
        "architecture",
    )


def test_a_head_is_never_fetched_beyond_its_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = raw_entry("k", struct.pack("<IIQ", 9, 8, 5) + text("x" * 1000) * 5)
    assert flaw(tmp_path, long) == ""
    monkeypatch.setattr(reading, "MOST_HEAD", 4000)
    assert flaw(tmp_path, long) == "malformed"


def test_the_kinds_of_tensors_are_those_of_this_build() -> None:
    ggml = ctypes.CDLL(str(library("libggml-base")))
    ggml.ggml_type_size.restype = ctypes.c_size_t
    ggml.ggml_blck_size.restype = ctypes.c_int64
    kinds = {kind: (ggml.ggml_blck_size(kind), ggml.ggml_type_size(kind)) for kind in range(TYPES)}
    assert {kind: sizes for kind, sizes in kinds.items() if all(sizes)} == TENSORS


TYPES = 43
"""GGML_TYPE_COUNT."""


def test_the_architectures_are_those_of_this_build() -> None:
    code = library("libllama").read_bytes()
    telling = [name for name in ARCHITECTURES if len(name) > 7]  # a shorter one may be code
    assert len(telling) > 60
    assert [name for name in telling if name.encode() not in code] == []
    assert b"hal9000" not in code


def library(name: str) -> Path:
    spec = importlib.util.find_spec("llama_cpp")
    assert spec is not None
    assert spec.origin is not None
    (found,) = (Path(spec.origin).parent / "lib").glob(f"{name}.so")
    return found
