# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace activity`: what was decided, and what left this computer. Asks for the passphrase."""

from datetime import datetime

import click

from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.i18n import N_, _
from safespace.session import timeline
from safespace.store.rooms.activity import as_json as to_json

_WEEKS = 8


@click.group(invoke_without_command=True)
@click.option("--left", is_flag=True, help=N_("Only what left this computer."))
@json_option
@space_option
@click.pass_context
def activity(context: click.Context, left: bool, as_json: bool, space_name: str | None) -> None:
    if context.invoked_subcommand is None:
        _show(space_name, left=left, json=as_json)


def _show(space_name: str | None, *, left: bool, json: bool) -> None:
    with opened(space_name) as session:
        lines = timeline.in_order(session.activity.lines())
    weeks = timeline.weeks(lines, datetime.now().astimezone().date(), _WEEKS)
    shown = [line for line in lines if timeline.left(line)] if left else lines
    if json:
        show_json(
            to_json(shown)
            | {
                "weeks": [
                    {
                        "monday": week.monday.isoformat(),
                        "here": week.here,
                        "cooperative": week.cooperative,
                        "human": week.human,
                    }
                    for week in weeks
                ]
            }
        )
        return
    click.echo(timeline.what_left(lines))
    for week in weeks:
        click.echo(
            _("Week of {day}: {counts}").format(
                day=week.monday.isoformat(), counts=timeline.week_in_numbers(week)
            )
        )
    for line in shown:
        show_words(f"{line.id}  {timeline.when(line)}  {timeline.sentence(line)}\n")


@activity.command(help=N_("Check that every entry is as it was written, and none is missing."))
@json_option
@space_option
@click.pass_context
def verify(context: click.Context, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        verdict = session.activity.verify()
    if as_json:
        show_json({"kept": verdict.kept, "removed": verdict.struck, "broken": list(verdict.broken)})
    else:
        click.echo(timeline.found(verdict))
    context.exit(1 if verdict.broken else 0)


@activity.command(help=N_("Remove entries for ever. That so many were removed stays."))
@click.argument("numbers", type=int, nargs=-1, required=True)
@space_option
def remove(numbers: tuple[int, ...], space_name: str | None) -> None:
    with opened(space_name) as session:
        session.activity.remove(numbers, datetime.now().astimezone().date())
    click.echo(_("They are not in the record any more."))
