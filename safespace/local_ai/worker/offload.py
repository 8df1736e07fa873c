# SPDX-License-Identifier: AGPL-3.0-or-later
"""Graphics cards, where llama.cpp was built for them, and how much of a model they take.

    layers = (free memory − working memory) ÷ (a layer's weights + its cache), rounded down

A layer's weights are its part of the file; what is no layer (the embeddings at both ends) goes
along only when all layers do, as llama.cpp has it (`n_gpu_layers` in llama.h). The cache is
that of the longest conversation, so that a card never runs out in the middle of one.
"""

import ctypes
from typing import Any, Final

from safespace.local_ai.gguf.head import Head
from safespace.local_ai.shelf.fit import cache_of_a_token

WORKING: Final = 512 * 2**20
"""Bytes of a card that are left alone: buffers of the computation, and a screen's."""
_CARDS: Final = (1, 2)
"""GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU; 0 is the processor."""


def layers(size: int, head: Head, tokens: int, free: int) -> int:
    """How many layers of a model file of `size` bytes go to a card with `free` bytes, when
    conversations may have `tokens`; one more than there are stands for everything.
    """
    count = head.number("block_count")
    if not count:
        return 0
    cache = cache_of_a_token(head) * tokens
    if size + cache + WORKING <= free:
        return count + 1
    return max(0, min(count, (free - WORKING) * count // (size + cache)))


def cards(library: Any) -> list[tuple[str, int]]:
    """Name and free bytes of each card, from ggml's devices (ggml-backend.h)."""
    count, get = library.ggml_backend_dev_count, library.ggml_backend_dev_get
    kind, name = library.ggml_backend_dev_type, library.ggml_backend_dev_description
    memory = library.ggml_backend_dev_memory
    count.restype, get.restype, name.restype = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_char_p
    get.argtypes = (ctypes.c_size_t,)
    kind.argtypes = name.argtypes = (ctypes.c_void_p,)
    memory.argtypes = (ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_size_t)] * 2)
    found = []
    for device in map(get, range(count())):
        if kind(device) in _CARDS:
            free, total = ctypes.c_size_t(), ctypes.c_size_t()
            memory(device, ctypes.byref(free), ctypes.byref(total))
            found.append((name(device).decode("utf-8", "replace"), free.value))
    return found
