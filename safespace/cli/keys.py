# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space passphrase`, `recovery` and `unlock-check`: what opens a space, and who did."""

from datetime import date
from threading import Event

import click

from safespace.cli import passphrase as ask
from safespace.cli.called_off import unless_called_off
from safespace.cli.output import json_option, say_noticed, show_json, show_openings, space_option
from safespace.cli.progress import Progress
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.keys import sheet as recovery_sheet
from safespace.session.keys.acts import Renewed
from safespace.store.spaces import SpaceInfo

_recovery_option = click.option(
    "--recovery", "by_code", is_flag=True, help=N_("Prove yourself with the recovery code.")
)

_keyring_option = click.option(
    "--keyring", "by_keyring", is_flag=True, help=N_("Open it by this computer's keyring.")
)
sheet_option = click.option(
    "--sheet", is_flag=True, help=N_("Show the recovery code as a sheet to put on paper.")
)


@click.command(help=N_("Choose a new passphrase, or make a new key when somebody knows the old."))
@click.option(
    "--somebody-knows-it",
    "renew",
    is_flag=True,
    help=N_("Encrypt everything with a new key; the old passphrase and code open nothing new."),
)
@sheet_option
@_recovery_option
@json_option
@space_option
def passphrase(
    renew: bool, sheet: bool, by_code: bool, as_json: bool, space_name: str | None
) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    present, fresh = ask.present_and_fresh(recovery=by_code)
    if not renew:
        entrance.acts.new_passphrase(info, present, fresh, recovery=by_code)
        if as_json:
            show_json({"name": info.name, "guessable": entrance.find(info.id).guessable})
            return
        click.echo(_("“{name}” has a new passphrase.").format(name=info.name))
        click.echo(
            _("Older copies still open with the old one; if somebody knows it: {option}.").format(
                option="--somebody-knows-it"
            )
        )
        _say_if_guessable(entrance, info.id)
        return
    renewed = _renewed(entrance, info, present, fresh, recovery=by_code)
    if as_json:
        show_json(
            {
                "name": info.name,
                "guessable": entrance.find(info.id).guessable,
                "recovery_code": renewed.recovery_code,
                "copies": list(map(str, renewed.copies)),
                "unreached": list(renewed.unreached),
            }
        )
        return
    click.echo(_("“{name}” has a new key and a new passphrase.").format(name=info.name))
    show_code(info.name, renewed.recovery_code, sheet=sheet)
    click.echo(_("What Safe Space cannot reach still opens with the old ones. Delete it yourself:"))
    for kept in (*renewed.copies, *renewed.unreached):
        click.echo(f"  {kept}")
    _say_if_guessable(entrance, info.id)


def _renewed(
    entrance: Entrance, info: SpaceInfo, present: str, fresh: str, *, recovery: bool
) -> Renewed:
    """A new key, with the way it has come shown; Ctrl+C calls it off while that can be done."""
    off, progress = Event(), Progress()

    def renew() -> Renewed:
        return entrance.acts.new_key(
            info, present, fresh, recovery=recovery, told=progress.tell, called_off=off.is_set
        )

    try:
        return unless_called_off(renew, off.set)
    finally:
        progress.end()


@click.command(help=N_("Make a new recovery code. It is shown once; the old one ends."))
@click.option("--check", is_flag=True, help=N_("Only try the code on your paper."))
@sheet_option
@_recovery_option
@json_option
@space_option
def recovery(
    check: bool, sheet: bool, by_code: bool, as_json: bool, space_name: str | None
) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    if check:
        entrance.check_recovery_code(info, ask.recovery_code())
        if as_json:
            show_json({"name": info.name, "opens": True})
        else:
            click.echo(_("The code on your paper opens “{name}”.").format(name=info.name))
        return
    code = entrance.acts.new_recovery_code(info, ask.present(recovery=by_code), recovery=by_code)
    if as_json:
        show_json({"name": info.name, "recovery_code": code})
        return
    show_code(info.name, code, sheet=sheet)
    click.echo(
        _("If somebody may have the old one: safespace space passphrase {option}").format(
            option="--somebody-knows-it"
        )
    )


@click.command("unlock-check", help=N_("Try the passphrase; say when the space was opened before."))
@_recovery_option
@_keyring_option
@json_option
@space_option
def unlock_check(by_code: bool, by_keyring: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    if by_keyring:
        session = entrance.unlock_with_keyring(info)
    elif by_code:
        session = entrance.unlock_with_recovery(info, ask.recovery_code())
    else:
        session = entrance.unlock(info, ask.existing(), warm=False)
    try:
        noticed = session.truth.check()
    finally:
        session.close()
    if as_json:
        show_json(
            {
                "name": session.name,
                "unlock_ms": session.unlock_ms,
                "guessable": session.guessable,
                "whole": not noticed,
                "openings": [
                    {"at": opening.at.isoformat(), "by": opening.by.value}
                    for opening in session.openings
                ],
            }
        )
        return
    if not noticed:
        click.echo(_("“{name}” opens, and its database is whole.").format(name=session.name))
    say_noticed(noticed)
    show_openings(session.openings)
    if session.notice:
        click.echo(session.notice)


def show_code(name: str, code: str, *, sheet: bool = False) -> None:
    """Show a new recovery code, which is nowhere else."""
    click.echo(_("Write this recovery code on paper. It is not shown again:"))
    if sheet:
        click.echo(f"\n{recovery_sheet.text(name, code, date.today())}\n")
    else:
        click.echo(f"\n  {code}\n")


def _say_if_guessable(entrance: Entrance, id_: str) -> None:
    if entrance.find(id_).guessable:
        click.echo(_("This passphrase can be guessed: it does not seal the space here."), err=True)
