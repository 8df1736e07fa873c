# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space erase`: a space and its backups, for ever."""

import click

from safespace.cli import passphrase
from safespace.cli.output import json_option, show_json, space_option
from safespace.errors import StorageError, Usage
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.leaving.erasing import Reach, unpromised
from safespace.store.spaces import SpaceInfo


@click.command(help=N_("Destroy a space and its backups for ever, after showing what would go."))
@click.option("--yes", is_flag=True, help=N_("Do not ask for its name again."))
@click.option("--recovery", is_flag=True, help=N_("Prove yourself with the recovery code."))
@json_option
@space_option
def erase(yes: bool, recovery: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    reach = entrance.erasing.reach(info)
    if not as_json:
        _say_reach(info, reach)
    if not yes and click.prompt(_("To erase it, type its name")).strip() != info.name:
        raise Usage(_("That is not its name."), _("Nothing was destroyed."))
    present = "" if info.damaged else passphrase.present(recovery=recovery)
    erased = entrance.erasing.erase(info, present, recovery=recovery)
    if as_json:
        show_json(
            {
                "name": info.name,
                "destroyed": list(map(str, erased.destroyed)),
                "left": list(map(str, erased.left)),
                "copies": list(map(str, reach.copies)),
                "not_promised": list(unpromised()),
            }
        )
    else:
        click.echo(_("“{name}” is destroyed, and these files:").format(name=info.name))
        for file in erased.destroyed:
            click.echo(f"  {file}")
        click.echo(_("What cannot be promised:"))
        for sentence in unpromised():
            click.echo(f"  {sentence}")
    if erased.left:
        raise StorageError(
            _("These files could not be destroyed: {files}.").format(
                files=", ".join(map(str, erased.left))
            ),
            _("Remove them by hand."),
        )


def _say_reach(info: SpaceInfo, reach: Reach) -> None:
    click.echo(_("Erasing “{name}” destroys for ever:").format(name=info.name))
    for file in (*reach.files, *reach.backups):
        click.echo(f"  {file}")
    if not reach.backups:
        click.echo(_("No backup of it was found in the backup folder."))
    for copy in reach.copies:
        click.echo(_("Another copy of it stays: {folder}").format(folder=copy))
