# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the llama backend computes and what it saves itself: seen from inside."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.local_ai.engine import Begun, ChatTurn, Generation
from safespace.local_ai.protocol import Load
from safespace.local_ai.worker import worker
from safespace.local_ai.worker.aside import Aside
from safespace.local_ai.worker.context import BATCH, CONTEXT_STEP, Context
from safespace.local_ai.worker.offload import cards
from safespace.local_ai.worker.worker import LlamaBackend


class Counting(LlamaBackend):
    """Counts the tokens that are computed."""

    computed = 0

    def load(self, what: Load) -> int:
        limit = super().load(what)
        decode = self.read._decode

        def counted(batch: Any) -> bool:
            self.computed += batch.n_tokens
            return decode(batch)

        self.read._decode = counted  # type: ignore[method-assign]
        return limit

    @property
    def read(self) -> Context:
        """What it has read."""
        assert self._read is not None
        return self._read


@pytest.fixture(scope="module")
def backend(starter_model: Path) -> Iterator[Counting]:
    backend = Counting()
    backend.load(Load(str(starter_model), 1))
    yield backend
    backend._unload()


def answer(backend: Counting, *texts: str, most: int = 8) -> tuple[int, int, str]:
    """Prompt tokens, computed tokens, answer. `texts` alternate between user and model."""
    turns = tuple(
        ChatTurn("assistant" if place % 2 else "user", text) for place, text in enumerate(texts)
    )
    before = backend.computed
    steps = list(backend.generate(Generation(turns, most), lambda: False))
    assert isinstance(steps[0], Begun)
    text = b"".join(step for step in steps if isinstance(step, bytes)).decode()
    return steps[0].prompt_tokens, backend.computed - before, text


def test_a_second_turn_computes_only_what_is_new(backend: Counting) -> None:
    question = "Which animals live in the forest? " * 8
    _prompt, first, said = answer(backend, question)
    prompt, second, _said = answer(backend, question, said, "And in the sea?")
    assert prompt > first - 8
    assert second < 40 < first


def test_what_stood_beside_a_question_costs_the_next_one_no_history(backend: Counting) -> None:
    told = [ChatTurn("system", "Ships sail on the sea. " * 40)]
    said, computed = b"", []
    for number, question in enumerate(("Where do ships sail?", "And where do trains run?")):
        told.append(ChatTurn("user", question))
        before = backend.computed
        request = Generation(tuple(told), 8, beside=f"Passage {number}: harbours. " * 8)
        steps = list(backend.generate(request, lambda: False))
        computed.append(backend.computed - before)
        said = b"".join(step for step in steps if isinstance(step, bytes))
        told.append(ChatTurn("assistant", said.decode()))
    assert said
    assert computed[1] < computed[0] // 2


def test_the_answer_is_the_same_with_and_without_what_was_kept(backend: Counting) -> None:
    texts = ("Name three animals.", "Fox, dog and cat.", "Name three more.")
    answer(backend, *texts[:1])
    kept = answer(backend, *texts)
    backend.read.drop()
    fresh = answer(backend, *texts)
    assert kept[1] < fresh[1]
    assert kept[2] == fresh[2]


def test_an_edited_question_is_computed_from_where_it_differs(backend: Counting) -> None:
    answer(backend, "Tell me about foxes in one sentence.")
    other = answer(backend, "Tell me about wolves in one sentence.")
    backend.read.drop()
    assert answer(backend, "Tell me about wolves in one sentence.")[2] == other[2]


def test_the_context_grows_with_the_conversation(backend: Counting) -> None:
    backend.read.drop()
    answer(backend, "Hello")
    small = backend.read.size
    assert small == CONTEXT_STEP
    answer(backend, "fox " * 300)
    assert backend.read.size == 2 * small
    answer(backend, "Hello")
    assert backend.read.size == 2 * small


def test_stopped_while_reading_the_next_answer_is_right(backend: Counting) -> None:
    expected = answer(backend, "Name three animals.")
    asked = iter([False, False, True])
    before = backend.computed
    stopped = list(
        backend.generate(
            Generation((ChatTurn("user", "owl " * 400),), 8), lambda: next(asked, True)
        )
    )
    assert [type(step) for step in stopped] == [Begun]
    assert backend.computed - before == BATCH  # not even the first batch was finished
    assert answer(backend, "Name three animals.")[2] == expected[2]


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["Hello", "it's", "1234", "\n\n", " ", "ß", "🦊", "def f():"])))
def test_seams_change_no_token(backend: Counting, parts: list[str]) -> None:
    """Written text and template text tokenised apart give what both would give together,
    save where the text begins or ends with a break that its neighbours would have joined.
    """
    text = " ".join(parts).strip()
    request = Generation((ChatTurn("user", text),), 1)
    apart, _left_out = backend._prompt(request)
    assert backend._template is not None
    whole = "".join(
        piece if isinstance(piece, str) else text
        for piece in backend._template.pieces(request.turns)
    )
    assert apart == backend._tokens(whole, True)


