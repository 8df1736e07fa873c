# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace documents`: take files into the space, find them, and take copies out."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import click

from safespace.cli.opened import folder_called, folder_option, opened, text_of
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.cli.search import show_hits
from safespace.domain import Document, Kind, Picture
from safespace.i18n import N_, _
from safespace.local_ai.shelf.fit import show_bytes
from safespace.session.documents import here_already, named, said_of, stands_at

_number = click.argument("number", type=int)


@click.group()
def documents() -> None:
    pass


@documents.command(name="list", help=N_("Name the documents, the last added first."))
@click.option("--of", "conversation", type=int, help=N_("Only those of this conversation."))
@folder_option
@json_option
@space_option
def list_(
    conversation: int | None, folder_name: str | None, as_json: bool, space_name: str | None
) -> None:
    with opened(space_name) as session:
        found = session.documents.every(conversation)
        if folder_name is not None:
            folder = folder_called(session, folder_name)
            found = [document for document in found if document.folder == folder]
        progress = session.meaning.progress()
    if as_json:
        show_json(list(map(_row, found)))
        return
    for document in found:
        show_words(f"{document.id}  {document.title}  {show_bytes(document.size)}\n")
    if not found:
        click.echo(_("There is no document yet. Add one: safespace documents add FILE"))
    elif progress:
        click.echo(progress.said(), err=True)


@documents.command(help=N_("Take a file in; the file itself stays where it is, as it is."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", "conversation", type=int, help=N_("Attach it to this conversation."))
@folder_option
@json_option
@space_option
def add(
    file: Path,
    conversation: int | None,
    folder_name: str | None,
    as_json: bool,
    space_name: str | None,
) -> None:
    with opened(space_name) as session:
        folder = None if folder_name is None else folder_called(session, folder_name)
        taken = session.documents.add(file, conversation)
        document = taken.document
        if folder is not None:
            session.folders.put(Kind.DOCUMENT, document.id, folder)
    if as_json:
        show_json({**_row(document), "already": taken.already})
        return
    if taken.already:
        click.echo(here_already(taken))
    click.echo(_("Kept as document {number}.").format(number=document.id))
    if said := said_of(document):
        click.echo(said)
    click.echo(_("{file} is still there, and not encrypted.").format(file=file))


@documents.command(help=N_("Find words in documents; “-” reads them from standard input."))
@click.argument("text", metavar="TEXT|-")
@json_option
@space_option
def search(text: str, as_json: bool, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        show_hits(session.search(said, kind=Kind.DOCUMENT), as_json=as_json)


@documents.command(help=N_("Print the text of a document, page by page."))
@_number
@json_option
@space_option
def read(number: int, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        document = session.documents.document(number)
        passages = session.documents.text(number)
        beside: dict[int, list[Picture]] = {}
        for one in session.documents.pictures(number):
            beside.setdefault(stands_at(one, passages), []).append(one)
    if as_json:
        show_json([dataclasses.asdict(passage) for passage in passages])
        return
    page = None
    if not passages:
        _show_pictures(beside.get(0, ()))
    for place, passage in enumerate(passages):
        if passage.page is not None and passage.page != page:
            page = passage.page
            click.echo(_("— page {n} —").format(n=page))
        show_words(passage.text + "\n")
        _show_pictures(beside.get(place, ()))
    if said := said_of(document):
        click.echo(said, err=True)


@documents.command(help=N_("Name the pictures in a document; --to writes each to a new file."))
@_number
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=N_("Write them into this folder, as PNG that is not encrypted."),
)
@json_option
@space_option
def pictures(number: int, folder: Path | None, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.documents.pictures(number)
        files = [
            folder / f"document-{number}-picture-{one.id}.png" if folder else None for one in found
        ]
        for one, file in zip(found, files, strict=True):
            if file:
                session.documents.take_out_picture(one.id, file)
    if as_json:
        rows = zip(found, files, strict=True)
        show_json([{**dataclasses.asdict(one), "file": file and str(file)} for one, file in rows])
        return
    for one in found:
        page = "" if one.page is None else _("page {n}").format(n=one.page)
        size = f"{one.width} × {one.height}"
        show_words("  ".join(filter(None, (str(one.id), page, size, one.says))) + "\n")
    if not found:
        click.echo(_("There is no picture in it that can be shown."))
    elif folder:
        click.echo(_("Written to {folder}. It is not encrypted.").format(folder=folder))


@documents.command(help=N_("Write a copy of a document to the new FILE; it is not encrypted."))
@_number
@click.argument("file", type=click.Path(path_type=Path))
@space_option
def export(number: int, file: Path, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.documents.take_out(number, file)
    click.echo(_("Written to {folder}. It is not encrypted.").format(folder=file))


@documents.command(help=N_("Put a document into the bin, where it stays for 30 days."))
@_number
@space_option
def remove(number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.documents.document(number)
        session.bin.put(Kind.DOCUMENT, number)
    click.echo(_("It is in the bin. To take it back: safespace space bin restore"))


def _show_pictures(pictures: Sequence[Picture]) -> None:
    for one in pictures:
        show_words(_("— picture {number}: {name} —").format(number=one.id, name=named(one)) + "\n")


def _row(document: Document) -> dict[str, object]:
    return {**dataclasses.asdict(document), "changed": document.changed.isoformat()}
