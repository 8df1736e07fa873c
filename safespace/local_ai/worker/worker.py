# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker child: llama.cpp behind `serve`, between walls. The one importer of llama_cpp.

It talks to the C interface (llama.h) by ctypes: one call each per token to sample, decode
and spell, and no arrays in Python.
"""

import ctypes
import importlib.util
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NoReturn

from safespace.local_ai import graphics
from safespace.local_ai.engine import Begun, Generation
from safespace.local_ai.gguf.head import read_head
from safespace.local_ai.gguf.reading import Unsound
from safespace.local_ai.gguf.structure import check_structure
from safespace.local_ai.machine import Card, processors
from safespace.local_ai.protocol import Described, Failed, Load
from safespace.local_ai.shelf.fit import LONGEST, layers_on_cards, room
from safespace.local_ai.walls.raising import TRY, raise_walls
from safespace.local_ai.worker.context import Context, NoRoom
from safespace.local_ai.worker.embedding import Embedding, NoVectors
from safespace.local_ai.worker.lookup import Lookup
from safespace.local_ai.worker.offload import cards, tries
from safespace.local_ai.worker.pace import Pace
from safespace.local_ai.worker.prompt import ChatTemplate, NoTemplate, TooLong, fit
from safespace.local_ai.worker.serve import Ended, Refused, run

MAX_CONTEXT: Final = LONGEST
"""Tokens. More would cost gigabytes with the larger models, whatever they were trained for."""

SLOW: Final = 0.05
"""Seconds for a token, from which on an answer is stopped in the middle of one."""


def main() -> NoReturn:
    """Serve until the parent goes; the arguments are the folders that models lie in, and in front
    of them `graphics.CARDS` where graphics cards may be used.
    """
    on_cards = sys.argv[1:2] == [graphics.CARDS]
    kinds = graphics.built_for() if on_cards else ()
    told = sys.argv[1 + on_cards :]
    if told[:1] == [TRY]:
        from safespace.local_ai.walls import trial

        trial.attempt(told[1:], kinds)
    walls = raise_walls(map(Path, told), kinds)
    run(lambda: LlamaBackend(walls, on_cards=on_cards))


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
        raise Refused(Failed("unreadable")) from None


class LlamaBackend:
    """One model, one context that grows as conversations do, one thread."""

    def __init__(self, walls: tuple[str, ...] = (), *, on_cards: bool = False) -> None:
        self._walls = walls
        self._on_cards = on_cards
        self._c = _bindings()
        self._quiet = self._c.llama_log_callback(lambda _level, _text, _data: None)
        self._c.llama_log_set(self._quiet, None)
        self._c.llama_backend_init()
        self._pace = Pace(1)
        self._fixed = False
        self._model: Any = None
        self._vocab: Any = None
        self._template: ChatTemplate | None = None
        self._limit = 0
        self._asked: Load | None = None
        self._layers = self._placed = 0
        self._crowded = False
        self._read: Context | None = None
        self._embedding: Embedding | None = None
        self._spelling = ctypes.create_string_buffer(256)

    def about(self) -> Described:
        cards = self._cards()
        parts = [f"llama.cpp {self._c.llama_version().decode()}", *(card.name for card in cards)]
        return Described(" + ".join(parts), self._walls, cards)

    @property
    def threads(self) -> int:
        """On how many threads it answers best; 0 while that is being tried."""
        return self._pace.count if self._pace.settled and not self._fixed else 0

    def load(self, what: Load) -> int:
        model, threads = what.model, what.threads
        self._unload()
        _look_at(model)
        self._fixed = bool(threads)
        self._pace = Pace(threads or processors(), threads or what.begin)
        if self._fixed:
            self._pace.count = threads
        self._asked = what
        head = read_head(Path(model))
        self._layers, self._crowded = head.number("block_count"), False
        free = room(card.free for card in self._cards())
        self._place(tries(layers_on_cards(Path(model).stat().st_size, head, free)))
        return self._limit

    def _place(self, counts: Iterable[int]) -> None:
        """Load what was asked for with the first of these counts of layers that cards take.

        Raises Refused.
        """
        asked = self._asked
        assert asked is not None
        for place, count in enumerate(counts):
            self._model = self._loaded(asked.model, count)
            if self._model:
                self._placed = count
                self._crowded = self._crowded or place > 0
                break
        else:
            raise Refused(Failed("damaged"))
        c = self._c
        self._vocab = c.llama_model_get_vocab(self._model)
        if asked.finds:
            self._load_for_finding(asked.threads or processors())
            return
        try:
            self._template = self._chat_template()
        except NoTemplate:
            self._unload()
            raise Refused(Failed("no_template")) from None
        self._limit = min(c.llama_model_n_ctx_train(self._model), MAX_CONTEXT)
        worn = self._adapter(asked.adapter) if asked.adapter else None
        threads = asked.threads or processors()
        self._read = Context(
            *(c, self._model, self._limit, self._pace, threads), worn, asked.strength
        )

    def _load_for_finding(self, threads: int) -> None:
        try:
            self._embedding = Embedding(self._c, self._model, threads)
        except NoVectors:
            self._unload()
            raise Refused(Failed("no_vectors")) from None
        self._limit = self._embedding.limit

    def _loaded(self, model: str, layers: int) -> Any:
        """llama.cpp's model, with so many layers on cards; with none, it does not even look at
        them, since it would have them compute long prompts. Null if it cannot.
        """
        c = self._c
        params = c.llama_model_default_params()
        params.n_gpu_layers = layers
        nowhere = (ctypes.c_void_p * 1)()  # an array that ends at once
        if not layers:
            params.devices = ctypes.addressof(nowhere)
        return c.llama_model_load_from_file(model.encode("utf-8", "surrogateescape"), params)

    def _cards(self) -> tuple[Card, ...]:
        """The graphics cards that this build finds and the member wants used."""
        usable = self._on_cards and self._c.llama_supports_gpu_offload()
        return cards(self._c._lib) if usable else ()

    def generate(
        self, request: Generation, stopped: Callable[[], bool]
    ) -> Generator[Begun | bytes, None, Ended]:
        c = self._c
        prompt, left_out = self._prompt(request)
        most = min(request.max_tokens, self._limit - len(prompt))
        read = self._with_room(prompt, len(prompt) + most)
        yield Begun(len(prompt), left_out, self._layers, self._placed, self._crowded)
        self._crowded = False
        if not read.read_in(prompt, stopped):
            return "stopped"
        sampler = self._sampler(request)
        try:
            return (yield from self._answer(read, sampler, Lookup(prompt), most, stopped))
        finally:
            c.llama_sampler_free(sampler)
            read.listen(None)
            read.go_back(len(read.held))

    def _with_room(self, prompt: list[int], tokens: int) -> Context:
        """A context that has room for so many tokens. Where a card has none, since other
        programs took it, the model goes back to the processor layer by layer. Raises Refused.
        """
        while True:
            assert self._read is not None  # there is a template, so there is a model
            try:
                self._read.make_ready(prompt, tokens)
            except NoRoom:
                if not self._placed:
                    raise Refused(Failed("no_memory")) from None
                fewer = self._placed // 2
                self._unload()
                self._crowded = True
                self._place(tries(fewer))
            else:
                return self._read

    def _answer(
        self,
        read: Context,
        sampler: Any,
        lookup: Lookup,
        most: int,
        stopped: Callable[[], bool],
    ) -> Generator[bytes, None, Ended]:
        """Say token after token. A guess that the sampler confirms costs no step of its own:
        each token is drawn from what the model makes of all before it, guessed or not.
        """
        c = self._c
        guess: list[int] = []
        right, began, place = 0, 0.0, -1
        for step in range(most):
            if stopped():
                return "stopped"
            token: int = c.llama_sampler_sample(sampler, read.handle, place)
            if c.llama_vocab_is_eog(self._vocab, token):
                return "complete"
            yield self._spell(token)
            lookup.add(token)
            if right < len(guess) and token == guess[right]:
                read.held.append(token)
                right, place = right + 1, place + 1
                continue
            if began:
                seconds = perf_counter() - began
                self._learn(read, lookup, len(guess), right, seconds)
                if seconds > SLOW:
                    read.listen(stopped)
            if right < len(guess):
                read.go_back(len(read.held))
            guess = lookup.guess(most - step - 1) if read.returns else []
            began, right, place = perf_counter(), 0, 0
            if not read.take(token, guess):
                return "stopped"
        return "length"

    def _learn(
        self, read: Context, lookup: Lookup, guessed: int, right: int, seconds: float
    ) -> None:
        lookup.note(guessed, right, seconds)
        if not guessed and not self._fixed:
            before = self._pace.count
            self._pace.note(1, seconds)
            if self._pace.count != before:
                read.use_threads()

    def keep(self) -> tuple[int, Sequence[memoryview | bytes]]:
        return self._read.keep() if self._read else (0, ())

    def recall(self, state: bytes) -> int:
        return self._read.recall(state) if self._read else 0

    def embed(
        self, texts: Sequence[str], stopped: Callable[[], bool]
    ) -> tuple[int, Sequence[bytes]]:
        if self._embedding is None:
            raise Refused(Failed("no_vectors"))
        vectors = self._embedding.vectors(texts, self._whole, stopped)
        return self._embedding.width, vectors or ()

    def _whole(self, text: str) -> list[int]:
        """A text as the model was trained to see it, with the marks around it."""
        return self._tokens(text, control=False, special=True) or [0]

    def _unload(self) -> None:
        for context in (self._read, self._embedding):
            if context:
                context.drop()
        self._read = self._embedding = None
        if self._model:
            self._c.llama_model_free(self._model)
        self._model = self._template = None

    def _adapter(self, file: str) -> Any:
        """A LoRA adapter, which goes with the model. Raises Refused if it is not one for it."""
        adapter = None
        with suppress(Unsound, OSError):
            check_structure(Path(file))
            adapter = self._c.llama_adapter_lora_init(
                self._model, file.encode("utf-8", "surrogateescape")
            )
        if not adapter:
            self._unload()
            raise Refused(Failed("no_adapter"))
        return adapter

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
                request.turns,
                self._template,
                self._tokens,
                self._limit,
                request.max_tokens,
                request.beside,
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
                c.llama_sampler_init_penalties(words, 64, request.repeat_penalty, 0.0, 0.0),
                c.llama_sampler_init_top_p(request.top_p, 1),
                c.llama_sampler_init_min_p(0.05, 1),
                c.llama_sampler_init_temp(request.temperature),
                c.llama_sampler_init_dist(request.seed % 2**32),
            ]
        for step in steps:
            c.llama_sampler_chain_add(chain, step)
        return chain

    def _tokens(self, text: str, control: bool, special: bool = False) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        found = (ctypes.c_int32 * room)()
        count = self._c.llama_tokenize(self._vocab, raw, len(raw), found, room, special, control)
        if count < 0:
            found = (ctypes.c_int32 * -count)()
            count = self._c.llama_tokenize(
                self._vocab, raw, len(raw), found, -count, special, control
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


if __name__ == "__main__":
    main()
