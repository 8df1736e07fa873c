# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space keyring`: whether this computer's keyring opens a space too."""

import click

from safespace.cli import passphrase as ask
from safespace.cli.output import json_option, show_json, space_option
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance


@click.group(help=N_("Whether this computer's keyring opens a space too."))
def keyring() -> None:
    pass


@keyring.command(help=N_("Let it open the space too; passphrase and recovery code stay."))
@click.option("--confirm", is_flag=True, help=N_("Nobody but me uses this account."))
@click.option(
    "--recovery", "by_code", is_flag=True, help=N_("Prove yourself with the recovery code.")
)
@json_option
@space_option
def on(confirm: bool, by_code: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    present = ask.present(recovery=by_code)
    entrance.acts.keyring_on(info, present, alone=confirm, recovery=by_code)
    if as_json:
        show_json({"name": info.name, "keyring": True})
        return
    click.echo(_("This computer's keyring opens “{name}” from now on.").format(name=info.name))
    click.echo(_("So does whoever uses your account. To end it: safespace space keyring off"))


@keyring.command(help=N_("Let only passphrase and recovery code open the space."))
@json_option
@space_option
def off(as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    entrance.acts.keyring_off(info)
    if as_json:
        show_json({"name": info.name, "keyring": False})
        return
    click.echo(_("No keyring opens “{name}” any more.").format(name=info.name))
