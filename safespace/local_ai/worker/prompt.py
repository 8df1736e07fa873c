# SPDX-License-Identifier: AGPL-3.0-or-later
"""From turns to a prompt: the model file's own chat template, and what fits of a conversation."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NoReturn

from jinja2 import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from safespace.local_ai.engine import ChatTurn

Tokenise = Callable[[str, bool], list[int]]
"""A text's tokens; the flag says whether control tokens such as <|im_end|> are recognised."""


class NoTemplate(Exception):
    """The model file's chat template is missing or cannot be used."""


class TooLong(Exception):
    """The last message alone has `tokens`; `limit` would fit, which is `fitting` characters."""

    def __init__(self, tokens: int, limit: int, fitting: int) -> None:
        super().__init__(tokens, limit)
        self.tokens = tokens
        self.limit = limit
        self.fitting = fitting


class _Generation(Extension):
    """{% generation %} of Hugging Face's templates marks training text; here it changes nothing."""

    tags = {"generation"}  # noqa: RUF012  # the base class's own declaration

    def parse(self, parser: Parser) -> list[Node]:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class ChatTemplate:
    """A Jinja chat template as transformers renders it, in Jinja's sandbox: it came in a file.

    Options and globals follow transformers' `chat_template_utils.py`.
    """

    def __init__(self, source: str, bos: str, eos: str) -> None:
        """Raises NoTemplate."""
        self._bos = bos
        self._eos = eos
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
        )
        try:
            self._template = environment.from_string(source)
        except (TemplateError, RecursionError) as problem:
            raise NoTemplate from problem

    def pieces(self, turns: Sequence[ChatTurn]) -> list[str | int]:
        """The prompt in order: the template's own text, and the places of the turns' texts.

        Rendered with stand-ins that nobody can foresee in place of what people wrote, so that
        the template's control tokens and theirs can be told apart. Raises NoTemplate.
        """
        secret = secrets.token_hex(16)
        stand_ins = [f"{secret}-{place:06d}" for place in range(len(turns))]
        try:
            rendered = self._render(turns, stand_ins)
        except NoTemplate:
            if turns[0].role != "system" or len(turns) < 2:
                raise
            # Some templates refuse a system turn: it then opens the first message.
            rendered = self._render(
                turns[1:], [f"{stand_ins[0]}\n\n{stand_ins[1]}", *stand_ins[2:]]
            )
        return _cut(rendered, stand_ins)

    def _render(self, turns: Sequence[ChatTurn], texts: Sequence[str]) -> str:
        try:
            return self._template.render(
                messages=[
                    {"role": turn.role, "content": text}
                    for turn, text in zip(turns, texts, strict=True)
                ],
                add_generation_prompt=True,
                bos_token=self._bos,
                eos_token=self._eos,
                raise_exception=_refuse,
                strftime_now=lambda form: datetime.now().strftime(form),
                tools=None,
            )
        except Exception as problem:  # a template is a program that came with the file
            raise NoTemplate from problem


def _refuse(_message: str) -> NoReturn:
    raise TemplateError


def _cut(rendered: str, stand_ins: Sequence[str]) -> list[str | int]:
    pieces: list[str | int] = []
    rest = rendered
    for place, stand_in in enumerate(stand_ins):
        before, found, after = rest.partition(stand_in)
        if found:
            pieces += [before, place]
            rest = after
    return [*pieces, rest]


LEAST_ANSWER: Final = 0.25
"""The part of the context that is kept for the answer when the prompt is long."""
LEAVING: Final = 0.25
"""Turns are left out by such parts of the room: so for many turns the same ones stay, and their
state serves again. Token by token, each turn would begin elsewhere and be read from there."""

SEAM: Final = "\n\n"
"""Between what stands beside a message and the message."""

BESIDE: Final = 512
"""What stands beside a message counts in such steps when turns are left out: so the same ones
stay from question to question, though one brings more along than the other."""


def fit(
    turns: Sequence[ChatTurn],
    template: ChatTemplate,
    tokenise: Tokenise,
    context: int,
    max_tokens: int,
    beside: str = "",
) -> tuple[list[int], int]:
    """The prompt's tokens, and how many of the oldest turns were left out for want of room.

    `beside` opens the last turn, and is no part of the message that may be too long.
    A system turn and the last turn always stay; of the others the oldest exchanges go, as many
    as make room for what is over, rounded up to quarters of the room. Raises TooLong, NoTemplate.
    """
    room = context - min(max_tokens, int(context * LEAST_ANSWER))
    # Written text is tokenised with control tokens off: "<|im_end|>" in it is just letters.
    # Templates put a control token or a line break at each seam, where tokens end anyway.
    written = [tokenise(turn.text, False) for turn in turns]
    message = len(written[-1])
    opening = tokenise(beside + SEAM, False) if beside else []
    written[-1] = opening + written[-1]
    spare = -len(opening) % BESIDE
    first = int(turns[0].role == "system")
    last = len(turns) - 1
    prompt = _assemble(turns, written, template, tokenise)
    over, start = len(prompt) + spare - room, first
    if over > 0:
        part = int(room * LEAVING)
        frame = (len(prompt) - sum(map(len, written))) // len(turns)
        sizes = [frame + len(each) for each in written]
        start = _start(turns, sizes, first, -(-over // part) * part if part else over)
    while over > 0:
        kept = [*range(first), *range(start, len(turns))]
        prompt = _assemble([turns[i] for i in kept], [written[i] for i in kept], template, tokenise)
        over = len(prompt) + spare - room
        if over > 0 and start == last:
            if over <= spare:
                break
            limit = room - (len(prompt) - message)
            raise TooLong(message, limit, _fitting(turns[-1].text, limit, tokenise))
        if over > 0:
            start = _next(turns, start)
    return prompt, start - first


def _start(turns: Sequence[ChatTurn], sizes: Sequence[int], first: int, leaving: int) -> int:
    """The first turn that stays when `leaving` tokens of those from `first` on go."""
    start, gone = first, 0
    while gone < leaving and start < len(turns) - 1:
        following = _next(turns, start)
        gone += sum(sizes[start:following])
        start = following
    return start


def _next(turns: Sequence[ChatTurn], start: int) -> int:
    """Where the exchange after that of `start` begins; the last turn stays."""
    start += 1
    while start < len(turns) - 1 and turns[start].role != "user":
        start += 1
    return min(start, len(turns) - 1)


def _assemble(
    turns: Sequence[ChatTurn],
    written: Sequence[list[int]],
    template: ChatTemplate,
    tokenise: Tokenise,
) -> list[int]:
    tokens: list[int] = []
    for piece in template.pieces(turns):
        tokens += written[piece] if isinstance(piece, int) else tokenise(piece, True)
    return tokens


def _fitting(text: str, limit: int, tokenise: Tokenise) -> int:
    """How many characters from the start of `text` have at most `limit` tokens, about."""
    low, high = 0, len(text)
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        if len(tokenise(text[:middle], False)) <= limit:
            low = middle
        else:
            high = middle
    return low