def test_two_conversations_in_turn_begin_neither_anew(backend: Counting) -> None:
    foxes, ships = "Foxes live in the forest. " * 24, "Ships sail on the sea. " * 24
    _prompt, _computed, of_foxes = answer(backend, foxes)
    unbroken = answer(backend, foxes, of_foxes, "And owls?")
    backend.read.held.clear()  # as if it had read nothing
    answer(backend, foxes)
    _prompt, _computed, of_ships = answer(backend, ships)
    back = answer(backend, foxes, of_foxes, "And owls?")
    forth = answer(backend, ships, of_ships, "And boats?")
    assert back == unbroken
    assert back[1] < 40 < back[0]
    assert forth[1] < 40 < forth[0]
    backend.read.drop()
    backend.read._aside = Aside(0, 0)
    answer(backend, ships)
    assert answer(backend, foxes, of_foxes, "And owls?")[1] > back[0] // 2  # so it was the state


def test_a_context_that_grows_keeps_what_it_has_read(backend: Counting) -> None:
    backend.read.drop()
    backend.read._aside = Aside(0, 0)
    text = "Storks fly south. " * 30
    _prompt, _computed, said = answer(backend, text)
    small = backend.read.size
    prompt, computed, _said = answer(backend, text, said, "Why? " * 100)
    assert backend.read.size > small
    assert computed < prompt - 100


def test_an_answer_that_quotes_takes_fewer_steps(backend: Counting) -> None:
    """And says the same: only what the model would have said itself is taken of a guess."""
    passage = " ".join(f"Line {n}: the {word} is green." for n, word in enumerate(("fox", "owl")))
    asked = f"Repeat this exactly: {passage} {passage}"
    steps: list[int] = []
    take = backend.read.take

    def counted(token: int, guess: Sequence[int]) -> bool:
        steps.append(len(guess))
        return take(token, guess)

    backend.read.take = counted  # type: ignore[method-assign]
    try:
        _prompt, _computed, guessed = answer(backend, asked, most=60)
        taken = len(steps)
        backend.read.returns = False
        steps.clear()
        _prompt, _computed, plain = answer(backend, asked, most=60)
    finally:
        del backend.read.take
        backend.read.returns = True
    assert guessed == plain
    assert set(steps) == {0}
    assert taken < len(steps)


def test_what_it_made_of_a_conversation_serves_another_worker(
    backend: Counting, starter_model: Path
) -> None:
    text = "Storks fly south in autumn. " * 20
    _prompt, _computed, said = answer(backend, text)
    tokens, parts = backend.keep()
    kept = b"".join(parts)
    assert tokens == len(backend.read.held)
    other = Counting()
    other.load(Load(str(starter_model), 1))
    try:
        assert other.recall(kept) == tokens
        prompt, computed, _said = answer(other, text, said, "Why?")
        assert computed < 40 < prompt
    finally:
        other._unload()


@pytest.mark.parametrize("cut", [0, 3, 4, 100, -1])
def test_what_is_no_state_serves_nobody(backend: Counting, cut: int) -> None:
    answer(backend, "Storks fly south in autumn. " * 20)
    _tokens, parts = backend.keep()
    kept = b"".join(parts)[:cut]
    backend.read.drop()
    backend.read._aside = Aside(1 << 30, 1 << 20)
    assert bool(backend.recall(kept)) == (cut == -1)  # one that is cut short shows when it is used
    prompt, computed, said = answer(backend, "Storks fly south in autumn. " * 20)
    assert computed >= prompt
    assert said


def test_a_short_conversation_is_nothing_to_keep(backend: Counting) -> None:
    backend.read.drop()
    answer(backend, "Hello")
    assert backend.keep() == (0, ())


def test_a_build_for_the_processor_finds_no_card(backend: Counting) -> None:
    if backend._c.llama_supports_gpu_offload():
        pytest.skip("this llama.cpp was built for graphics cards")
    assert cards(backend._c._lib) == ()  # asked of the real library
    assert backend.about().backend.startswith("llama.cpp ")


def test_stopped_in_the_middle_of_a_token_the_next_answer_is_right(
    backend: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answer(backend, "Name three animals.", most=12)
    monkeypatch.setattr(worker, "SLOW", 0.0)  # as if it were a large model
    said: list[bytes] = []
    calls = 0

    def stopped() -> bool:
        nonlocal calls
        calls += len(said) >= 4
        return calls > 5  # not between two tokens, where it is asked once

    request = Generation((ChatTurn("user", "Name three animals."),), 12)
    for step in backend.generate(request, stopped):
        if isinstance(step, bytes):
            said.append(step)
    assert len(said) in (4, 5)
    assert answer(backend, "Name three animals.", most=12)[2] == expected[2]
