# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace doctor`: exit code 0 when all is well, 1 when something is missing."""

from dataclasses import asdict
from typing import Final

import click

from safespace.cli.output import json_option, show_json
from safespace.i18n import N_, _
from safespace.session.checks import checkup, exposure, tried_walls
from safespace.session.computer import Computer

_WIDTH: Final = 13


@click.command()
@click.option(
    "--walls",
    is_flag=True,
    help=N_("Try what the walls around models and documents keep out on this computer."),
)
@json_option
def doctor(walls: bool, as_json: bool) -> None:
    if not (_walls(as_json) if walls else _all(as_json)):
        raise click.exceptions.Exit(1)


def _all(as_json: bool) -> bool:
    found = [*checkup.findings(Computer.here()), *exposure.findings()]
    if as_json:
        show_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            sign = "✓" if finding.well else "✗" if finding.essential else "!"
            click.echo(f"{sign} {finding.id:{_WIDTH}} {finding.seen}")
            if finding.to_do:
                click.echo(f"  {'':{_WIDTH}} → {finding.to_do}")
    return not any(finding.essential and not finding.well for finding in found)


def _walls(as_json: bool) -> bool:
    cards = Computer.here().settings.get("assistant.graphics_card") == "on"
    reports = list(tried_walls.reports(cards=cards))
    if as_json:
        show_json(
            [
                {"process": one.process, **asdict(one.outcome), "held": one.outcome.held}
                for one in reports
            ]
        )
    else:
        for report in reports:
            _show(report)
    return all(report.outcome.held for report in reports)


def _show(report: tried_walls.Report) -> None:
    for one in report.outcome.tried:
        sign = "✗" if one.between else "✓" if one.without else "–"
        click.echo(f"  {sign} {_(tried_walls.WORDS[one.what])}")
    names = ", ".join(report.outcome.walls) or _("none")
    click.echo(f"{'✓' if report.outcome.held else '✗'} {report.said}")
    click.echo("  " + _("Walls: {names}.").format(names=names))
    if any(not one.without and not one.between for one in report.outcome.tried):
        click.echo("  " + _("– is what cannot be done here without walls either."))
