# SPDX-License-Identifier: AGPL-3.0-or-later
"""Graphics cards as the worker sees them, where llama.cpp was built for them."""

import ctypes
from collections.abc import Iterator
from typing import Any, Final

from safespace.local_ai.machine import Card

_CARDS: Final = (1, 2)
"""GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU, which shares the processor's memory; 0 is that."""


def tries(most: int) -> Iterator[int]:
    """How many layers to try to place, one count after the other, when cards have less room
    than they say: halves, and in the end none.
    """
    while most:
        yield most
        most //= 2
    yield 0


def cards(library: Any) -> tuple[Card, ...]:
    """The cards that llama.cpp uses, from ggml's devices (ggml-backend.h): those that share the
    processor's memory only where there is no other.
    """
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
            called = name(device).decode("utf-8", "replace")
            found.append(Card(called, free.value, total.value, kind(device) == _CARDS[1]))
    own = tuple(card for card in found if not card.shares)
    return own or tuple(found)
