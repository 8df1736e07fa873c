# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space bin`: what was deleted in the last 30 days."""

from collections.abc import Callable
from datetime import UTC, datetime

import click

from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Kind
from safespace.errors import NeedsConfirm
from safespace.i18n import N_, _, ngettext
from safespace.session.session import Session
from safespace.session.still_in_backups import said
from safespace.store.deletion import erased_at

_kind = click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
_number = click.argument("number", type=int)
_confirm = click.option("--confirm", is_flag=True, help=N_("Yes, for ever."))
_renew = click.option(
    "--renew-backups",
    is_flag=True,
    help=N_("Then make a backup and remove the earlier ones, which may hold it still."),
)


@click.group(name="bin", help=N_("See, restore or erase what was deleted."))
def bin_() -> None:
    pass


@bin_.command(name="list", help=N_("Name what can be restored, the last deleted first."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.bin.every()
    rows = [
        {
            "kind": heading.kind.value,
            "id": heading.id,
            "title": heading.title,
            "deleted": heading.deleted.isoformat(),
            "erased": erased_at(heading).isoformat(),
        }
        for heading in found
        if heading.deleted
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        title = row["title"] or _("Without a title")
        show_words(f"{row['kind']} {row['id']}  {str(row['deleted'])[:10]}  {title}\n")
    if not rows:
        click.echo(_("The bin is empty."))


@bin_.command(help=N_("Take out of the bin what “list” names, such as: note 3"))
@_kind
@_number
@space_option
def restore(kind: str, number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.bin.restore(Kind(kind), number)
    click.echo(_("It is where it was."))


@bin_.command(help=N_("Erase what “list” names. It cannot be brought back."))
@_kind
@_number
@_confirm
@_renew
@space_option
def erase(
    kind: str, number: int, confirm: bool, renew_backups: bool, space_name: str | None
) -> None:
    def one(session: Session) -> str:
        session.bin.erase(Kind(kind), number)
        return _("It was erased.")

    _erase(one, confirm, renew_backups, space_name)


@bin_.command(help=N_("Erase all that is in the bin. It cannot be brought back."))
@_confirm
@_renew
@space_option
def empty(confirm: bool, renew_backups: bool, space_name: str | None) -> None:
    def every(session: Session) -> str:
        count = len(session.bin.every())
        session.bin.empty()
        return ngettext("{count} thing was erased.", "{count} things were erased.", count).format(
            count=count
        )

    _erase(every, confirm, renew_backups, space_name)


def _erase(
    act: Callable[[Session], str], confirm: bool, renew_backups: bool, space_name: str | None
) -> None:
    """Do it, say so, and say what backups still hold, or that none does."""
    if not confirm:
        raise NeedsConfirm(
            _("What is erased cannot be brought back."), _("Add --confirm to go on.")
        )
    with opened(space_name) as session:
        click.echo(act(session))
        if renew_backups:
            made = session.backups.make(only=True)
            click.echo(_("The only backup there is now: {file}").format(file=made.file))
        elif held := said(session.backups.kept(), datetime.now(UTC)):
            click.echo(held)
            click.echo(_("To have it in none at once: safespace space backup --only"))
