# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace folders`: places for what belongs together, and how long it is kept there."""

import click

from safespace.cli.opened import folder_called, opened
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Kind
from safespace.i18n import N_, _, ngettext
from safespace.store.rooms.folders import KINDS

_name = click.argument("name")
_kind = click.argument("kind", type=click.Choice([kind.value for kind in KINDS]))
_number = click.argument("number", type=int)


@click.group()
def folders() -> None:
    pass


@folders.command(name="list", help=N_("Name the folders and how long things stay in them."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.folders.every()
    if as_json:
        show_json([{"id": one.id, "name": one.name, "days": one.days} for one in found])
        return
    for folder in found:
        show_words(f"{folder.name}{_kept(folder.days)}\n")
    if not found:
        click.echo(_("There is no folder yet. Make one: safespace folders add NAME"))


@folders.command(help=N_("Name what lies in a folder."))
@_name
@json_option
@space_option
def show(name: str, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.folders.contents(folder_called(session, name))
    if as_json:
        show_json(
            [
                {"kind": one.kind.value, "id": one.id, "title": one.title,
                 "changed": one.changed.isoformat()}
                for one in found
            ]
        )  # fmt: skip
        return
    for one in found:
        show_words(f"{one.kind} {one.id}  {one.title or _('Without a title')}\n")
    if not found:
        click.echo(_("It is empty."))


@folders.command(help=N_("Make a folder."))
@_name
@space_option
def add(name: str, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.folders.make(name)
    click.echo(_("The folder “{name}” is there.").format(name=name))


@folders.command(help=N_("Give a folder another name."))
@_name
@click.argument("new_name")
@space_option
def rename(name: str, new_name: str, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.folders.rename(folder_called(session, name), new_name)
    click.echo(_("The folder “{name}” is there.").format(name=new_name))


@folders.command(help=N_("Remove a folder; what lies in it stays, and lies in none."))
@_name
@space_option
def remove(name: str, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.folders.remove(folder_called(session, name))
    click.echo(_("The folder is gone. What lay in it is still there."))


@folders.command(help=N_("Put something into a folder, such as: Recipes note 3"))
@_name
@_kind
@_number
@space_option
def put(name: str, kind: str, number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.folders.put(Kind(kind), number, folder_called(session, name))
    click.echo(_("It lies there now."))


@folders.command(help=N_("Take something out of its folder, such as: note 3"))
@_kind
@_number
@space_option
def take(kind: str, number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.folders.put(Kind(kind), number, None)
    click.echo(_("It lies in no folder now."))


@folders.command(
    help=N_("Have what was not changed for so many days go to the bin; 0 keeps it for ever.")
)
@_name
@click.argument("days", type=int)
@space_option
def keep(name: str, days: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.folders.keep_for(folder_called(session, name), days or None)
    click.echo(f"{name}{_kept(days or None)}")
    if days:
        click.echo(
            _("This is done at each unlock. In the bin, everything stays for another 30 days.")
        )


def _kept(days: int | None) -> str:
    if days is None:
        return ""
    return "  " + ngettext(
        "what was not changed for {count} day goes to the bin",
        "what was not changed for {count} days goes to the bin",
        days,
    ).format(count=days)
