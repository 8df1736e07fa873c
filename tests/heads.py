# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small GGUF files for tests: a head, and no model behind it."""

import struct
from collections.abc import Mapping
from pathlib import Path

_KINDS = {bool: (7, "<?"), int: (4, "<I"), float: (6, "<f")}


def gguf(values: Mapping[str, int | float | bool | str | list[str]], version: int = 3) -> bytes:
    """The bytes of a GGUF head with these values and no tensors."""
    written = struct.pack("<4sIQQ", b"GGUF", version, 0, len(values))
    for key, value in values.items():
        written += _text(key)
        if isinstance(value, str):
            written += struct.pack("<I", 8) + _text(value)
        elif isinstance(value, list):
            written += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))
        else:
            kind, form = _KINDS[type(value)]
            written += struct.pack("<I", kind) + struct.pack(form, value)
    return written


def write_model(file: Path, padding: int = 0, **values: int | str) -> Path:
    """A file that passes for a model until somebody computes with it."""
    file.write_bytes(gguf({"general.architecture": "llama", **values}) + bytes(padding))
    return file


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw
