# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is a model file built as it says? Looked at whole, save its weights, before llama.cpp sees it.

Each count and length is bounded, each list ends inside the file, each tensor has a kind that
this build knows, begins where the one before it ends, and lies inside the file.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeGuard

from safespace.local_ai.gguf.architectures import ARCHITECTURES
from safespace.local_ai.gguf.reading import MOST_ITEMS, Reading, Unsound, Value

_MOST_NAME: Final = 63  # GGML_MAX_NAME, less the zero at its end
_MOST_DIMENSIONS: Final = 4  # GGML_MAX_DIMS
_MOST_ELEMENTS: Final = 2**62
_ALIGNMENT: Final = 32
_MOST_ALIGNMENT: Final = 2**16

TENSORS: Final[Mapping[int, tuple[int, int]]] = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 36), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4),
    27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66),
    39: (32, 17), 40: (64, 36), 41: (128, 18), 42: (64, 18),
}  # fmt: skip
"""Weights to a block and bytes of it, by kind of tensor: ggml_blck_size and ggml_type_size."""

BOUNDS: Final = {
    "block_count": (1, 4096),
    "context_length": (128, 2**31 - 1),
    "embedding_length": (1, 2**20),
    "feed_forward_length": (0, 2**24),
    "attention.head_count": (0, 2**16),
    "attention.head_count_kv": (0, 2**16),
    "attention.key_length": (1, 2**16),
    "attention.value_length": (1, 2**16),
    "rope.dimension_count": (0, 2**16),
    "vocab_size": (1, MOST_ITEMS),
    "expert_count": (0, 2**16),
    "expert_used_count": (0, 2**16),
}
"""What can be true of a model, where the file says it: it divides and allocates by these."""


def check_structure(file: Path) -> None:
    """Raises Unsound if `file` is not built as it says, OSError if it cannot be read."""
    with file.open("rb") as untrusted:
        _check(Reading(untrusted))


def _check(reading: Reading) -> None:
    tensors, entries = reading.counts()
    said = dict(reading.entries(entries))
    _bounds(said)
    alignment = said.get(b"general.alignment", _ALIGNMENT)
    if not _whole(alignment) or not 0 < alignment <= _MOST_ALIGNMENT or alignment & (alignment - 1):
        raise Unsound("malformed")
    end = _tensors(reading, tensors, alignment)
    if tensors and _padded(reading.place, alignment) + end > reading.size:
        raise Unsound("cut_short")


def _bounds(said: Mapping[bytes, Value | None]) -> None:
    """Whether we know how the model is built, and its measures can be true of one."""
    architecture = said.get(b"general.architecture", b"")
    if not isinstance(architecture, bytes):
        raise Unsound("malformed")
    if architecture.decode("utf-8", "replace") not in ARCHITECTURES:
        raise Unsound("architecture")
    for name, (least, most) in BOUNDS.items():
        measure = said.get(architecture + b"." + name.encode())
        if _whole(measure) and not least <= measure <= most:
            raise Unsound("malformed")


def _whole(value: Value | None) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _tensors(reading: Reading, count: int, alignment: int) -> int:
    """Bytes from the first weight to the last."""
    end = weights = 0
    seen: set[bytes] = set()
    for _tensor in range(count):
        name = reading.text(_MOST_NAME)
        dimensions = reading.number("<I")
        if name in seen or dimensions > _MOST_DIMENSIONS:
            raise Unsound("malformed")
        seen.add(name)
        shape = [reading.number("<Q") for _dimension in range(dimensions)]
        block, bytes_of_block = TENSORS.get(reading.number("<I"), (0, 0))
        elements = math.prod(shape)
        if not block or not 0 < elements < _MOST_ELEMENTS or (shape and shape[0] % block):
            raise Unsound("malformed")
        if reading.number("<Q") != end:
            raise Unsound("malformed")
        weights = end + elements // block * bytes_of_block
        end = _padded(weights, alignment)
    return weights


def _padded(place: int, alignment: int) -> int:
    return -(-place // alignment) * alignment
