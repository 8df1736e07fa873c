# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model has read: llama.cpp's context, grown as needed, and states put aside for later.

The C interface (llama.h) comes as an argument, since `worker` alone imports it.
"""

import ctypes
import os
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import pack, unpack_from
from typing import Any, Final

from safespace.local_ai.worker.aside import Aside, State, common
from safespace.local_ai.worker.lookup import MOST
from safespace.local_ai.worker.pace import Pace

CONTEXT_STEP: Final = 256
BATCH: Final = 256
"""Tokens of a prompt that are computed at once: beyond this only memory grows."""
WORTH_KEEPING: Final = 64
"""Tokens whose state is copied rather than computed anew."""
ASIDE: Final = 1 / 16
"""The part of this computer's memory that states of waiting conversations may take."""
ASIDE_CONTEXTS: Final = 2
"""And at most so many contexts full: the worker's memory has a bound (`fit.most`)."""


class NoRoom(Exception):
    """There is not enough memory for a context of this length."""


class Context:
    """That of one loaded model, for up to `limit` tokens. `batch_threads` read a prompt: all
    there are, since it is arithmetic that keeps them busy, and ends soon. `adapter` changes the
    model, as much as `strength` says. For one thread.
    """

    def __init__(
        self,
        c: Any,
        model: Any,
        limit: int,
        pace: Pace,
        batch_threads: int,
        adapter: Any = None,
        strength: float = 1.0,
    ) -> None:
        self._c = c
        self._adapter = adapter
        self._strength = strength
        self._model = model
        self._limit = limit
        self._pace = pace
        self._batch_threads = batch_threads
        self._aside = Aside(int(_memory() * ASIDE), ASIDE_CONTEXTS * limit)
        self._batch: Any = None  # for a token with guesses behind it
        self._ask: Any = None  # what llama.cpp calls must not be collected
        self.handle: Any = None
        self.size = 0
        self.held: list[int] = []
        """The tokens whose state it holds."""
        self.returns = not (c.llama_model_is_recurrent(model) or c.llama_model_is_hybrid(model))
        """Whether it can go back to before a wrong guess: a recurrent model has one state."""

    def make_ready(self, prompt: list[int], tokens: int) -> None:
        """A context of at least `tokens` that holds what saves most of reading `prompt`.

        What was read for another conversation is put aside for its next turn. Raises NoRoom.
        """
        held = common(self.held, prompt)
        state, saved = self._aside.best(prompt)
        if saved < held + WORTH_KEEPING:
            state = None
        if held < len(self.held) // 2 or state:
            self._put_aside()
        if state:
            self._aside.let_go(state)
            self.held = []
            self._make_room(max(tokens, len(state.tokens)))
            self._restore(state)
        else:
            self._make_room(tokens)

    def _put_aside(self) -> None:
        if len(self.held) >= WORTH_KEEPING:
            with suppress(MemoryError):  # then it is read again
                self._aside.put(self._state())

    def _make_room(self, tokens: int) -> None:
        """A context of at least `tokens`: as small as will do at first, doubled when it grows,
        with the state that the smaller one had.
        """
        if tokens <= self.size:
            return
        c = self._c
        size = min(max(tokens, 2 * self.size), self._limit)
        state = None
        if len(self.held) >= WORTH_KEEPING:
            with suppress(MemoryError):
                state = self._state()
        self.drop()
        params = c.llama_context_default_params()
        params.n_ctx = -(-size // CONTEXT_STEP) * CONTEXT_STEP
        params.n_batch = params.n_ubatch = BATCH
        params.n_outputs_max = 1 + MOST  # only of an answer's tokens it is asked what comes next
        params.n_threads, params.n_threads_batch = self._pace.count, self._batch_threads
        self.handle = c.llama_init_from_model(self._model, params)
        if not self.handle:
            raise NoRoom
        if self._adapter:
            adapters = (c.llama_adapter_lora_p_ctypes * 1)(self._adapter)
            c.llama_set_adapters_lora(
                self.handle, adapters, 1, (ctypes.c_float * 1)(self._strength)
            )
        self.size = params.n_ctx
        self._batch = c.llama_batch_init(1 + MOST, 0, 1)
        if state:
            self._restore(state)

    def keep(self) -> tuple[int, Sequence[memoryview | bytes]]:
        """What it holds, in parts, and of how many tokens: those first, then llama.cpp's own."""
        if len(self.held) < WORTH_KEEPING:
            return 0, ()
        state = self._state()
        tokens = array("i", state.tokens).tobytes()
        return len(state.tokens), (pack("<I", len(state.tokens)), tokens, memoryview(state.data))

    def recall(self, untrusted: bytes) -> int:
        """Put aside what `keep` gave once; how many tokens it is of, 0 if it makes no sense."""
        count = unpack_from("<I", untrusted)[0] if len(untrusted) >= 4 else 0
        begin = 4 + 4 * count
        if not 0 < count <= self._limit or len(untrusted) <= begin:
            return 0
        size = len(untrusted) - begin
        data = (ctypes.c_uint8 * size).from_buffer_copy(untrusted, begin)
        self._aside.put(State(tuple(array("i", untrusted[4:begin])), data, size))
        return count

    def use_threads(self) -> None:
        """Go on with as many as the pace now says."""
        self._c.llama_set_n_threads(self.handle, self._pace.count, self._batch_threads)

    def _state(self) -> State:
        """What the context holds, for later."""
        c = self._c
        data = (ctypes.c_uint8 * c.llama_state_seq_get_size(self.handle, 0))()
        size = c.llama_state_seq_get_data(self.handle, data, len(data), 0)
        return State(tuple(self.held), data, size)

    def _restore(self, state: State) -> None:
        """Have the context hold `state`; if it cannot, nothing."""
        c = self._c
        c.llama_memory_clear(c.llama_get_memory(self.handle), False)
        done = c.llama_state_seq_set_data(self.handle, state.data, state.size, 0)
        self.held = list(state.tokens) if done else []
        if not done:
            c.llama_memory_clear(c.llama_get_memory(self.handle), True)

    def go_back(self, tokens: int) -> bool:
        """Forget all after the first `tokens`; False where this kind of model cannot."""
        c = self._c
        memory = c.llama_get_memory(self.handle)
        done: bool = c.llama_memory_seq_rm(memory, 0, tokens, -1)
        return done

    def read_in(self, prompt: list[int], stopped: Callable[[], bool]) -> bool:
        """Compute the prompt's state, as far as the last one's does not serve. False if stopped."""
        c = self._c
        same = common(self.held, prompt[:-1])  # the last token must be asked what comes next
        if not self.go_back(same):
            c.llama_memory_clear(c.llama_get_memory(self.handle), True)
            same = 0
        self.held = prompt[:same]
        self.listen(stopped)
        try:
            for start in range(same, len(prompt), BATCH):
                part = prompt[start : start + BATCH]
                tokens = (ctypes.c_int32 * len(part))(*part)
                if stopped() or not self._decode(c.llama_batch_get_one(tokens, len(part))):
                    return False
                self.held += part
        finally:
            self.listen(None)
        return True

    def listen(self, stopped: Callable[[], bool] | None) -> None:
        """Have llama.cpp ask between the steps of a computation whether to stop, or no longer.

        A batch, and a token of a large model, take long; a small model's tokens do not, and
        so many calls into Python would slow each of them.
        """
        ask = self._c.ggml_abort_callback
        self._ask = ask(lambda _data: stopped()) if stopped else ask()
        self._c.llama_set_abort_callback(self.handle, self._ask, None)

    def take(self, token: int, guess: Sequence[int]) -> bool:
        """Compute the state after `token`, and after each of the guesses behind it: those
        that are right the caller adds to `held`, behind the others it goes back. False if
        stopped on the way.
        """
        batch = self._batch
        for place, each in enumerate((token, *guess)):
            batch.token[place] = each
            batch.pos[place] = len(self.held) + place
            batch.n_seq_id[place] = batch.logits[place] = 1
            batch.seq_id[place][0] = 0
        batch.n_tokens = 1 + len(guess)
        if not self._decode(batch):
            return False
        self.held.append(token)
        return True

    def _decode(self, batch: Any) -> bool:
        """False if stopped on the way."""
        outcome = self._c.llama_decode(self.handle, batch)
        aborted = 2
        if outcome == aborted:
            return False
        assert outcome == 0, "llama_decode failed"
        return True

    def drop(self) -> None:
        """Give its memory back; what was put aside stays."""
        if self.handle:
            self._c.llama_batch_free(self._batch)
            self._c.llama_free(self.handle)
        self.handle, self.size, self.held = None, 0, []


def _memory() -> int:
    """Bytes of memory that this computer has; a modest guess where it does not say."""
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 4 * 2**30
