# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace memory`: lines to be remembered. Only the member writes them."""

import click

from safespace.cli.opened import opened, text_of
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Kind
from safespace.errors import Usage
from safespace.i18n import N_, _

_number = click.argument("number", type=int)
_text = click.argument("text", metavar="TEXT|-")


@click.group()
def memory() -> None:
    pass


@memory.command(name="list", help=N_("Print every line."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.memory.every()
    if as_json:
        show_json(
            [
                {"id": line.id, "text": line.text, "changed": line.changed.isoformat()}
                for line in found
            ]
        )
        return
    for line in found:
        show_words(f"{line.id}  {line.text}\n")
    if not found:
        click.echo(_("There is nothing in it yet. Write a line: safespace memory add -"))


@memory.command(help=N_("Keep a new line; “-” reads it from standard input."))
@_text
@json_option
@space_option
def add(text: str, as_json: bool, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        number = session.memory.keep(None, said)
    if as_json:
        show_json({"id": number})
    else:
        click.echo(_("Kept as line {number}.").format(number=number))


@memory.command(help=N_("Have a line say something else."))
@_number
@_text
@space_option
def edit(number: int, text: str, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        session.memory.keep(number, said)
    click.echo(_("Kept as line {number}.").format(number=number))


@memory.command(help=N_("Put a line into the bin, where it stays for 30 days."))
@_number
@space_option
def delete(number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        if number not in [line.id for line in session.memory.every()]:
            raise Usage(_("That line is no longer there."))
        session.bin.put(Kind.MEMORY, number)
    click.echo(_("It is in the bin. To take it back: safespace space bin restore"))
