# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space backup`, `restore` and `verify`."""

from datetime import datetime
from pathlib import Path

import click

from safespace.cli import passphrase
from safespace.cli.output import json_option, show_json, space_option
from safespace.errors import Damaged, Known
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance

_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_recovery = click.option(
    "--recovery", is_flag=True, help=N_("Open it with the recovery code of its space.")
)


@click.command(help=N_("Make a backup now; it is read back and compared."))
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=N_("Into this folder instead of the backup folder."),
)
@click.option(
    "--only",
    is_flag=True,
    help=N_("Remove the earlier ones there, so that what was deleted is in none."),
)
@json_option
@space_option
def backup(folder: Path | None, only: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    session = entrance.unlock(entrance.find(space_name), passphrase.existing(), warm=False)
    try:
        made = session.backups.make(folder, only=only)
    finally:
        session.close()
    if as_json:
        show_json({"file": str(made.file), "made": made.made.isoformat(), "verified": True})
        return
    click.echo(_("Made and verified: {file}").format(file=made.file))
    if made.file.parent == entrance.backups_beside_spaces():
        click.echo(_("It lies on the disk of the space, and is no help when that disk dies."))


@click.command(help=N_("Bring a backup back as a space of its own; nothing is overwritten."))
@click.argument("file", type=_file)
@click.option("--drill", is_flag=True, help=N_("Only try it: restore, compare, remove again."))
@click.option("--name", help=N_("What to call the space; without this, its old name."))
@_recovery
@json_option
def restore(file: Path, drill: bool, name: str | None, recovery: bool, as_json: bool) -> None:
    entrance = Entrance.here()
    secret = passphrase.recovery_code() if recovery else passphrase.existing()
    if drill:
        _show_whole(file, entrance.drill(file, secret, recovery=recovery), as_json=as_json)
        return
    info = entrance.restore(file, secret, recovery=recovery, name=name)
    if as_json:
        show_json({"id": info.id, "name": info.name, "folder": str(info.folder)})
        return
    click.echo(_("The space “{name}” is here. No other space was touched.").format(name=info.name))
    click.echo(_("It opens with the passphrase and the recovery code of the day of its backup."))


@click.command(help=N_("Check a space and its backups, or one backup FILE."))
@click.argument("file", type=_file, required=False)
@_recovery
@json_option
@space_option
def verify(file: Path | None, recovery: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    if file is not None:
        secret = passphrase.recovery_code() if recovery else passphrase.existing()
        _show_whole(file, entrance.drill(file, secret, recovery=recovery), as_json=as_json)
        return
    info = entrance.find(space_name)
    if recovery:
        session = entrance.unlock_with_recovery(info, passphrase.recovery_code())
    else:
        session = entrance.unlock(info, passphrase.existing(), warm=False)
    problems: dict[str, Known | None] = {}  # unlocking has checked every page of the space
    try:
        for kept in session.backups.kept():
            try:
                session.backups.verify(kept)
                problems[str(kept.file)] = None
            except Known as problem:
                problems[str(kept.file)] = problem
    finally:
        session.close()
    if as_json:
        rows = [
            {"file": file_, "whole": found is None, "problem": str(found or "")}
            for file_, found in problems.items()
        ]
        show_json({"space": info.name, "whole": True, "backups": rows})
    else:
        click.echo(_("The space “{name}” is whole.").format(name=info.name))
        for file_, found in problems.items():
            click.echo(str(found) if found else _("{file} is whole.").format(file=file_))
        if not problems:
            click.echo(_("It has no backup yet. Make one: safespace space backup"))
    if any(problems.values()):
        raise click.exceptions.Exit(Damaged.exit_code)


def _show_whole(file: Path, made: datetime, *, as_json: bool) -> None:
    if as_json:
        show_json({"file": str(file), "made": made.isoformat(), "whole": True})
    else:
        day = made.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(_("{file} of {day} is whole.").format(file=file, day=day))
