# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace assistant`: what the member tells the assistant, and the prompts they save."""

from dataclasses import asdict
from pathlib import Path

import click

from safespace import paths
from safespace.cli.opened import opened, text_of
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.i18n import N_, _
from safespace.local_ai.shelf.adapters import FOLDER, Adapters

_number = click.argument("number", type=int)
_text = click.argument("text", metavar="TEXT|-")


@click.group()
def assistant() -> None:
    pass


@assistant.command(help=N_("Print your instructions, or put TEXT in their place; “” removes them."))
@click.argument("text", metavar="[TEXT|-]", required=False)
@click.option(
    "--conversation", type=int, metavar="NUMBER", help=N_("Those of this conversation alone.")
)
@json_option
@space_option
def instructions(
    text: str | None, conversation: int | None, as_json: bool, space_name: str | None
) -> None:
    with opened(space_name) as session:
        if text is not None:
            session.words.instruct(conversation, text_of(text))
        kept = session.words.instructions(conversation)
    if as_json:
        show_json({"conversation": conversation, "instructions": kept})
    elif kept:
        show_words(f"{kept}\n")
    else:
        click.echo(_("There are none. Write them: safespace assistant instructions -"))


@assistant.command(help=N_("Print the saved prompts."))
@json_option
@space_option
def prompts(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.words.prompts()
    if as_json:
        show_json(
            [
                {
                    "id": prompt.id,
                    "title": prompt.title,
                    "text": prompt.text,
                    "changed": prompt.changed.isoformat(),
                }
                for prompt in found
            ]
        )
        return
    for prompt in found:
        show_words(f"{prompt.id}  {prompt.title}\n")
    if not found:
        click.echo(_("None is saved yet. Save one: safespace assistant save -"))


@assistant.command(help=N_("Print a saved prompt, for “safespace ask -” to read."))
@_number
@space_option
def prompt(number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.words.prompt(number)
    show_words(f"{found.text}\n")


@assistant.command(help=N_("Save a prompt; “-” reads it from standard input."))
@_text
@click.option("--title", default="", help=N_("What it is called."))
@click.option("--number", type=int, help=N_("Put it in the place of this one."))
@json_option
@space_option
def save(text: str, title: str, number: int | None, as_json: bool, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        kept = session.words.keep_prompt(number, title, said)
    if as_json:
        show_json({"id": kept})
    else:
        click.echo(_("Saved as prompt {number}.").format(number=kept))


@assistant.command(help=N_("Delete a saved prompt for ever."))
@_number
@space_option
def delete(number: int, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.words.delete_prompt(number)
    click.echo(_("It was deleted."))


@assistant.group(help=N_("Adapters (LoRA), small files that change how a model speaks."))
def adapters() -> None:
    pass


@adapters.command(name="list", help=N_("Print them; “safespace config assistant.adapter” chooses."))
@json_option
def list_(as_json: bool) -> None:
    found = _shelf().every()
    if as_json:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        show_words(f"{one.name}  {one.kind}\n")
    if not found:
        click.echo(_("There is none. Add one: safespace assistant adapters add FILE"))


@adapters.command(help=N_("Put a copy of an adapter beside the models, for everybody here."))
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def add(file: Path, as_json: bool) -> None:
    added = _shelf().add(file)
    if as_json:
        show_json(asdict(added))
    else:
        click.echo(
            _("Added. To use it: safespace config assistant.adapter {name}").format(name=added.name)
        )


@adapters.command(help=N_("Delete an adapter, for everybody here."))
@click.argument("name")
def remove(name: str) -> None:
    _shelf().remove(name)
    click.echo(_("The adapter was deleted."))


def _shelf() -> Adapters:
    return Adapters(paths.shelf() / FOLDER)
