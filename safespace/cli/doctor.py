# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace doctor`: exit code 0 when all is well, 1 when something is missing."""

from dataclasses import asdict
from typing import Final

import click

from safespace.cli.output import json_option, show_json
from safespace.session.checks import checkup, exposure
from safespace.session.computer import Computer

_WIDTH: Final = 13


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    found = [*checkup.findings(Computer.here()), *exposure.findings()]
    if as_json:
        show_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            sign = "✓" if finding.well else "✗" if finding.essential else "!"
            click.echo(f"{sign} {finding.id:{_WIDTH}} {finding.seen}")
            if finding.to_do:
                click.echo(f"  {'':{_WIDTH}} → {finding.to_do}")
    if any(finding.essential and not finding.well for finding in found):
        raise click.exceptions.Exit(1)
