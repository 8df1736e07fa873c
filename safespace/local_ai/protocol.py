# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frames between us and the worker: JSON Lines, UTF-8, capped; all that is read is untrusted.

A line is `{"v": 1, "id": 7, "type": "text", ...}`. Ids grow with every request, and every
reply names the request it answers, so that a late one is recognised. Parsing is strict: a
missing, additional or ill-typed field makes the whole line a `BadFrame`.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, NoReturn, TypeVar, get_args

from safespace.local_ai.engine import Begun, ChatTurn, Done, Generation
from safespace.local_ai.gguf.reading import Flaw
from safespace.local_ai.machine import Card

VERSION: Final = 1
MAX_REQUEST: Final = 32 * 2**20
"""Bytes of a request line, line feed included."""
MAX_REPLY: Final = 2**20
"""Bytes of a reply line, line feed included."""
MAX_CHARACTERS: Final = 2 * 2**20
"""Characters of all turns together that surely fit a request: JSON needs at most 12 bytes each."""

MAX_STATE: Final = 4 * 2**30
"""Bytes of a state, which stand behind its line as they are: JSON would make them half again."""

MOST_WIDTH: Final = 2**15
"""Numbers of a vector."""

MAX_VECTORS: Final = 64 * 2**20
"""Bytes of all vectors of one answer."""

Fault = Literal[
    "no_adapter",
    "no_vectors",
    "unreadable",
    "damaged",
    "no_template",
    "no_memory",
    "too_long",
    Flaw,
]


class BadFrame(ValueError):
    """A line that is no frame. Carries no content of the line."""


@dataclass(frozen=True, slots=True)
class Load:
    """Make the file `model` the one that answers, computing on `threads` threads.

    0: on as many as turn out best, and `begin` (0: unknown) were so the last time. One that
    `finds` answers nothing: it makes vectors of texts.
    """

    model: str
    threads: int
    begin: int = 0
    adapter: str = ""
    strength: float = 1.0
    finds: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """Make a vector of each text."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the request that has this frame's id, and every older one."""


@dataclass(frozen=True, slots=True)
class Describe:
    """Say what computes."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Give back what was made of the conversation that was answered last."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What `Keep` gave back once, `size` bytes of it, stands behind this line: it may serve."""

    size: int


@dataclass(frozen=True, slots=True)
class Described:
    """The backend and its version, which walls stand around it, and the cards it computes on."""

    backend: str
    walls: tuple[str, ...]
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model answers from now on; `context` tokens hold prompt and answer."""

    context: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of `tokens` tokens stands behind this line, `size` bytes of it."""

    tokens: int
    size: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors stand behind this line, `size` bytes of them: `width` numbers of one signed
    byte for each text, of which only the direction counts. Without any: it was stopped.
    """

    width: int
    size: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """So many tokens need not be read again; 0: it does not serve here."""

    tokens: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more of the answer; `tokens` counts all so far."""

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The request ended without an answer. The numbers belong to "too_long" alone:
    the message's tokens, how many would fit, and how many of its characters those are.
    """

    fault: Fault
    tokens: int = 0
    limit: int = 0
    fitting: int = 0


Request = Load | Generation | Cancel | Describe | Keep | Recall | Embed
Reply = Described | Loaded | Begun | Piece | Done | Failed | Kept | Recalled | Embedded
Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Frame:
    """One line: the request's id and what is asked or answered."""

    id: int
    body: Request | Reply


def encode(frame: Frame) -> bytes:
    """The line of `frame`, line feed included. Pure ASCII, so lone surrogates survive too."""
    head = {"v": VERSION, "id": frame.id, "type": _NAMES[type(frame.body)]}
    return json.dumps(head | asdict(frame.body), separators=(",", ":")).encode() + b"\n"


def read_request(untrusted_line: bytes) -> tuple[int, Request]:
    """What a line asks. Raises BadFrame."""
    return _read(untrusted_line, _REQUESTS, MAX_REQUEST)


def read_reply(untrusted_line: bytes) -> tuple[int, Reply]:
    """What a line answers. Raises BadFrame."""
    return _read(untrusted_line, _REPLIES, MAX_REPLY)


Shape = Mapping[str, Callable[[object], object]]


