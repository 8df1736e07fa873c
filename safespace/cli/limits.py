# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space limits`: what a guardian and a member agree on, each in their own space."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from safespace.cli.agreed import agreed, day, limit_options
from safespace.cli.household import heirs, household, take_over
from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, space_option
from safespace.errors import NeedsConfirm, Usage
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.limits.own import REQUESTS, local_now
from safespace.session.limits.sheet import limit_name, sheet, standing
from safespace.session.limits.wards import Seen, widened
from safespace.session.session import Session


@click.group(help=N_("What a guardian and a member agree on, each in their own space."))
def limits() -> None:
    pass


@limits.command(help=N_("The sheet of this space, what is offered to it, and whose it signs."))
@json_option
@space_option
def show(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        now = local_now()
        own, offer = session.limits.document(), session.limits.offer()
        wards = session.wards.every()
    if as_json:
        show_json(
            {
                "space": session.name,
                "limits": own and list(sheet(own, session.name, now)),
                "version": own and own.version,
                "offered": offer and list(sheet(offer, session.name, now)),
                "wards": [_ward(ward, now) for ward in wards],
            }
        )
        return
    if own:
        click.echo("\n".join(sheet(own, session.name, now)))
    if offer:
        click.echo(_("Offered, and not in force before you accept them:"))
        click.echo("\n".join(sheet(offer, session.name, now)))
        click.echo(_("To accept: safespace space limits accept --confirm"))
    for ward in wards:
        click.echo("\n".join((*sheet(ward.document, ward.name, now), *_state(ward))))
    if not (own or offer or wards):
        click.echo(_("No limits here."))


@limits.command(help=N_("Sign limits for the space MEMBER; its member accepts the first ones."))
@click.argument("member")
@limit_options
@click.option("--adult", is_flag=True, help=N_("The member may end them alone."))
@click.option("--sheet-kept-by", "keeper", metavar="NAME", help=N_("Of the recovery sheet."))
@json_option
@space_option
def offer(
    member: str,
    adult: bool,
    ends: str | None,
    keeper: str | None,
    as_json: bool,
    space_name: str | None,
    **given: Any,
) -> None:
    agreement = agreed(**given, adult=adult)
    with opened(space_name) as session:
        ward = Entrance.here().find(member)
        session.wards.offer(ward, agreement, adult=adult, ends=day(ends), keeper=keeper)
        (seen,) = (one for one in session.wards.every() if one.space == ward.id)
    _say_ward(seen, as_json=as_json)


@limits.command(help=N_("Accept the limits that are offered to this space."))
@click.option("--confirm", is_flag=True)
@json_option
@space_option
def accept(confirm: bool, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        offered = session.limits.offer()
        if offered is None:
            raise Usage(_("No limits are offered to this space."))
        lines = sheet(offered, session.name, local_now())
        if not confirm:
            raise NeedsConfirm("\n".join(lines), _("Confirm it to go on."))
        session.limits.accept(offered)
    if as_json:
        show_json({"space": session.name, "version": offered.version, "limits": list(lines)})
    else:
        click.echo("\n".join(lines))


@limits.command(help=N_("End the limits of this space, where its member may."))
@json_option
@space_option
def end(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.limits.end()
    if as_json:
        show_json({"space": session.name, "limits": None})
    else:
        click.echo(_("The limits of “{name}” are ended.").format(name=session.name))


@limits.command(help=N_("Ask the guardian to widen one limit; only its name is passed on."))
@click.argument("limit", type=click.Choice(REQUESTS))
@json_option
@space_option
def request(limit: str, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.limits.request(limit)
    if as_json:
        show_json({"space": session.name, "asked": limit})
    else:
        click.echo(_("Asked. Your guardian sees it in their own space."))


@limits.command(help=N_("Answer what MEMBER asked for."))
@click.argument("member")
@click.option("--once", "how", flag_value="once", help=N_("Up to midnight."))
@click.option("--always", "how", flag_value="always")
@click.option("--no", "how", flag_value="no")
@json_option
@space_option
def answer(member: str, how: str | None, as_json: bool, space_name: str | None) -> None:
    if how is None:
        raise Usage(_("Say how: --once, --always or --no."))
    with opened(space_name) as session:
        ward = _asking(session, member)
        granted = None if how == "no" else widened(ward.document.limits, ward.asked)
        session.wards.answer(ward.space, granted, always=how == "always")
        (seen,) = (one for one in session.wards.every() if one.space == ward.space)
    _say_ward(replace(seen, asked=""), as_json=as_json)


@limits.command(help=N_("Sign no limits for MEMBER any more."))
@click.argument("member")
@json_option
@space_option
def withdraw(member: str, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = [ward for ward in session.wards.every() if member in (ward.space, ward.name)]
        if not found:
            raise Usage(_("You sign no limits for that space."))
        session.wards.withdraw(found[0].space)
    if as_json:
        show_json({"space": found[0].name, "limits": None})
    else:
        click.echo(_("The limits of “{name}” are ended.").format(name=found[0].name))


def _asking(session: Session, member: str) -> Seen:
    for ward in session.wards.every():
        if member in (ward.space, ward.name) and ward.asked:
            return ward
    raise Usage(_("“{name}” asks for nothing.").format(name=member))


def _say_ward(ward: Seen, *, as_json: bool) -> None:
    if as_json:
        show_json(_ward(ward, local_now()))
    else:
        click.echo("\n".join((*sheet(ward.document, ward.name, local_now()), *_state(ward))))


def _ward(ward: Seen, now: datetime) -> dict[str, Any]:
    return {
        "space": ward.space,
        "name": ward.name,
        "version": ward.document.version,
        "accepted": ward.accepted,
        "went_back_to": ward.went_back_to,
        "asked": ward.asked,
        "ended": ward.ended,
        "limits": list(sheet(ward.document, ward.name, now)),
    }


def _state(ward: Seen) -> Iterator[str]:
    yield from standing(ward)
    if ward.asked:
        yield _("It asks for: {limit}. Answer: safespace space limits answer {name}").format(
            limit=limit_name(ward.asked), name=ward.name
        )


for below in (household, heirs, take_over):
    limits.add_command(below)
