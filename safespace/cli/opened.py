# SPDX-License-Identifier: AGPL-3.0-or-later
"""A space that a command opens, and closes whatever happens; and what several commands take."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from safespace.cli import passphrase
from safespace.domain import Heading
from safespace.errors import Usage
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.session import Session

LARGEST = 4 << 20
"""Bytes of standard input that are read as text."""

folder_option = click.option("--folder", "folder_name", metavar="NAME", help=N_("In this folder."))


@contextmanager
def opened(space_name: str | None) -> Iterator[Session]:
    """Unlock the space called so, or the only one."""
    entrance = Entrance.here()
    session = entrance.unlock(entrance.find(space_name), passphrase.existing(), warm=False)
    try:
        yield session
    finally:
        session.close()


def text_of(argument: str) -> str:
    """What an argument says; “-” stands for standard input, which leaves no trace elsewhere.

    Raises Usage for more than 4 MiB of it.
    """
    if argument != "-":
        return argument
    untrusted = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
    if len(untrusted) > LARGEST:
        raise Usage(_("That is more text than one note takes."), _("Add it as a document."))
    return untrusted.decode("utf-8", "replace").rstrip("\n")


def folder_called(session: Session, name: str) -> int:
    """The id of a folder. Raises Usage if there is none of that name."""
    for folder in session.folders.every():
        if folder.name.casefold() == name.casefold():
            return folder.id
    raise Usage(
        _("There is no folder called “{name}”.").format(name=name),
        _("Make it: safespace folders add NAME"),
    )


def line(heading: Heading) -> str:
    """One thing in a list: its number, the day of its last change, its title."""
    title = heading.title or _("Without a title")
    return f"{heading.id}  {heading.changed.astimezone():%Y-%m-%d}  {title}\n"
