# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace notes`: read and write notes. No AI takes part in it."""

import dataclasses

import click

from safespace.cli.opened import folder_called, folder_option, line, opened, text_of
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.cli.search import show_hits
from safespace.domain import Kind
from safespace.i18n import N_, _

_number = click.argument("number", type=int)


@click.group()
def notes() -> None:
    pass


@notes.command(name="list", help=N_("Name the notes, the last changed first."))
@folder_option
@json_option
@space_option
def list_(folder_name: str | None, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.notes.every()
        if folder_name is not None:
            folder = folder_called(session, folder_name)
            found = [heading for heading in found if heading.folder == folder]
    if as_json:
        show_json(
            [
                {"id": note.id, "title": note.title, "changed": note.changed.isoformat(),
                 "folder": note.folder}
                for note in found
            ]
        )  # fmt: skip
        return
    for heading in found:
        show_words(line(heading))
    if not found:
        click.echo(_("There is no note yet. Write one: safespace notes add -"))


@notes.command(help=N_("Print the note with this number."))
@_number
@json_option
@space_option
def show(number: int, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        note = session.notes.note(number)
    if as_json:
        show_json({**dataclasses.asdict(note), "changed": note.changed.isoformat()})
        return
    if note.title:
        show_words(f"{note.title}\n\n")
    show_words(f"{note.text}\n")


@notes.command(help=N_("Keep a new note; “-” reads it from standard input."))
@click.argument("text", metavar="TEXT|-")
@click.option(
    "--title", default="", help=N_("Its title; without one, it is named by its first line.")
)
@folder_option
@json_option
@space_option
def add(
    text: str, title: str, folder_name: str | None, as_json: bool, space_name: str | None
) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        folder = None if folder_name is None else folder_called(session, folder_name)
        number = session.notes.keep(None, title, said)
        if folder is not None:
            session.folders.put(Kind.NOTE, number, folder)
    if as_json:
        show_json({"id": number})
    else:
        click.echo(_("Kept as note {number}.").format(number=number))


@notes.command(help=N_("Give a note another text; “-” reads it from standard input."))
@_number
@click.argument("text", metavar="TEXT|-")
@click.option("--title", help=N_("And another title."))
@space_option
def edit(number: int, text: str, title: str | None, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        before = session.notes.note(number)
        session.notes.keep(number, before.title if title is None else title, said)
    click.echo(_("Kept as note {number}.").format(number=number))


@notes.command(help=N_("Put a note into the bin, where it stays for 30 days."))
@_number
@space_option
def delete(number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.notes.note(number)
        session.bin.put(Kind.NOTE, number)
    click.echo(_("It is in the bin. To take it back: safespace space bin restore"))


@notes.command(help=N_("Find words in notes; “-” reads them from standard input."))
@click.argument("text", metavar="TEXT|-")
@json_option
@space_option
def search(text: str, as_json: bool, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        show_hits(session.search(said, kind=Kind.NOTE), as_json=as_json)
