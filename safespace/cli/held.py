# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a command needs an open space for: done here, or by the window that has it open."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from safespace.cli import passphrase
from safespace.cli.output import end_if_failed
from safespace.errors import InUse
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.spaces import SpaceInfo


def here_or_through(
    entrance: Entrance,
    space_name: str | None,
    here: Callable[[Session], Mapping[str, Any]],
    verb: str,
    **values: Any,
) -> Mapping[str, Any]:
    """What `here` returns; where another process holds the space, what that answers to `verb`.

    Asks for the passphrase. Raises as `Entrance.unlock` does; ends as the other one would.
    """
    info = entrance.find(space_name)
    word = passphrase.existing()
    try:
        session = entrance.unlock(info, word, warm=False)
    except InUse:
        reply = _elsewhere(entrance, info, word, verb, values)
        end_if_failed(reply)
        return reply
    try:
        return here(session)
    finally:
        session.close()


def _elsewhere(
    entrance: Entrance, info: SpaceInfo, word: str, verb: str, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    try:
        (reply,) = entrance.through(info, word, verb, **values)
    except KeyboardInterrupt:
        click.echo(_("The window that has the space open goes on with it."), err=True)
        raise
    return reply
