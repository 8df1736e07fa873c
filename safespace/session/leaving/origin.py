# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an AI's words come from, told wherever they go: in a line for people, and for programs.

Files say it in YAML before the text, by the IPTC's digital source types
(cv.iptc.org/newscodes/digitalsourcetype), which image and text tools read.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from safespace import __version__
from safespace.domain import Mark, Message, Role, Route
from safespace.i18n import _

_TYPES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
BY_A_MODEL: Final = f"{_TYPES}trainedAlgorithmicMedia"
PARTLY_BY_A_MODEL: Final = f"{_TYPES}compositeWithTrainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one answer: the model, the key of the route, when (ISO 8601), whether it broke off, and
    its number in the conversation it stands in."""

    model: str
    route: str
    at: str
    partial: bool
    message: int | None = None


def origin_of(message: Message) -> Origin | None:
    """Where a message comes from; None for one that no model wrote."""
    if message.role is not Role.MODEL or message.mark is None:
        return None
    at = message.at.isoformat(timespec="seconds")
    return Origin(by(message.mark), message.mark.route.key, at, message.partial)


def by(mark: Mark) -> str:
    """The model with what changed it."""
    return " + ".join(filter(None, (mark.model, mark.adapter)))


def line(origin: Origin) -> str:
    """One sentence, in the member's language and time."""
    local = origin.route == Route.LOCAL.key
    where = _("on my computer") if local else _("on a cooperative's computers")
    at = datetime.fromisoformat(origin.at).astimezone()
    return _("Written by AI: {model}, {where}, {at}.").format(
        model=origin.model, where=where, at=f"{at:%Y-%m-%d %H:%M}"
    )


def signed(text: str, origin: Origin | None) -> str:
    """A text with that sentence below it."""
    return f"{text.rstrip()}\n\n— {line(origin)}\n" if origin else text


def signed_unfinished(text: str) -> str:
    """A part of an answer that is still being written."""
    return f"{text.rstrip()}\n\n— {_('Written by AI.')}\n"


def answer_file(text: str, origin: Origin) -> str:
    """An answer as a Markdown file that says what it is, to programs and to people."""
    return head([origin], BY_A_MODEL) + signed(text, origin)


def head(origins: Sequence[Origin], source_type: str) -> str:
    """What stands before a text that a model wrote, or wrote a part of.

    JSON within YAML: every value in quotation marks and in ASCII, so nothing in a name can end it.
    """
    facts = [
        f"digital_source_type: {json.dumps(source_type)}",
        f"generator: {json.dumps(f'Safe Space {__version__}')}",
        "written_by_ai:",
        *(f"  - {json.dumps(_facts(one))}" for one in origins),
    ]
    return "\n".join(("---", *facts, "---", "", ""))


def _facts(origin: Origin) -> dict[str, object]:
    return {name: value for name, value in asdict(origin).items() if value is not None}
