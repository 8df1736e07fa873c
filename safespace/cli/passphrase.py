# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a passphrase comes from: a prompt, or an open file descriptor. Never the command line."""

import os
from typing import Final

import click

from safespace.errors import Usage
from safespace.i18n import _

VARIABLE: Final = "SAFESPACE_PASSPHRASE_FD"
_LONGEST: Final = 1 << 20


def is_given() -> bool:
    """Whether it comes from a descriptor, which can be read only once."""
    return VARIABLE in os.environ


def existing() -> str:
    """The passphrase of a space that there is."""
    given = _from_descriptor()
    return given if given is not None else str(click.prompt(_("Passphrase"), hide_input=True))


def fresh() -> str:
    """A passphrase for a new space, typed twice at a prompt."""
    given = _from_descriptor()
    if given is not None:
        return given
    return str(
        click.prompt(_("New passphrase"), hide_input=True, confirmation_prompt=_("The same again"))
    )


def _from_descriptor() -> str | None:
    """The first line of the descriptor that the environment names, read once."""
    number = os.environ.get(VARIABLE)
    if number is None:
        return None
    try:
        with os.fdopen(int(number), "rb") as file:
            line = file.readline(_LONGEST)
        return line.rstrip(b"\r\n").decode("utf-8")
    except (OSError, ValueError) as problem:
        raise Usage(
            _("{variable} names no descriptor that a passphrase can be read from.").format(
                variable=VARIABLE
            ),
            _("Use an open one, for example {variable}=3 with 3<FILE.").format(variable=VARIABLE),
        ) from problem
