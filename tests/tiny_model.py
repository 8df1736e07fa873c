# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole model of 16,000 bytes that llama.cpp loads and that says nonsense: for tests that
need many models, or one that costs no time.
"""

import random
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_ALIGNMENT: Final = 32
WIDTH: Final = 32
_INNER, _HEADS, _HEADS_KV = 64, 2, 1
_END, _START, _STOP = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
_TEMPLATE: Final = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_F32, _Q4_0 = 0, 2
_PLAIN: Final = ("token_types.weight", "position_embd.weight")
"""What is added as it is."""
_TOKEN, _CONTROL = 1, 3

Value = int | float | str | list[str] | list[int]


def write_tiny_model(file: Path) -> Path:
    """Write it; the same bytes each time."""
    file.write_bytes(tiny_model())
    return file


def tiny_model(template: str = _TEMPLATE) -> bytes:
    """Its bytes. `template` is how a conversation is written for it."""
    tokens = [*_letters(), "Ġa", _END, _START, _STOP]
    values: Mapping[str, Value] = {
        "general.architecture": "llama",
        "general.name": "tiny",
        "general.alignment": _ALIGNMENT,
        "llama.context_length": 512,
        "llama.embedding_length": WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": _INNER,
        "llama.attention.head_count": _HEADS,
        "llama.attention.head_count_kv": _HEADS_KV,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDTH // _HEADS,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [_TOKEN] * (len(tokens) - 3) + [_CONTROL] * 3,
        "tokenizer.ggml.merges": ["Ġ a"],
        "tokenizer.ggml.bos_token_id": len(tokens) - 2,
        "tokenizer.ggml.eos_token_id": len(tokens) - 1,
        "tokenizer.chat_template": template,
    }
    return built(values, dict(_shapes(len(tokens))))


def built(values: Mapping[str, Value], shapes: Mapping[str, tuple[int, ...]]) -> bytes:
    """The bytes of a model that says this of itself, with tensors of these names and shapes."""
    written = struct.pack("<4sIQQ", b"GGUF", 3, len(shapes), len(values))
    for key, value in values.items():
        written += _text(key) + _value(value)
    weights = b""
    for name, shape in shapes.items():
        kind = _F32 if len(shape) == 1 or name in _PLAIN else _Q4_0
        written += _text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        written += struct.pack("<IQ", kind, len(weights))
        weights += _padded(_weights(name, shape))
    return _padded(written) + weights


def _letters() -> Iterator[str]:
    """One for each byte, as GPT-2 writes bytes: those that cannot be seen get other letters."""
    unseen = 0
    for byte in range(256):
        if chr(byte).isprintable() and byte not in (0x20, 0xAD):
            yield chr(byte)
        else:
            yield chr(256 + unseen)
            unseen += 1


def _shapes(words: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    narrow = WIDTH // _HEADS * _HEADS_KV
    yield "token_embd.weight", (WIDTH, words)
    yield "output_norm.weight", (WIDTH,)
    yield "blk.0.attn_norm.weight", (WIDTH,)
    yield "blk.0.attn_q.weight", (WIDTH, WIDTH)
    yield "blk.0.attn_k.weight", (WIDTH, narrow)
    yield "blk.0.attn_v.weight", (WIDTH, narrow)
    yield "blk.0.attn_output.weight", (WIDTH, WIDTH)
    yield "blk.0.ffn_norm.weight", (WIDTH,)
    yield "blk.0.ffn_gate.weight", (WIDTH, _INNER)
    yield "blk.0.ffn_up.weight", (WIDTH, _INNER)
    yield "blk.0.ffn_down.weight", (_INNER, WIDTH)


def _weights(name: str, shape: tuple[int, ...]) -> bytes:
    if len(shape) == 1:
        return struct.pack("<f", 0.0 if name.endswith("bias") else 1.0) * shape[0]
    drawn = random.Random(name)  # noqa: S311  # weights, no secret
    if name in _PLAIN:
        return b"".join(
            struct.pack("<f", drawn.gauss(0, 0.1)) for _each in range(shape[0] * shape[1])
        )
    blocks = shape[0] * shape[1] // 32
    return b"".join(struct.pack("<e", 0.05) + drawn.randbytes(16) for _block in range(blocks))


def _value(value: Value) -> bytes:
    match value:
        case str():
            return struct.pack("<I", 8) + _text(value)
        case float():
            return struct.pack("<If", 6, value)
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_text(str(one)) for one in value)
    return struct.pack(f"<IIQ{len(value)}i", 9, 5, len(value), *value)


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _padded(raw: bytes) -> bytes:
    return raw + bytes(-len(raw) % _ALIGNMENT)
