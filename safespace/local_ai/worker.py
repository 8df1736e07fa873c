# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker child: llama.cpp behind `serve`, between walls. The one importer of llama_cpp.

It talks to the C interface (llama.h) by ctypes: one call each per token to sample, decode
and spell, and no arrays in Python.
"""

import ctypes
import importlib.util
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final, NoReturn

from safespace.local_ai.engine import Begun, Generation
from safespace.local_ai.prompt import ChatTemplate, NoTemplate, TooLong, fit
from safespace.local_ai.protocol import Described, Failed
from safespace.local_ai.serve import Ended, Refused, run
from safespace.local_ai.structure import Unsound, check_structure
from safespace.local_ai.walls import raise_walls

MAX_CONTEXT: Final = 8192
"""Tokens. More would cost gigabytes with the larger models, whatever they were trained for."""
CONTEXT_STEP: Final = 256
BATCH: Final = 256
"""Tokens of a prompt that are computed at once: beyond this only memory grows."""


def main() -> NoReturn:
    """Serve until the parent goes; the one argument is the folder that models lie in."""
    walls = raise_walls([Path(untrusted) for untrusted in sys.argv[1:]])
    run(lambda: LlamaBackend(walls))


def _bindings() -> Any:
    """The module llama_cpp.llama_cpp, without the package around it.

    The package's __init__ imports its high-level half: numpy, diskcache and others, 0.3 s and
    27 MB that nothing here uses. So a bare package stands in its place, at the same path.
    """
    if "llama_cpp" not in sys.modules:
        spec = importlib.util.find_spec("llama_cpp")
        assert spec is not None
        sys.modules["llama_cpp"] = importlib.util.module_from_spec(spec)  # made, not executed
    from llama_cpp import llama_cpp

    return llama_cpp


def _look_at(model: str) -> None:
    """What is not built as it says never reaches llama.cpp. Raises Refused."""
    try:
        check_structure(Path(model))
    except Unsound as found:
        raise Refused(Failed(found.flaw)) from None
    except OSError:
        raise Refused(Failed("damaged")) from None


class LlamaBackend:
    """One model, one context that grows as conversations do, one thread."""

    def __init__(self, walls: tuple[str, ...] = ()) -> None:
        self._walls = walls
        self._c = _bindings()
        self._quiet = self._c.llama_log_callback(lambda _level, _text, _data: None)
        self._c.llama_log_set(self._quiet, None)
        self._c.llama_backend_init()
        self._file = ""
        self._threads = 1
        self._model: Any = None
        self._vocab: Any = None
        self._template: ChatTemplate | None = None
        self._limit = 0
        self._context: Any = None
        self._size = 0
        self._held: list[int] = []  # the tokens whose state the context holds
        self._spelling = ctypes.create_string_buffer(256)

    def about(self) -> Described:
        return Described(f"llama.cpp {self._c.llama_version().decode()}", self._walls)

    def load(self, model: str, threads: int) -> int:
        c = self._c
        self._unload()
        _look_at(model)
        self._model = c.llama_model_load_from_file(
            model.encode("utf-8", "surrogateescape"), c.llama_model_default_params()
        )
        if not self._model:
            raise Refused(Failed("damaged"))
        self._vocab = c.llama_model_get_vocab(self._model)
        try:
            self._template = self._chat_template()
        except NoTemplate:
            self._unload()
            raise Refused(Failed("no_template")) from None
        self._threads = threads
        self._limit = min(c.llama_model_n_ctx_train(self._model), MAX_CONTEXT)
        return self._limit

    def generate(
        self, request: Generation, stopped: Callable[[], bool]
    ) -> Generator[Begun | bytes, None, Ended]:
        c = self._c
        prompt, left_out = self._prompt(request)
        most = min(request.max_tokens, self._limit - len(prompt))
        self._make_room(len(prompt) + most)
        yield Begun(len(prompt), left_out)
        if not self._read_in(prompt, stopped):
            return "stopped"
        sampler = self._sampler(request)
        token = (ctypes.c_int32 * 1)()
        try:
            for _step in range(most):
                if stopped():
                    return "stopped"
                token[0] = c.llama_sampler_sample(sampler, self._context, -1)
                if c.llama_vocab_is_eog(self._vocab, token[0]):
                    return "complete"
                yield self._spell(token[0])
                self._decode(token, 1)
                self._held.append(token[0])
        finally:
            c.llama_sampler_free(sampler)
        return "length"

    def _unload(self) -> None:
        self._drop_context()
        if self._model:
            self._c.llama_model_free(self._model)
        self._model = self._template = None

    def _drop_context(self) -> None:
        if self._context:
            self._c.llama_free(self._context)
        self._context, self._size, self._held = None, 0, []

    def _chat_template(self) -> ChatTemplate:
        c = self._c
        source: bytes | None = c.llama_model_chat_template(self._model, None)
        if not source:
            raise NoTemplate
        return ChatTemplate(
            source.decode("utf-8", "replace"),
            self._name_of(c.llama_vocab_bos(self._vocab)),
            self._name_of(c.llama_vocab_eos(self._vocab)),
        )

    def _prompt(self, request: Generation) -> tuple[list[int], int]:
        if self._template is None:
            raise Refused(Failed("damaged"))
        try:
            prompt, left_out = fit(
                request.turns, self._template, self._tokens, self._limit, request.max_tokens
            )
        except TooLong as problem:
            raise Refused(
                Failed("too_long", problem.tokens, problem.limit, problem.fitting)
            ) from None
        except NoTemplate:
            raise Refused(Failed("no_template")) from None
        bos = self._c.llama_vocab_bos(self._vocab)
        if self._c.llama_vocab_get_add_bos(self._vocab) and prompt[:1] != [bos]:
            prompt.insert(0, bos)
        return prompt, left_out

    def _make_room(self, tokens: int) -> None:
        """A context of at least `tokens`: as small as will do at first, doubled when it grows.

        The state of earlier turns goes with the old context and is computed anew.
        """
        if tokens <= self._size:
            return
        c = self._c
        size = min(max(tokens, 2 * self._size), self._limit)
        self._drop_context()
        params = c.llama_context_default_params()
        params.n_ctx = -(-size // CONTEXT_STEP) * CONTEXT_STEP
        params.n_batch = params.n_ubatch = BATCH
        params.n_outputs_max = 1  # only the last token is asked what comes next
        params.n_threads = params.n_threads_batch = self._threads
        self._context = c.llama_init_from_model(self._model, params)
        if not self._context:
            raise Refused(Failed("no_memory"))
        self._size = params.n_ctx

    def _read_in(self, prompt: list[int], stopped: Callable[[], bool]) -> bool:
        """Compute the prompt's state, as far as the last one's does not serve. False if stopped."""
        c = self._c
        memory = c.llama_get_memory(self._context)
        same = _common(self._held, prompt[:-1])  # the last token must be asked what comes next
        if not c.llama_memory_seq_rm(memory, 0, same, -1):  # some kinds of model cannot go back
            c.llama_memory_clear(memory, True)
            same = 0
        self._held = prompt[:same]
        # A batch of a large model takes seconds: llama.cpp asks between its steps. Between
        # single tokens `generate` asks, since this call into Python would slow each one.
        ask = c.ggml_abort_callback(lambda _data: stopped())
        c.llama_set_abort_callback(self._context, ask, None)
        try:
            for start in range(same, len(prompt), BATCH):
                part = prompt[start : start + BATCH]
                if stopped() or not self._decode((ctypes.c_int32 * len(part))(*part), len(part)):
                    return False
                self._held += part
        finally:
            c.llama_set_abort_callback(self._context, c.ggml_abort_callback(), None)
        return True

    def _decode(self, tokens: Any, count: int) -> bool:
        """False if stopped on the way."""
        outcome = self._c.llama_decode(self._context, self._c.llama_batch_get_one(tokens, count))
        aborted = 2
        if outcome == aborted:
            return False
        assert outcome == 0, "llama_decode failed"
        return True

    def _sampler(self, request: Generation) -> Any:
        c = self._c
        chain = c.llama_sampler_chain_init(c.llama_sampler_chain_default_params())
        held: list[Any] = []
        if request.grammar:
            to = c.llama_sampler_init_grammar(self._vocab, request.grammar.encode(), b"root")
            assert to, "a grammar that llama.cpp cannot read"
            held.append(to)
        if request.temperature <= 0:
            steps = [*held, c.llama_sampler_init_greedy()]
        else:  # llama.cpp's own defaults (common/common.h), and a little against going in circles
            words = c.llama_vocab_n_tokens(self._vocab)
            steps = [
                *held,
                c.llama_sampler_init_top_k(40),
                c.llama_sampler_init_penalties(words, 64, 1.1, 0.0, 0.0),
                c.llama_sampler_init_top_p(0.95, 1),
                c.llama_sampler_init_min_p(0.05, 1),
                c.llama_sampler_init_temp(request.temperature),
                c.llama_sampler_init_dist(request.seed % 2**32),
            ]
        for step in steps:
            c.llama_sampler_chain_add(chain, step)
        return chain

    def _tokens(self, text: str, control: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        found = (ctypes.c_int32 * room)()
        count = self._c.llama_tokenize(self._vocab, raw, len(raw), found, room, False, control)
        if count < 0:
            found = (ctypes.c_int32 * -count)()
            count = self._c.llama_tokenize(
                self._vocab, raw, len(raw), found, -count, False, control
            )
        return list(found[:count])

    def _spell(self, token: int) -> bytes:
        size = self._c.llama_token_to_piece(
            self._vocab, token, self._spelling, len(self._spelling), 0, False
        )
        if size < 0:
            self._spelling = ctypes.create_string_buffer(-size)
            return self._spell(token)
        return self._spelling.raw[:size]

    def _name_of(self, token: int) -> str:
        if token < 0:
            return ""
        name: bytes = self._c.llama_vocab_get_text(self._vocab, token)
        return name.decode("utf-8", "replace")


def _common(held: list[int], prompt: list[int]) -> int:
    """How many tokens both begin with."""
    count = 0
    for one, other in zip(held, prompt, strict=False):
        if one != other:
            break
        count += 1
    return count


if __name__ == "__main__":
    main()
