# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens during a turn, as facts for a face to show.

A turn ends with exactly one `Answered` or `Failed`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from safespace.domain import Conversation, Message, Speed
from safespace.errors import SafeSpaceError
from safespace.guard.deciding.decision import Decision
from safespace.guard.reading.distress import HelpCard


@dataclass(frozen=True, slots=True)
class Asked:
    """The member's message is saved."""

    message: Message
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class HelpLines:
    """Words of distress were seen. Shown now, recorded nowhere."""

    card: HelpCard


@dataclass(frozen=True, slots=True)
class Decided:
    """The guard's decision. `recorded` is False when the activity record could not be written."""

    decision: Decision
    recorded: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would be sent to `place`, where `model` reads it; the turn waits for `decide`.

    `body` are the very bytes, `turns` what they say: who speaks, and the words. `left_out`: so
    many placeholders stand in them. `decide(True)` sends, `decide(False)` has it answered here.
    """

    place: str
    model: str
    turns: tuple[tuple[str, str], ...]
    body: bytes
    left_out: int
    decide: Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class Sending:
    """It goes to `place` now."""

    place: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another member's assistant is answering on this computer; this one's turn comes after."""


@dataclass(frozen=True, slots=True)
class PassingBy:
    """It has been for too long: this one's turn begins beside it."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """The model named is being loaded."""

    model: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many of the earliest turns no longer fit; the model does not read them."""

    turns: int


@dataclass(frozen=True, slots=True)
class Crowded:
    """The graphics card has less room than was reckoned: `on_card` of the `layers` are there."""

    on_card: int
    layers: int


@dataclass(frozen=True, slots=True)
class Words:
    """Some more of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The end: the answer as it is kept. Its mark tells where it came from."""

    message: Message
    speed: Speed | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The end: why there is no whole answer, and what of it was kept."""

    error: SafeSpaceError
    kept: Message | None = None


Event = (
    Asked
    | HelpLines
    | Decided
    | Outgoing
    | Sending
    | Waiting
    | PassingBy
    | Preparing
    | LeftOut
    | Crowded
    | Words
    | Answered
    | Failed
)
