# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace doctor`: exit code 0 when all is well, 1 when something is missing."""

from dataclasses import asdict

import click

from safespace.cli.output import json_option, show_json
from safespace.session import checkup
from safespace.session.computer import Computer


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    found = list(checkup.findings(Computer.here()))
    if as_json:
        show_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            click.echo(f"{'✓' if finding.well else '✗'} {finding.id:8} {finding.seen}")
            if finding.to_do:
                click.echo(f"  {' ' * 8} → {finding.to_do}")
    if not all(finding.well for finding in found):
        raise click.exceptions.Exit(1)