def _read(
    untrusted_line: bytes, known: Mapping[str, tuple[Callable[..., Body], Shape]], cap: int
) -> tuple[int, Body]:
    if len(untrusted_line) > cap:
        raise BadFrame("too long")
    try:
        untrusted = json.loads(untrusted_line.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadFrame("not JSON") from None
    if not isinstance(untrusted, dict) or _count(untrusted.pop("v", None)) != VERSION:
        raise BadFrame("not version 1")
    number = _count(untrusted.pop("id", None))
    untrusted_type = untrusted.pop("type", None)
    if not isinstance(untrusted_type, str) or untrusted_type not in known:
        raise BadFrame("unknown type")
    build, shape = known[untrusted_type]
    return number, build(**_fields(untrusted, shape))


def _fields(untrusted: Mapping[str, Any], shape: Shape) -> dict[str, object]:
    if untrusted.keys() != shape.keys():
        raise BadFrame("wrong fields")
    return {name: check(untrusted[name]) for name, check in shape.items()}


def _refuse_constant(_name: str) -> NoReturn:
    raise BadFrame("not a number")


def _count(untrusted: object) -> int:
    if type(untrusted) is not int or not 0 <= untrusted < 2**53:
        raise BadFrame("not a count")
    return untrusted


def _size(untrusted: object) -> int:
    size = _count(untrusted)
    if size > MAX_STATE:
        raise BadFrame("too large")
    return size


def _vectors(untrusted: object) -> int:
    size = _count(untrusted)
    if size > MAX_VECTORS:
        raise BadFrame("too large")
    return size


def _number(untrusted: object) -> float:
    if type(untrusted) not in (int, float):
        raise BadFrame("not a number")
    assert isinstance(untrusted, int | float)
    if not (math.isfinite(untrusted) and 0 <= untrusted < 2**53):
        raise BadFrame("not a number")
    return float(untrusted)


def _text(untrusted: object) -> str:
    if not isinstance(untrusted, str):
        raise BadFrame("not text")
    return untrusted


def _width(untrusted: object) -> int:
    width = _count(untrusted)
    if width > MOST_WIDTH:
        raise BadFrame("too large")
    return width


def _texts(untrusted: object) -> tuple[str, ...]:
    if not isinstance(untrusted, list):
        raise BadFrame("not texts")
    return tuple(map(_text, untrusted))


def _flag(untrusted: object) -> bool:
    if type(untrusted) is not bool:
        raise BadFrame("neither yes nor no")
    return untrusted


def _one_of(literal: object) -> Callable[[object], str]:
    allowed = get_args(literal)

    def check(untrusted: object) -> str:
        if not isinstance(untrusted, str) or untrusted not in allowed:
            raise BadFrame("not one of the words")
        return untrusted

    return check


_TURN: Final[Shape] = {"role": _one_of(Literal["system", "user", "assistant"]), "text": _text}


def _turns(untrusted: object) -> tuple[ChatTurn, ...]:
    if not isinstance(untrusted, list) or not untrusted:
        raise BadFrame("not turns")
    return tuple(_turn(one) for one in untrusted)


def _turn(untrusted: object) -> ChatTurn:
    if not isinstance(untrusted, dict):
        raise BadFrame("not a turn")
    return ChatTurn(**_fields(untrusted, _TURN))  # type: ignore[arg-type]  # checked by the shape


_CARD: Final[Shape] = {"name": _text, "free": _count, "total": _count, "shares": _flag}


def _cards(untrusted: object) -> tuple[Card, ...]:
    if not isinstance(untrusted, list):
        raise BadFrame("not cards")
    return tuple(_card(one) for one in untrusted)


def _card(untrusted: object) -> Card:
    if not isinstance(untrusted, dict):
        raise BadFrame("not a card")
    return Card(**_fields(untrusted, _CARD))  # type: ignore[arg-type]  # checked by the shape


_REQUESTS: Final[Mapping[str, tuple[Callable[..., Request], Shape]]] = {
    "load": (
        Load,
        {
            "model": _text,
            "threads": _count,
            "begin": _count,
            "adapter": _text,
            "strength": _number,
            "finds": _flag,
        },
    ),
    "generate": (
        Generation,
        {
            "turns": _turns,
            "max_tokens": _count,
            "temperature": _number,
            "seed": _count,
            "grammar": _text,
            "top_p": _number,
            "repeat_penalty": _number,
            "beside": _text,
        },
    ),
    "cancel": (Cancel, {}),
    "describe": (Describe, {}),
    "keep": (Keep, {}),
    "recall": (Recall, {"size": _size}),
    "embed": (Embed, {"texts": _texts}),
}
_REPLIES: Final[Mapping[str, tuple[Callable[..., Reply], Shape]]] = {
    "described": (Described, {"backend": _text, "walls": _texts, "cards": _cards}),
    "loaded": (Loaded, {"context": _count}),
    "kept": (Kept, {"tokens": _count, "size": _size}),
    "recalled": (Recalled, {"tokens": _count}),
    "embedded": (Embedded, {"width": _width, "size": _vectors}),
    "begun": (
        Begun,
        {
            "prompt_tokens": _count,
            "turns_left_out": _count,
            "layers": _count,
            "on_card": _count,
            "crowded": _flag,
        },
    ),
    "text": (Piece, {"text": _text, "tokens": _count}),
    "done": (
        Done,
        {
            "tokens": _count,
            "ttft_ms": _number,
            "tokens_per_s": _number,
            "ended": _one_of(Literal["complete", "length", "stopped"]),
            "threads": _count,
        },
    ),
    "failed": (
        Failed,
        {"fault": _one_of(Fault), "tokens": _count, "limit": _count, "fitting": _count},
    ),
}
_NAMES: Final = {
    build: name for table in (_REQUESTS, _REPLIES) for name, (build, _shape) in table.items()
}
