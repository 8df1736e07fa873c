# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a conversation a model reads, and what the conversation is called."""

from collections.abc import Sequence
from typing import Final

from safespace.domain import Message, Role
from safespace.local_ai.engine import ChatTurn

_TITLE_LENGTH: Final = 48
INSTRUCTION: Final = ChatTurn("system", "You are a helpful assistant.")
"""Said to every model. Without it, the starter model's own template makes it worse at facts."""


def title(text: str) -> str:
    """A title from the first line of a first message, ended at a word."""
    line = " ".join(text.strip().partition("\n")[0].split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def prompt(path: Sequence[Message], told: ChatTurn = INSTRUCTION) -> tuple[ChatTurn, ...]:
    """All that a model reads to answer the question that ends `path`; `told` is said first."""
    return (told, *carried(path))


def carried(path: Sequence[Message]) -> tuple[ChatTurn, ...]:
    """The turns that go to a model: what the member asked it and what it answered.

    A question that was handed back or answered by a help page goes with its answer: no model
    read it before, so none reads it later.
    """
    turns: list[ChatTurn] = []
    for message, following in zip(path, [*path[1:], None], strict=True):
        if following is not None and following.role is Role.SAFESPACE:
            continue
        if message.role is Role.MEMBER:
            turns.append(ChatTurn("user", message.text))
        elif message.role is Role.MODEL and message.text:
            turns.append(ChatTurn("assistant", message.text))
    return tuple(turns)
