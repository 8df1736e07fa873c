# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space limits household`, `heirs`, `take-over`: a computer with a guardian."""

from typing import Any

import click

from safespace.cli import passphrase
from safespace.cli.agreed import agreed, day, limit_options
from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, space_option
from safespace.errors import NeedsConfirm
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.limits.own import local_now
from safespace.session.limits.sheet import household_sheet
from safespace.session.session import Session

guardian_option = click.option(
    "--guardian",
    "asked",
    is_flag=True,
    help=N_("The guardian gives their passphrase too: it begins without the household's limits."),
)


def guardian_here(entrance: Entrance) -> str:
    """Who signs the limits of this household; empty without any."""
    return ", ".join(one.guardian for one in entrance.beginning.household())


@click.group(help=N_("Limits under which a space begins on this computer."))
def household() -> None:
    pass


@household.command(help=N_("What this space signs for the household, and what stands outside it."))
@json_option
@space_option
def show(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        _show(session, as_json=as_json)


@household.command("set", help=N_("Sign the limits under which spaces begin from now on."))
@limit_options
@json_option
@space_option
def set_(ends: str | None, as_json: bool, space_name: str | None, **given: Any) -> None:
    limits = agreed(**given, adult=False)
    with opened(space_name) as session:
        session.household.set(limits, day(ends))
        _show(session, as_json=as_json)


@household.command(help=N_("Sign that spaces begin without limits again."))
@json_option
@space_option
def end(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.household.end()
        _show(session, as_json=as_json)


@click.group(help=N_("Who may take over from you as a guardian."))
def heirs() -> None:
    pass


@heirs.command(name="list", help=N_("Name those who may."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        _show_heirs(session, as_json=as_json)


@heirs.command(help=N_("Let the member NAME take over; they type their passphrase too."))
@click.argument("name")
@json_option
@space_option
def add(name: str, as_json: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    second, info = entrance.find(name), entrance.find(space_name)
    own, theirs = passphrase.two(info.name, second.name)
    session = entrance.unlock(info, own, warm=False)
    try:
        session.heirs.add(second, theirs)
        _show_heirs(session, as_json=as_json)
    finally:
        session.close()


@heirs.command(help=N_("Make twelve words that let whoever has them take over. Shown once."))
@json_option
@space_option
def paper(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        code = session.heirs.new_paper()
    if as_json:
        show_json({"space": session.name, "paper": code})
        return
    click.echo(_("Write these words on paper, for whoever shall follow you as a guardian:"))
    click.echo(f"\n  {code}\n")
    click.echo(_("They open no space. They are not shown again; the ones before hold no more."))


@heirs.command(help=N_("Let NAME take over no more; without a name, whoever has the paper."))
@click.argument("name", default="")
@json_option
@space_option
def drop(name: str, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.heirs.drop(name)
        _show_heirs(session, as_json=as_json)


@click.command(
    "take-over", help=N_("Sign from now on what another guardian signed, as their heir.")
)
@click.option("--paper", is_flag=True, help=N_("By the twelve words on a paper."))
@click.option("--confirm", is_flag=True)
@json_option
@space_option
def take_over(paper: bool, confirm: bool, as_json: bool, space_name: str | None) -> None:
    if not confirm:
        raise NeedsConfirm(
            _("Every space and the household that name you an heir get you as their guardian."),
            _("Confirm it to go on."),
        )
    entrance = Entrance.here()
    info = entrance.find(space_name)
    word, words = passphrase.and_paper() if paper else (passphrase.existing(), None)
    session = entrance.unlock(info, word, warm=False)
    try:
        taken = session.heirs.take_over(words)
        names = {one.space: one.name for one in session.wards.every()}
    finally:
        session.close()
    if as_json:
        show_json({"space": session.name, "taken_over": taken})
        return
    for space in taken:
        name = names.get(space)
        click.echo(
            _("You sign the limits of “{name}” now.").format(name=name)
            if name
            else _("You sign the limits of this household now.")
        )


def _show(session: Session, *, as_json: bool) -> None:
    document, outside = session.household.document(), session.household.outside()
    others = [] if document else session.household.others()
    lines = household_sheet(document, local_now()) if document else ()
    if as_json:
        show_json(
            {
                "space": session.name,
                "household": list(lines) or None,
                "version": document and document.version,
                "outside": outside,
                "others": [other.guardian for other in others],
            }
        )
        return
    click.echo("\n".join(lines) or _("You sign no limits for this household."))
    for other in others:
        click.echo(_("{name} signs the limits of this household.").format(name=other.guardian))
    if outside:
        click.echo(session.household.news())


def _show_heirs(session: Session, *, as_json: bool) -> None:
    found = session.heirs.every()
    if as_json:
        show_json({"space": session.name, "heirs": [heir.name or None for heir in found]})
        return
    for heir in found:
        click.echo(heir.name or _("whoever has the paper"))
    if not found:
        click.echo(_("Nobody may take over from you."))
