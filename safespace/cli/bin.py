# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space bin`: what was deleted in the last 30 days."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from safespace.cli import passphrase
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.errors import NeedsConfirm
from safespace.i18n import N_, _, ngettext
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.deletion import erased_at


@click.group(name="bin", help=N_("See, restore or erase what was deleted."))
def bin_() -> None:
    pass


@bin_.command(name="list", help=N_("Name what can be restored, the last deleted first."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with _opened(space_name) as session:
        found = session.bin()
    rows = [
        {
            "id": conversation.id,
            "title": conversation.title,
            "deleted": conversation.deleted.isoformat(),
            "erased": erased_at(conversation).isoformat(),
        }
        for conversation in found
        if conversation.deleted
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        title = row["title"] or _("Without a title")
        show_words(f"{row['id']}  {str(row['deleted'])[:10]}  {title}\n")
    if not rows:
        click.echo(_("The bin is empty."))


@bin_.command(help=N_("Take the conversation with this number out of the bin."))
@click.argument("number", type=int)
@space_option
def restore(number: int, space_name: str | None) -> None:
    with _opened(space_name) as session:
        session.restore(number)
    click.echo(_("It is among your conversations again."))


@bin_.command(help=N_("Erase all that is in the bin. It cannot be brought back."))
@click.option("--confirm", is_flag=True, help=N_("Yes, for ever."))
@space_option
def empty(confirm: bool, space_name: str | None) -> None:
    if not confirm:
        raise NeedsConfirm(
            _("What is erased cannot be brought back."), _("Add --confirm to go on.")
        )
    with _opened(space_name) as session:
        count = len(session.bin())
        session.empty_bin()
    click.echo(
        ngettext(
            "{count} conversation was erased.", "{count} conversations were erased.", count
        ).format(count=count)
    )


@contextmanager
def _opened(space_name: str | None) -> Iterator[Session]:
    entrance = Entrance.here()
    session = entrance.unlock(entrance.find(space_name), passphrase.existing(), warm=False)
    try:
        yield session
    finally:
        session.close()
