# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an engine is: the one interface behind which a model answers.

Engines are used from one thread at a time, save `stop` and `close`, which any thread may call.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One turn as a chat template takes it."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What is asked of a model. `turns` ends with the member's; temperature 0 is greedy.

    `beside` is read in that last turn, before what the member wrote. What it says goes with this
    question alone: it stands behind all that was said before, whose state serves again.
    `grammar` is what the answer may look like (llama.cpp's GBNF, `root`); empty: anything.
    `top_p`: the likeliest words that have this chance together come into question;
    `repeat_penalty` makes words of a moment ago so much less likely, 1 does nothing.
    """

    turns: tuple[ChatTurn, ...]
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    grammar: str = ""
    top_p: float = 0.95
    repeat_penalty: float = 1.1
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA file that changes what a model says, and how much: 1 is as it was trained."""

    file: Path
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Begun:
    """First event: the prompt's tokens, and how many earlier turns no longer fitted.

    Of the model's `layers` so many are `on_card`; `crowded` says, once, that a graphics card
    turned out to have less room for them than was reckoned.
    """

    prompt_tokens: int
    turns_left_out: int
    layers: int = 0
    on_card: int = 0
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Some more of the answer; never half a character."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """Last event. Times in milliseconds from the request; speed after the first token.

    `threads` were best for it as far as was seen; 0 where that was not looked for.
    """

    tokens: int
    ttft_ms: float
    tokens_per_s: float
    ended: Literal["complete", "length", "stopped"]
    threads: int = 0


Event = Begun | Text | Done


class Engine(Protocol):
    """A model that can be loaded and asked."""

    def start(self) -> None:
        """Begin what takes time before any model is chosen; loads none, waits for nothing."""

    def load(self, model: Path, adapter: Adapter | None = None) -> None:
        """Make `model` the one that answers, changed by `adapter`; nothing to do if it already is.

        Raises ModelDamaged, ModelTooBig, WorkerDied.
        """

    def generate(self, request: Generation) -> Iterator[Event]:
        """Answer `request`: Begun, any number of Text, Done.

        Leaving the iterator early stops the generation. Raises MessageTooLong before the
        first Text, WorkerDied at any time (the next call works again).
        """

    @property
    def build(self) -> str:
        """What computes, once it has answered: states are good for the same build alone."""

    @property
    def life(self) -> int:
        """Another number when what it had read of conversations is gone."""

    def keep(self) -> tuple[int, bytes]:
        """What was made of the conversation that was answered last, and of how many tokens;
        0 where that is nothing. It means something to the same model and build alone.

        Raises WorkerDied.
        """

    def recall(self, state: bytes) -> int:
        """Have what `keep` gave back serve again: the tokens that need not be read anew.

        Raises NoModel, WorkerDied.
        """

    def stop(self) -> None:
        """End the running generation soon; its iterator still yields Done. Any thread."""

    def close(self) -> None:
        """Unload the model and end whatever computes. Any thread; may be called twice."""
