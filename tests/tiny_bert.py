# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole model that makes vectors of texts, of weights drawn at random: llama.cpp loads it and
computes with it as with any BERT, and its vectors mean nothing.
"""

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.tiny_model import WIDTH, built

MEAN: Final = 1
_INNER, _PLACES = 64, 256
_SPECIAL: Final = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def write_tiny_bert(file: Path, pooling: int = MEAN) -> Path:
    """Write it; the same bytes each time for one `pooling`."""
    letters = string.ascii_lowercase + string.digits + ".,?-"
    tokens = [*_SPECIAL, *(f"\u2581{letter}" for letter in letters), *letters]
    file.write_bytes(
        built(
            {
                "general.architecture": "bert",
                "general.name": "tiny bert",
                "bert.context_length": _PLACES,
                "bert.embedding_length": WIDTH,
                "bert.feed_forward_length": _INNER,
                "bert.block_count": 1,
                "bert.attention.head_count": 2,
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
            dict(_shapes(len(tokens))),
        )
    )
    return file


def _shapes(words: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "token_embd.weight", (WIDTH, words)
    yield "token_types.weight", (WIDTH, 2)
    yield "position_embd.weight", (WIDTH, _PLACES)
    for name, width in (
        ("token_embd_norm", WIDTH),
        ("blk.0.attn_output_norm", WIDTH),
        ("blk.0.layer_output_norm", WIDTH),
    ):
        yield f"{name}.weight", (width,)
        yield f"{name}.bias", (width,)
    for name, into, out in (
        ("attn_q", WIDTH, WIDTH),
        ("attn_k", WIDTH, WIDTH),
        ("attn_v", WIDTH, WIDTH),
        ("attn_output", WIDTH, WIDTH),
        ("ffn_up", WIDTH, _INNER),
        ("ffn_down", _INNER, WIDTH),
    ):
        yield f"blk.0.{name}.weight", (into, out)
        yield f"blk.0.{name}.bias", (out,)
