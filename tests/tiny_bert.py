# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole model that makes vectors of texts, of weights drawn at random: llama.cpp loads it and
computes with it as with any BERT, and its vectors mean nothing.
"""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.tiny_model import WIDTH, built

MEAN: Final = 1
_SPECIAL: Final = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large it is: the numbers of a vector, those between, layers, heads, and places."""

    width: int = WIDTH
    inner: int = 64
    layers: int = 1
    heads: int = 2
    places: int = 256


def write_tiny_bert(
    file: Path, pooling: int = MEAN, shape: Shape | None = None, words: Iterable[str] = ()
) -> Path:
    """Write it; the same bytes each time. It spells what is not among its `words`."""
    shape = shape or Shape()
    letters = string.ascii_lowercase + string.digits + ".,?-"
    whole = dict.fromkeys([*letters, *words])
    tokens = [*_SPECIAL, *(f"\u2581{word}" for word in whole), *letters]
    file.write_bytes(
        built(
            {
                "general.architecture": "bert",
                "general.name": "random bert",
                "bert.context_length": shape.places,
                "bert.embedding_length": shape.width,
                "bert.feed_forward_length": shape.inner,
                "bert.block_count": shape.layers,
                "bert.attention.head_count": shape.heads,
                "bert.attention.layer_norm_epsilon": 1e-12,
                "bert.attention.causal": False,
                "bert.pooling_type": pooling,
                "tokenizer.ggml.model": "bert",
                "tokenizer.ggml.tokens": tokens,
                "tokenizer.ggml.token_type_count": 2,
                "tokenizer.ggml.padding_token_id": 0,
                "tokenizer.ggml.unknown_token_id": 1,
                "tokenizer.ggml.cls_token_id": 2,
                "tokenizer.ggml.bos_token_id": 2,
                "tokenizer.ggml.seperator_token_id": 3,
                "tokenizer.ggml.eos_token_id": 3,
                "tokenizer.ggml.mask_token_id": 4,
            },
            dict(_tensors(len(tokens), shape)),
        )
    )
    return file


def _tensors(words: int, shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    width, inner = shape.width, shape.inner
    yield "token_embd.weight", (width, words)
    yield "token_types.weight", (width, 2)
    yield "position_embd.weight", (width, shape.places)
    layers = [f"blk.{number}" for number in range(shape.layers)]
    norms = [
        f"{layer}.{name}" for layer in layers for name in ("attn_output_norm", "layer_output_norm")
    ]
    for name in ("token_embd_norm", *norms):
        yield f"{name}.weight", (width,)
        yield f"{name}.bias", (width,)
    for layer in layers:
        for name, into, out in (
            ("attn_q", width, width),
            ("attn_k", width, width),
            ("attn_v", width, width),
            ("attn_output", width, width),
            ("ffn_up", width, inner),
            ("ffn_down", inner, width),
        ):
            yield f"{layer}.{name}.weight", (into, out)
            yield f"{layer}.{name}.bias", (out,)
