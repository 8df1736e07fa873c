# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space backup`, `restore` and `verify`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from safespace.cli import passphrase
from safespace.cli.held import here_or_through
from safespace.cli.household import guardian_here, guardian_option
from safespace.cli.opened import opened
from safespace.cli.output import json_option, say_noticed, show_json, space_option
from safespace.errors import Damaged, Known
from safespace.i18n import N_, _
from safespace.session.backing_up import facts_of
from safespace.session.checks.truth import Noticed
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
    to = folder and folder.absolute()  # a window that does it was started elsewhere
    made = here_or_through(
        entrance,
        space_name,
        lambda session: facts_of(session.backups.make(to, only=only)),
        "backup",
        folder=to and str(to),
        only=only,
    )
    if as_json:
        show_json({**made, "verified": True})
        return
    click.echo(_("Made and verified: {file}").format(**made))
    if Path(made["file"]).parent == entrance.backups_beside_spaces():
        click.echo(_("It lies on the disk of the space, and is no help when that disk dies."))


@click.command(help=N_("Bring a backup back as a space of its own; nothing is overwritten."))
@click.argument("file", type=_file)
@click.option("--drill", is_flag=True, help=N_("Only try it: restore, compare, remove again."))
@click.option("--name", help=N_("What to call the space; without this, its old name."))
@guardian_option
@_recovery
@json_option
def restore(
    file: Path, drill: bool, name: str | None, asked: bool, recovery: bool, as_json: bool
) -> None:
    entrance = Entrance.here()
    if drill:
        secret = passphrase.present(recovery=recovery)
        _show_whole(file, entrance.drill(file, secret, recovery=recovery), as_json=as_json)
        return
    if guardian := guardian_here(entrance):
        secret, word = passphrase.present_and_guardian(guardian, recovery=recovery, asked=asked)
    else:
        secret, word = passphrase.present(recovery=recovery), ""
    info = entrance.restore(file, secret, recovery=recovery, name=name, guardian=word)
    if as_json:
        limited = bool(guardian and not word)
        where = {"id": info.id, "name": info.name, "folder": str(info.folder)}
        show_json(where | {"household": limited})
        return
    click.echo(_("The space “{name}” is here. No other space was touched.").format(name=info.name))
    click.echo(_("It opens with the passphrase and the recovery code of the day of its backup."))
    if guardian and not word:
        click.echo(_("It begins under the household's limits: safespace space limits show"))


@click.command(help=N_("Check a space whole and its backups, or one backup FILE."))
@click.argument("file", type=_file, required=False)
@click.option("--seen", is_flag=True, help=N_("What was noticed is not said again."))
@_recovery
@json_option
@space_option
def verify(
    file: Path | None, seen: bool, recovery: bool, as_json: bool, space_name: str | None
) -> None:
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
    try:
        tried = session.checks.now()
        if seen:
            session.truth.tick_off()
    finally:
        session.close()
    noticed = tried.noticed
    kept = {str(file): problem for file, problem in tried.backups.items()}
    if as_json:
        rows = [
            {"file": name, "whole": found is None, "problem": str(found or "")}
            for name, found in kept.items()
        ]
        said = [{"kind": one.finding.kind.value, "said": str(one.said)} for one in noticed]
        show_json({"space": info.name, "whole": not noticed, "noticed": said, "backups": rows})
    else:
        _say_checked(info.name, noticed, kept)
    if (noticed and not seen) or any(kept.values()):
        raise click.exceptions.Exit(Damaged.exit_code)


@click.command(help=N_("Say what is checked and when, and how it came out last."))
@json_option
@space_option
def checks(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.checks.look()
    if as_json:
        rows = [
            {
                "what": check.what.value,
                "outcome": check.outcome.value,
                "at": check.at and check.at.isoformat(),
                "said": check.said,
            }
            for check in found
        ]
        show_json(rows)
        return
    for check in found:
        at = f"{check.at.astimezone():%Y-%m-%d %H:%M}. " if check.at else ""
        click.echo(f"{check.title}\n  {at}{check.said}\n  {check.when}")
    click.echo(_("To check everything now: safespace space verify"))


@click.command(help=N_("Put what can be read of a damaged space into a new file."))
@_recovery
@json_option
@space_option
def repair(recovery: bool, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    done = entrance.repair(info, passphrase.present(recovery=recovery), recovery=recovery)
    if as_json:
        show_json(
            {
                "space": info.name,
                "kept": dict(done.kept),
                "lost": None if done.lost is None else dict(done.lost),
                "damaged_file": str(done.aside),
            }
        )
        return
    click.echo(
        _("“{name}” is repaired: {count} entries were kept.").format(
            name=info.name, count=sum(done.kept.values())
        )
    )
    if done.lost is None:
        click.echo(_("Nobody can tell how many are lost."))
    else:
        click.echo(_("Lost: {count}.").format(count=sum(done.lost.values())))
    click.echo(_("The damaged file stays beside it: {file}").format(file=done.aside))


def _say_checked(name: str, noticed: list[Noticed], kept: Mapping[str, Known | None]) -> None:
    if noticed:
        say_noticed(noticed)
    else:
        click.echo(_("The space “{name}” is whole.").format(name=name))
    for file, found in kept.items():
        click.echo(str(found) if found else _("{file} is whole.").format(file=file))
    if not kept:
        click.echo(_("It has no backup yet. Make one: safespace space backup"))


def _show_whole(file: Path, made: datetime, *, as_json: bool) -> None:
    if as_json:
        show_json({"file": str(file), "made": made.isoformat(), "whole": True})
    else:
        day = made.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(_("{file} of {day} is whole.").format(file=file, day=day))
