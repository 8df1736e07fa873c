# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a passphrase comes from: a prompt, or an open file descriptor. Never the command line."""

import getpass
import os
import warnings
from contextlib import suppress
from typing import Final

import click

from safespace.errors import Usage
from safespace.i18n import _

VARIABLE: Final = "SAFESPACE_PASSPHRASE_FD"
_STANDARD: Final = (0, 1, 2)
"""Question, answer and complaints: reading a passphrase from one would close it for the rest."""
_LONGEST: Final = 1 << 20


def is_given() -> bool:
    """Whether it comes from a descriptor, which can be read only once."""
    return VARIABLE in os.environ


def existing() -> str:
    """The passphrase of a space that there is."""
    given = _from_descriptor()
    return given[0] if given else _prompted(_("Passphrase"))


def recovery_code() -> str:
    """The recovery code of a space, from where a passphrase would come."""
    given = _from_descriptor()
    return given[0] if given else _prompted(_("Recovery code"))


def fresh() -> str:
    """A passphrase for a new space, typed twice at a prompt."""
    given = _from_descriptor()
    return given[0] if given else _prompted_fresh()


def present(*, recovery: bool) -> str:
    """The passphrase, or the recovery code, of a space that there is."""
    return recovery_code() if recovery else existing()


def present_and_fresh(*, recovery: bool) -> tuple[str, str]:
    """The passphrase or recovery code of now, and the passphrase from now on.

    From a descriptor, they are its first line and its second.
    """
    given = _from_descriptor(lines=2)
    if given:
        return given[0], given[1]
    asked = _("Recovery code") if recovery else _("Present passphrase")
    return _prompted(asked), _prompted_fresh()


def fresh_and_guardian(guardian: str, *, asked: bool) -> tuple[str, str]:
    """A passphrase for a new space, and that of the `guardian`, empty if they say nothing.

    At a prompt they are always asked; from a descriptor only where `asked` says that the second
    line is theirs.
    """
    if is_given():
        return _two_lines() if asked else (fresh(), "")
    return _prompted_fresh(), _prompted_guardian(guardian)


def present_and_guardian(guardian: str, *, recovery: bool, asked: bool) -> tuple[str, str]:
    """What opens a backup, and the guardian's word as in `fresh_and_guardian`."""
    if is_given():
        return _two_lines() if asked else (present(recovery=recovery), "")
    return present(recovery=recovery), _prompted_guardian(guardian)


def two(own: str, other: str) -> tuple[str, str]:
    """The passphrases of two members, who sit here both."""
    if is_given():
        return _two_lines()
    question = _("Passphrase of “{name}”")
    return _prompted(question.format(name=own)), _prompted(question.format(name=other))


def and_paper() -> tuple[str, str]:
    """A passphrase, and the words on the paper of a guardian."""
    if is_given():
        return _two_lines()
    return existing(), _prompted(_("The twelve words on the paper"))


def _two_lines() -> tuple[str, str]:
    first, second = _from_descriptor(lines=2)
    return first, second


def _prompted_guardian(name: str) -> str:
    question = _("Passphrase of {name}, the guardian (empty: under the household's limits)")
    return _prompted(question.format(name=name), empty=True)


def _prompted_fresh() -> str:
    return _prompted(_("New passphrase"), again=_("The same again"))


def _prompted(question: str, again: str | bool = False, *, empty: bool = False) -> str:
    """Typed, unseen; nothing only if it may be `empty`.

    Raises Usage where there is no terminal to type it at.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # before it would show on the screen
        try:
            return str(
                click.prompt(
                    question,
                    hide_input=True,
                    confirmation_prompt=again,
                    default="" if empty else None,
                    show_default=False,
                )
            )
        except getpass.GetPassWarning:
            raise Usage(
                _("There is no terminal here to type a passphrase at."),
                _("Give it through a descriptor, for example {variable}=3 with 3<FILE.").format(
                    variable=VARIABLE
                ),
            ) from None


def _from_descriptor(lines: int = 1) -> list[str]:
    """The first lines of the descriptor that the environment names, read once; none without it."""
    number = os.environ.get(VARIABLE)
    if number is None:
        return []
    with suppress(OSError, ValueError):
        if int(number) not in _STANDARD:
            with os.fdopen(int(number), "rb") as file:
                read = [file.readline(_LONGEST) for _line in range(lines)]
            if all(read):
                return [line.rstrip(b"\r\n").decode("utf-8") for line in read]
            if read[0]:
                raise Usage(_("A second line is missing, with the other passphrase."))
    raise Usage(
        _("{variable} names no descriptor that a passphrase can be read from.").format(
            variable=VARIABLE
        ),
        _("Use an open one, for example {variable}=3 with 3<FILE.").format(variable=VARIABLE),
    )
