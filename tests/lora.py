# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a LoRA adapter: a GGUF file (ggml/docs/gguf.md) with one pair of matrices.

It fits models of llama's kind whose hidden size is `width`; the numbers in it are of no use, and
so large that it changes every answer.
"""

import struct
from pathlib import Path
from typing import Final

STARTER: Final = 576
"""The hidden size of the starter model."""
_RANK: Final = 4
_TENSOR: Final = "blk.0.attn_output.weight"
_ALIGNED: Final = 32


def write_adapter(file: Path, *, width: int = STARTER, kind: str = "llama") -> Path:
    """Write one, and return `file`."""
    entries: dict[str, str | float] = {
        "general.architecture": kind,
        "general.type": "adapter",
        "adapter.type": "lora",
        "adapter.lora.alpha": 4.0,
    }
    shapes = {f"{_TENSOR}.lora_a": (width, _RANK), f"{_TENSOR}.lora_b": (_RANK, width)}
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(shapes), len(entries))
    head += b"".join(_entry(key, value) for key, value in entries.items())
    offset = 0
    for name, shape in shapes.items():
        head += _string(name) + struct.pack("<IQQIQ", 2, *shape, 0, offset)
        offset += 4 * shape[0] * shape[1]
    values = [(place * 37 % 101 - 50) / 16 for place in range(offset // 4)]
    head += bytes(-len(head) % _ALIGNED)
    file.write_bytes(head + struct.pack(f"<{len(values)}f", *values))
    return file


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def _entry(key: str, value: str | float) -> bytes:
    if isinstance(value, str):
        return _string(key) + struct.pack("<I", 8) + _string(value)
    return _string(key) + struct.pack("<If", 6, value)
