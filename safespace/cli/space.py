# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space`: make, list, check, rekey, lock, export and back up spaces."""

from pathlib import Path
from threading import Event

import click

from safespace.cli import backups, keys, passphrase
from safespace.cli.bin import bin_
from safespace.cli.called_off import unless_called_off
from safespace.cli.erase import erase
from safespace.cli.held import here_or_through
from safespace.cli.household import guardian_here, guardian_option
from safespace.cli.keyring import keyring
from safespace.cli.limits import limits
from safespace.cli.opened import opened
from safespace.cli.output import end_if_failed, json_option, show_json, space_option
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.session import Session


@click.group()
def space() -> None:
    pass


space.add_command(bin_)


@space.command(help=N_("Make a space. Its recovery code is shown once."))
@click.argument("name")
@keys.sheet_option
@guardian_option
@json_option
def create(name: str, sheet: bool, asked: bool, as_json: bool) -> None:
    entrance = Entrance.here()
    if not as_json:
        click.echo(_("If passphrase and recovery code are both lost, nobody can help you."))
    if guardian := guardian_here(entrance):
        fresh, word = passphrase.fresh_and_guardian(guardian, asked=asked)
    else:
        fresh, word = passphrase.fresh(), ""
    session, code = entrance.create(name, fresh, word)
    limited = session.limits.document() is not None
    session.close()
    if session.notice:
        click.echo(session.notice, err=True)
    if as_json:
        shown = {"name": session.name, "recovery_code": code, "guessable": session.guessable}
        show_json(shown | {"household": limited})
        return
    click.echo(_("The space “{name}” is ready.").format(name=session.name))
    if limited:
        click.echo(_("It begins under the household's limits: safespace space limits show"))
    keys.show_code(session.name, code, sheet=sheet)


@space.command(name="list", help=N_("Name the spaces on this computer that show their names."))
@json_option
def list_(as_json: bool) -> None:
    entrance = Entrance.here()
    found = [
        {
            "id": info.id,
            "name": info.name,
            "damaged": info.damaged,
            "guessable": info.guessable,
            "keyring": info.keyring,
            "open": entrance.is_held(info),
        }
        for info in entrance.shown()
    ]
    if as_json:
        show_json(found)
        return
    for row in found:
        notes = [
            note
            for flag, note in (
                (row["damaged"], _("damaged")),
                (row["guessable"], _("not sealed against people who use this account")),
                (row["open"], _("open")),
            )
            if flag
        ]
        click.echo(f"{row['name']}  {', '.join(notes)}".rstrip())
    if not found and not entrance.spaces():
        click.echo(_("There is no space yet. Make one: safespace space create NAME"))


@space.command(help=N_("Show neither name nor picture at the entrance; it opens by its name."))
@json_option
@space_option
def hide(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.at_entrance.hide()
    if as_json:
        show_json({"name": session.name, "shown": False})
    else:
        click.echo(
            _("“{name}” is not shown any more. Backups made before still carry the name.").format(
                name=session.name
            )
        )


@space.command(help=N_("Show the name at the entrance; a picture is chosen in the window."))
@json_option
@space_option
def show(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.at_entrance.show(session.at_entrance.now().picture)
    if as_json:
        show_json({"name": session.name, "shown": True})
    else:
        click.echo(_("“{name}” is shown at the entrance.").format(name=session.name))


space.add_command(keys.passphrase)
space.add_command(keys.recovery)
space.add_command(keys.unlock_check)
space.add_command(keyring)


@space.command(help=N_("Lock the space where it is open, at once."))
@json_option
@space_option
def lock(as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    was_open = entrance.is_held(info)
    if was_open:
        for reply in entrance.knock(info, "lock"):
            end_if_failed(reply)
    if as_json:
        show_json({"name": info.name, "was_open": was_open})
        return
    click.echo(_("“{name}” is locked.").format(name=info.name))


@space.command(help=N_("Write everything into a new folder inside FOLDER, readable without us."))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@json_option
@space_option
def export(folder: Path, as_json: bool, space_name: str | None) -> None:
    folder = folder.expanduser().absolute()  # a window that does it was started elsewhere
    off = Event()

    def export_into(session: Session) -> dict[str, str]:
        written = unless_called_off(lambda: session.leaving.export(folder, off.is_set), off.set)
        return {"folder": str(written)}

    written = here_or_through(
        Entrance.here(),
        space_name,
        export_into,
        "export",
        folder=str(folder),
    )
    if as_json:
        show_json(written)
    else:
        click.echo(_("Written to {folder}. It is not encrypted.").format(**written))


for command in (
    backups.backup, backups.restore, backups.verify, backups.checks, backups.repair, erase, limits,
):  # fmt: skip
    space.add_command(command)
