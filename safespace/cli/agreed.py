# SPDX-License-Identifier: AGPL-3.0-or-later
"""The options by which a guardian says what they agree to."""

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from safespace.domain import Level, Limits, Topic
from safespace.errors import Usage
from safespace.i18n import N_, _

_OPTIONS = (
    click.option("--highest", type=click.IntRange(0, 4), default=1, show_default=True),
    click.option("--topic", "topics", multiple=True, type=click.Choice([t.value for t in Topic])),
    click.option(
        "--hours", multiple=True, metavar="HH:MM-HH:MM", help=N_("AI only then; several.")
    ),
    click.option("--minutes", type=click.IntRange(0, 1440), help=N_("With AI, a day.")),
    click.option(
        "--model", "models", multiple=True, metavar="FILE", help=N_("Only these; several.")
    ),
    click.option("--cooperative/--no-cooperative", default=False),
    click.option(
        "--ends", metavar="YYYY-MM-DD", help=N_("A child's: the 18th birthday at the latest.")
    ),
)


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that `agreed` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def agreed(
    highest: int,
    topics: tuple[str, ...],
    hours: tuple[str, ...],
    minutes: int | None,
    models: tuple[str, ...],
    *,
    cooperative: bool,
    adult: bool,
) -> Limits:
    """The limits that the options say. Raises Usage."""
    return Limits(
        Level(highest),
        frozenset(map(Topic, topics)),
        tuple(map(_window, hours)),
        minutes,
        frozenset(models) or None,
        cooperative,
        adult,
    )


def day(text: str | None) -> date | None:
    """The day that an option names. Raises Usage."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Usage(_("“{text}” is no day, such as 2031-05-01.").format(text=text)) from None


def _window(text: str) -> tuple[int, int]:
    try:
        begin, end = (
            int(hour) * 60 + int(minute)
            for hour, minute in (moment.split(":") for moment in text.split("-"))
        )
    except ValueError:
        begin, end = 1, 0
    if not 0 <= begin < end <= 24 * 60:
        raise Usage(_("“{text}” is no window of a day, such as 15:00-18:00.").format(text=text))
    return begin, end
