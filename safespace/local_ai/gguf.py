# SPDX-License-Identifier: AGPL-3.0-or-later
"""The head of a GGUF model file: enough to recognise one and to reckon its memory.

Format: ggml/docs/gguf.md of llama.cpp, versions 2 and 3, little-endian. The file is
untrusted: lengths are capped, and reading ends at the vocabulary, which is long and unneeded.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from safespace.errors import ModelDamaged, StorageError
from safespace.i18n import _

MAGIC: Final = b"GGUF"
_VERSIONS: Final = (2, 3)
_MAX_STRING: Final = 2**20
_MAX_ENTRIES: Final = 10_000
_SCALARS: Final = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
_STRING: Final = 8
_ARRAY: Final = 9

_FINDERS: Final = frozenset(
    {
        "bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2",
        "jina-bert-v3", "eurobert", "gemma-embedding", "llama-embed",
    }
)  # fmt: skip
"""Ways of building a model that makes vectors of texts and answers nothing."""
_RANKS: Final = 4
"""LLAMA_POOLING_TYPE_RANK: it compares two texts, and makes no vectors."""

Scalar = int | float | bool | str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the vocabulary. `values` lacks lists."""

    values: Mapping[str, Scalar]

    def number(self, key: str) -> int:
        """The architecture's value `key`, such as "block_count"; 0 if the file does not say."""
        value = self.values.get(f"{self.values.get('general.architecture')}.{key}", 0)
        return value if isinstance(value, int) and 0 <= value < 2**31 else 0

    @property
    def finds(self) -> bool:
        """Whether it makes vectors of texts, to find them by, and holds no conversation."""
        pooling = self.number("pooling_type")
        known = self.values.get("general.architecture") in _FINDERS
        return pooling != _RANKS and (known or pooling > 0)


def read_head(file: Path) -> Head:
    """Raises ModelDamaged if `file` is no GGUF model, StorageError if it cannot be read."""
    try:
        with file.open("rb") as untrusted:
            return _head(untrusted)
    except (struct.error, UnicodeDecodeError, EOFError, ValueError):
        raise ModelDamaged(
            _("{file} is not a model file that Safe Space can use.").format(file=file.name),
            _("It takes files in GGUF format; get the file again from where it came."),
        ) from None
    except OSError as problem:
        raise StorageError(
            _("{file} could not be read.").format(file=file.name),
            _("Check that it is still there and that you may read it."),
        ) from problem


def _head(untrusted: BinaryIO) -> Head:
    magic, version, _tensors, entries = struct.unpack("<4sIQQ", untrusted.read(24))
    if magic != MAGIC or version not in _VERSIONS or entries > _MAX_ENTRIES:
        raise ValueError("not GGUF")
    values: dict[str, Scalar] = {}
    for _entry in range(entries):
        key = _string(untrusted)
        if key.startswith("tokenizer."):
            break
        kind = _unpack(untrusted, "<I")
        if kind == _ARRAY:
            _skip_array(untrusted)
        else:
            values[key] = _string(untrusted) if kind == _STRING else _scalar(untrusted, kind)
    return Head(values)


def _unpack(untrusted: BinaryIO, form: str) -> int:
    (value,) = struct.unpack(form, untrusted.read(struct.calcsize(form)))
    assert isinstance(value, int)
    return value


def _scalar(untrusted: BinaryIO, kind: int) -> Scalar:
    form = _SCALARS.get(kind)
    if form is None:
        raise ValueError("unknown type")
    value: Scalar
    (value,) = struct.unpack(form, untrusted.read(struct.calcsize(form)))
    return value


def _string(untrusted: BinaryIO) -> str:
    length = _unpack(untrusted, "<Q")
    if length > _MAX_STRING:
        raise ValueError("string too long")
    raw = untrusted.read(length)
    if len(raw) < length:
        raise EOFError
    return raw.decode("utf-8")


def _skip_array(untrusted: BinaryIO) -> None:
    kind, length = _unpack(untrusted, "<I"), _unpack(untrusted, "<Q")
    if length > _MAX_STRING:
        raise ValueError("list too long")
    for _item in range(length):
        if kind == _STRING:
            _string(untrusted)
        else:
            _scalar(untrusted, kind)
