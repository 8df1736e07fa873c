# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace level`: down at once, up only on purpose."""

import click

from safespace.cli import passphrase
from safespace.cli.output import end_if_failed, json_option, show_json, space_option
from safespace.domain import Level
from safespace.guard import wording
from safespace.guard.wording import steps
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance


@click.command()
@click.argument("number", type=click.IntRange(0, 4), required=False)
@click.option("--confirm", is_flag=True, help=N_("Going up is meant."))
@json_option
@space_option
def level(number: int | None, confirm: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    wanted = None if number is None else Level(number)
    if wanted is not None and not confirm and entrance.is_held(info):
        for reply in entrance.knock(info, "level", to=wanted.value):
            end_if_failed(reply)
        held = wanted
    else:
        session = entrance.unlock(info, passphrase.existing(), warm=False)
        try:
            before = held = session.level()
            if wanted is not None:
                if wanted > before and not confirm:
                    for sentence in session.engagement.gains(before, wanted):
                        click.echo(sentence, err=True)
                session.set_level(wanted, confirmed=confirm)
                held = wanted
        finally:
            session.close()
    if as_json:
        show_json({"level": held.value, "name": wording.level_name(held)})
        return
    click.echo(f"{held.value}  {wording.level_name(held)}")
    click.echo(wording.level_meaning(held))
    if wanted is Level.NO_AI:
        for sentence in steps.stops():
            click.echo(f"  {sentence}")
        click.echo(_("To delete a model's file as well: safespace models remove NAME"))
