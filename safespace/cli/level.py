# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace level`: down at once, up only on purpose."""

import click

from safespace.cli import passphrase
from safespace.cli.output import end_if_failed, json_option, show_json, space_option
from safespace.domain import Level
from safespace.guard import wording
from safespace.i18n import N_
from safespace.session.entrance import Entrance


@click.command()
@click.argument("number", type=click.IntRange(0, 4), required=False)
@click.option("--confirm", is_flag=True, help=N_("Going up is meant."))
@json_option
@space_option
def level(number: int | None, confirm: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    if number is not None and not confirm and entrance.is_held(info):
        wanted = Level(number)
        for reply in entrance.knock(info, "level", to=number):
            end_if_failed(reply)
    else:
        session = entrance.unlock(info, passphrase.existing(), warm=False)
        try:
            if number is not None:
                session.set_level(Level(number), confirmed=confirm)
            wanted = session.level()
        finally:
            session.close()
    if as_json:
        show_json({"level": wanted.value, "name": wording.level_name(wanted)})
    else:
        click.echo(f"{wanted.value}  {wording.level_name(wanted)}")
        click.echo(wording.level_meaning(wanted))
