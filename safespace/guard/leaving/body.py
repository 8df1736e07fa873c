# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one form in which a task leaves: its bytes say what they claim, and nothing besides."""

import json
from collections.abc import Sequence
from typing import Final

from safespace.domain import Errand

_PARAMETERS: Final = {
    "max_tokens": int,
    "seed": int,
    "stream": bool,
    "temperature": float,
    "top_p": float,
}
_ROLES: Final = frozenset({"assistant", "system", "user"})

Turn = tuple[str, str]
"""Who speaks, and what they say. What a task retrieved or attached is said by somebody too."""


def canonical(
    model: str, turns: Sequence[Turn], parameters: Sequence[tuple[str, int | float | bool]]
) -> bytes:
    """The body of a request to a model, in the form of OpenAI's chat completions.

    UTF-8, keys sorted, no space between: one task has one body. Raises ValueError for what has
    no place in it: another role, another parameter, half a character.
    """
    if not turns or any(role not in _ROLES for role, _content in turns):
        raise ValueError("a role that no model knows")
    if any(type(value) is not _PARAMETERS.get(name) for name, value in parameters):
        raise ValueError("a parameter that is not on the list")
    if len(dict(parameters)) != len(parameters):
        raise ValueError("a parameter twice")
    messages = [{"role": role, "content": content} for role, content in turns]
    request = {"model": model, "messages": messages, **dict(parameters)}
    text = json.dumps(
        request, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def words_of(errand: Errand) -> str:
    """Every word that the body of a task carries, as whoever receives it reads them.

    Raises ValueError unless the bytes are the canonical ones for the errand's model and
    parameters: then there is no place in them where something could hide.
    """
    try:
        turns = [(one["role"], one["content"]) for one in json.loads(errand.body)["messages"]]
        same = canonical(errand.model, turns, errand.parameters) == errand.body
        words = "\n".join(content for _role, content in turns)
    except (KeyError, TypeError, RecursionError) as problem:
        raise ValueError("not the body of a task") from problem
    if not same:
        raise ValueError("not the canonical body of this task")
    return words
