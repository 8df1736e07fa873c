# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts as vectors, by a model that was made for it: as the model says, or by their mean.

The C interface (llama.h) comes as an argument, since `worker` alone imports it.
"""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, Final

LONGEST: Final = 512
"""Tokens of a text that count: models of this kind were mostly trained on no more."""
_AT_ONCE: Final = 16
"""Texts of one computation, as far as their tokens fit."""
_STEPS: Final = 127
_UNTOLD, _MEAN, _RANK = 0, 1, 4
_ABORTED: Final = 2


class NoVectors(Exception):
    """The model ranks texts instead, or there is no memory for it."""


class Embedding:
    """Of one loaded model. For one thread."""

    def __init__(self, c: Any, model: Any, threads: int) -> None:
        """Raises NoVectors."""
        self._c = c
        self.limit: int = min(c.llama_model_n_ctx_train(model), LONGEST)
        params = c.llama_context_default_params()
        params.n_ctx = params.n_batch = params.n_ubatch = self.limit
        params.n_seq_max = _AT_ONCE
        params.kv_unified = True
        params.embeddings = True
        params.n_threads = params.n_threads_batch = threads
        self._handle = c.llama_init_from_model(model, params)
        if self._handle and c.llama_pooling_type(self._handle) == _UNTOLD:
            c.llama_free(self._handle)
            params.pooling_type = _MEAN
            self._handle = c.llama_init_from_model(model, params)
        if not self._handle:
            raise NoVectors
        self._batch = c.llama_batch_init(self.limit, 0, 1)
        if c.llama_pooling_type(self._handle) == _RANK:
            self.drop()
            raise NoVectors
        self.width: int = c.llama_model_n_embd_out(model)

    def vectors(
        self,
        texts: Sequence[str],
        tokens: Callable[[str], Sequence[int]],
        stopped: Callable[[], bool],
    ) -> list[bytes] | None:
        """A vector for each text: `width` numbers of a byte each, the largest of them 127 or -127.

        `tokens` are those of a text, of which there is at least one. None if stopped on the way.
        """
        ask = self._c.ggml_abort_callback(lambda _data: stopped())
        self._c.llama_set_abort_callback(self._handle, ask, None)
        found: list[bytes] = []
        while len(found) < len(texts):
            some, room = [], self.limit
            for text in texts[len(found) : len(found) + _AT_ONCE]:
                short = self._short(tokens(text))
                room -= len(short)
                if room < 0:
                    break
                some.append(short)
            if stopped() or not self._compute(some):
                return None
            for number in range(len(some)):
                found.append(self._vector(number))
        return found

    def _short(self, tokens: Sequence[int]) -> Sequence[int]:
        """As many as count; the last one may say that a text ends."""
        return tokens if len(tokens) <= self.limit else [*tokens[: self.limit - 1], tokens[-1]]

    def _compute(self, texts: Sequence[Sequence[int]]) -> bool:
        """False if stopped on the way."""
        c, batch = self._c, self._batch
        if memory := c.llama_get_memory(self._handle):
            c.llama_memory_clear(memory, False)
        place = 0
        for number, text in enumerate(texts):
            for position, token in enumerate(text):
                batch.token[place], batch.pos[place] = token, position
                batch.n_seq_id[place] = batch.logits[place] = 1
                batch.seq_id[place][0] = number
                place += 1
        batch.n_tokens = place
        outcome = c.llama_decode(self._handle, batch)
        if outcome == _ABORTED:
            return False
        assert outcome == 0, "llama_decode failed"
        return True

    def _vector(self, number: int) -> bytes:
        """Of the text of this number in the last computation."""
        values = self._c.llama_get_embeddings_seq(self._handle, number)[: self.width]
        largest = max(map(abs, values))
        if not largest or not all(map(isfinite, values)):  # max passes over what is no number
            return bytes(self.width)
        scale = _STEPS / largest
        return bytes(round(value * scale) & 0xFF for value in values)

    def drop(self) -> None:
        """Give its memory back. It is not used again."""
        self._c.llama_batch_free(self._batch)
        self._c.llama_free(self._handle)
