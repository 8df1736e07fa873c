# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace models`: what lies on the shelf, and putting a file there."""

from pathlib import Path

import click

from safespace.cli.output import json_option, show_json
from safespace.errors import NeedsConfirm
from safespace.i18n import N_, _
from safespace.local_ai.fit import show_bytes
from safespace.local_ai.shelf import ShelfModel
from safespace.session.computer import Computer


@click.group()
def models() -> None:
    pass


@models.command(name="list", help=N_("Name the models on the shelf."))
@json_option
def list_(as_json: bool) -> None:
    shelf = Computer.here().shelf
    found = shelf.models()
    if as_json:
        show_json(list(map(_row, found)))
        return
    for model in found:
        click.echo(f"{model.path.name}  {show_bytes(model.size)}")
    if not found:
        click.echo(_("The shelf is empty. Put a model there: safespace models import FILE"))


@models.command(name="import", help=N_("Put a GGUF model file on the shelf."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--language",
    "languages",
    metavar="CODE",
    multiple=True,
    help=N_("A language it speaks, such as en or de; may be given several times."),
)
@json_option
def import_(file: Path, languages: tuple[str, ...], as_json: bool) -> None:
    model = Computer.here().shelf.add(file, languages=frozenset(languages))
    if as_json:
        show_json(_row(model))
    else:
        click.echo(_("{file} is on the shelf.").format(file=model.path.name))
        if model.card is None:
            click.echo(
                _("Nothing is known of it, so its every question comes back to you first.")
                + " "
                + _("Say which languages it speaks: --language CODE.")
            )


@models.command(help=N_("Delete a model's file from the shelf."))
@click.argument("name")
@click.option("--confirm", is_flag=True, help=N_("Deleting it is meant."))
def remove(name: str, confirm: bool) -> None:
    if not confirm:
        raise NeedsConfirm(
            _("Everybody who has a space on this computer uses the same models."),
            _("Add --confirm to go on."),
        )
    Computer.here().shelf.remove(name)
    click.echo(_("{model} was deleted.").format(model=name))


def _row(model: ShelfModel) -> dict[str, object]:
    return {
        "file": model.path.name,
        "name": model.name,
        "size": model.size,
        "demonstration": model.card.demonstration if model.card else None,
        "languages": sorted(model.card.languages) if model.card else None,
    }
